// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ILots} from "../../contracts/interfaces/ILots.sol";
import {Roles} from "../../contracts/libraries/Roles.sol";
import {Shapes} from "../../contracts/libraries/Shapes.sol";
import {Test} from "./Test.sol";

/// @notice The tables of Shapes against the rules spelled out kind by kind.
contract ShapesTest is Test {
    function kindOf(ILots.Operation calldata operation) external pure returns (ILots.Kind) {
        return Shapes.kindOf(operation, operation.inputs, operation.outputs);
    }

    function _fits(ILots.Operation memory told) private pure returns (bool) {
        if (told.kind == 0 || told.kind > 10) return false;
        ILots.Kind kind = ILots.Kind(told.kind);
        bool harvest = kind == ILots.Kind.Harvest;
        bool makes = harvest || kind == ILots.Kind.Intake;
        bool certify = kind == ILots.Kind.Certify;
        if ((told.certificate != 0) != (harvest || certify)) return false;
        if (kind != ILots.Kind.HandOver)
            if ((told.counterparty != 0) != (kind == ILots.Kind.TakeOver)) return false;
        if (told.area != 0 && kind != ILots.Kind.Intake) return false;
        if (told.segregated && !harvest) return false;
        (uint256 inputs, uint256 outputs) = (told.inputs.length, told.outputs.length);
        if (makes) return inputs == 0 && outputs == 1;
        if (kind == ILots.Kind.Process) return inputs > 0 && outputs > 0 && told.inputs[0].mass > 0;
        if (inputs != 1 || outputs != 0) return false;
        bool speaks =
            kind == ILots.Kind.Note || kind == ILots.Kind.Recall || kind == ILots.Kind.Lift;
        return (told.inputs[0].mass == 0) == speaks;
    }

    /// @dev Every bit of `seed` is one thing that an operation may have; the mass is any.
    function testFuzz_AnOperationHasWhatItsKindNeedsAndNothingElse(
        uint8 kind,
        uint16 seed,
        uint64 mass
    ) public view {
        ILots.Operation memory told;
        told.kind = uint8(bound(kind, 0, 12));
        told.inputs = new ILots.Portion[](seed & 3);
        told.outputs = new ILots.Portion[]((seed >> 2) & 3);
        if (told.inputs.length > 0 && seed & 16 != 0) told.inputs[0].mass = mass;
        if (seed & 32 != 0) told.certificate = "certificate";
        if (seed & 64 != 0) told.counterparty = "party";
        if (seed & 128 != 0) told.area = "VN-58";
        told.segregated = seed & 256 != 0;
        try this.kindOf(told) returns (ILots.Kind found) {
            require(_fits(told) && uint8(found) == told.kind, "took a bad shape");
        } catch (bytes memory reason) {
            bytes memory wanted = abi.encodeWithSelector(ILots.LotsBadShape.selector, told.kind);
            require(!_fits(told), "refused a good shape");
            require(keccak256(reason) == keccak256(wanted), "another reason");
        }
    }

    function _may(ILots.Kind kind, uint16 roles, bool delegated) private pure returns (bool) {
        uint16 trade = Roles.PROCESSOR | Roles.EXPORTER | Roles.COOPERATIVE;
        if (delegated) {
            if (roles & (Roles.FARMER | Roles.COOPERATIVE) == 0) return false;
            return
                kind == ILots.Kind.Harvest ||
                kind == ILots.Kind.HandOver ||
                kind == ILots.Kind.Note;
        }
        if (kind == ILots.Kind.Harvest) return roles & Roles.FARMER != 0;
        if (kind == ILots.Kind.Intake || kind == ILots.Kind.Process) return roles & trade != 0;
        if (kind == ILots.Kind.Lift) return roles & Roles.AUTHORITY != 0;
        return roles & Roles.PERSON != 0;
    }

    function test_EveryRoleMayDoWhatItMayAndNothingElse() public pure {
        for (uint8 kind = 1; kind <= 10; ++kind) {
            for (uint16 roles = 0; roles < 128; ++roles) {
                ILots.Kind k = ILots.Kind(kind);
                require(Shapes.allowed(k, roles, false) == _may(k, roles, false), "own");
                require(Shapes.allowed(k, roles, true) == _may(k, roles, true), "agent");
            }
        }
    }
}
