// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ILots} from "../interfaces/ILots.sol";
import {Roles} from "./Roles.sol";

/// @notice What an operation of each kind must look like, and who may sign it; nothing here depends on a lot.
library Shapes {
    using Roles for uint16;

    /// @notice The operation's kind. Refuses members that the kind does not use, and lots that it lacks.
    function kindOf(ILots.Operation calldata operation) internal pure returns (ILots.Kind kind) {
        require(
            operation.kind > 0 && operation.kind <= uint8(ILots.Kind.Retire),
            ILots.LotsBadShape(operation.kind)
        );
        kind = ILots.Kind(operation.kind);
        require(
            _lotsFit(kind, operation) && _membersFit(kind, operation),
            ILots.LotsBadShape(operation.kind)
        );
    }

    /// @notice Whether a key with `roles` may sign `kind`, for its own party or, if `delegated`, for one that allowed it.
    function allowed(ILots.Kind kind, uint16 roles, bool delegated) internal pure returns (bool) {
        if (delegated)
            return
                roles.any(Roles.FARMER | Roles.COOPERATIVE) &&
                (kind == ILots.Kind.Harvest ||
                    kind == ILots.Kind.HandOver ||
                    kind == ILots.Kind.Note);
        if (kind == ILots.Kind.Harvest) return roles.any(Roles.FARMER);
        if (kind == ILots.Kind.Intake || kind == ILots.Kind.Process)
            return roles.any(Roles.PROCESSOR | Roles.EXPORTER | Roles.COOPERATIVE);
        return kind != ILots.Kind.Lift || roles.any(Roles.AUTHORITY);
    }

    /// @notice Whether `kind` says something of a lot and not of an amount of it.
    function speaks(ILots.Kind kind) internal pure returns (bool) {
        return kind == ILots.Kind.Note || kind == ILots.Kind.Recall || kind == ILots.Kind.Lift;
    }

    function _lotsFit(
        ILots.Kind kind,
        ILots.Operation calldata operation
    ) private pure returns (bool) {
        ILots.Portion[] calldata inputs = operation.inputs;
        ILots.Portion[] calldata outputs = operation.outputs;
        bool makes = kind == ILots.Kind.Harvest || kind == ILots.Kind.Intake;
        bool counts =
            kind == ILots.Kind.Process
                ? inputs.length > 0 && outputs.length > 0
                : inputs.length == (makes ? 0 : 1) && outputs.length == (makes ? 1 : 0);
        return counts && _weighed(inputs, !speaks(kind)) && _weighed(outputs, true);
    }

    function _weighed(ILots.Portion[] calldata portions, bool weighed) private pure returns (bool) {
        for (uint256 i = 0; i < portions.length; ++i) {
            if ((portions[i].mass > 0) != weighed) return false;
            // Twice in one operation, a lot would be drawn on by more than what its balance was compared with.
            for (uint256 j = 0; j < i; ++j) if (portions[j].lot == portions[i].lot) return false;
        }
        return true;
    }

    function _membersFit(
        ILots.Kind kind,
        ILots.Operation calldata operation
    ) private pure returns (bool) {
        bool harvest = kind == ILots.Kind.Harvest;
        bool given = operation.counterparty != 0;
        return
            (operation.certificate != 0) == (harvest || kind == ILots.Kind.Certify) &&
            (kind == ILots.Kind.HandOver || given == (kind == ILots.Kind.TakeOver)) &&
            (kind == ILots.Kind.Intake || operation.area == 0) &&
            (harvest || !operation.segregated);
    }
}
