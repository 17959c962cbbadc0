// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IParties} from "./interfaces/IParties.sol";
import {Proof} from "./interfaces/ISigned.sol";
import {Roles} from "./libraries/Roles.sol";
import {Statements} from "./libraries/Statements.sol";
import {Keys} from "./Keys.sol";

/// @notice The registry of parties and their keys, what their devices watch, and whom they allow to record for them.
contract Parties is Keys {
    using Roles for uint16;

    mapping(address caller => bool) private _callers;
    mapping(uint32 party => mapping(uint32 agent => uint64)) private _delegations;
    mapping(bytes32 place => Watching[]) private _watches;
    // Position + 1 of a device's newest watch at a place, so that ending it costs the same however many there are.
    mapping(bytes32 place => mapping(bytes32 device => uint256)) private _newestWatch;

    constructor(address authority) AccessManaged(authority) EIP712("Plotline Parties", "1") {}

    /// @inheritdoc IParties
    function watch(Watch calldata watching, Proof calldata proof) external {
        bytes32 structHash = Statements.hash(watching);
        (uint32 by, ) = _own(watching.party, watching.key, watching.number, structHash, proof);
        bytes32 device = watching.device;
        require(_keys[device].roles.any(Roles.SENSOR), PartiesNotADevice(device));
        bytes32 owner = _ids[_keys[device].party];
        require(_answers(by, 0, owner), PartiesNotSponsor(owner, watching.party));

        (uint64 from, uint64 until) = (watching.from, watching.until);
        bool ended = _endWatch(watching.place, device, from);
        if (from < until) {
            _watches[watching.place].push(
                Watching(
                    device,
                    from,
                    until,
                    watching.interval,
                    uint64(block.timestamp),
                    watching.content
                )
            );
            _newestWatch[watching.place][device] = _watches[watching.place].length;
        } else {
            require(from == until && ended, PartiesBadPeriod(from, until));
        }
        emit Watched(
            watching.place,
            device,
            from,
            until,
            watching.interval,
            watching.party,
            watching.content
        );
    }

    /// @inheritdoc IParties
    function delegate(Delegation calldata delegation, Proof calldata proof) external {
        (bytes32 party, bytes32 key) = (delegation.party, delegation.key);
        bytes32 structHash = Statements.hash(delegation);
        (uint32 by, uint16 roles) = _own(party, key, delegation.number, structHash, proof);
        require(roles.any(Roles.FARMER), PartiesMayNotDelegate(key));
        uint32 agent = _parties[delegation.agent].index;
        require(agent != 0, PartiesUnknownParty(delegation.agent));
        // What was allowed stays known as allowed until now: a reader judges the past by it.
        uint256 known = Math.min(_delegations[by][agent], block.timestamp);
        uint64 until = uint64(Math.max(delegation.until, known));
        _delegations[by][agent] = until;
        emit Delegated(party, delegation.agent, until);
    }

    /// @inheritdoc IParties
    function admit(address caller, bool admitted) external restricted {
        _callers[caller] = admitted;
        emit CallerSet(caller, admitted);
    }

    /// @inheritdoc IParties
    function authorise(
        bytes32 party,
        bytes32 key,
        uint64 number
    ) external returns (uint32 index, uint16 roles, bool delegated) {
        require(_callers[msg.sender], PartiesNotACaller(msg.sender));
        (index, roles) = _spend(key, number);
        uint32 named = _parties[party].index;
        delegated = named != index;
        if (delegated) {
            require(_delegations[named][index] > block.timestamp, PartiesWrongParty(key, party));
        }
    }

    /// @inheritdoc IParties
    function admits(address caller) external view returns (bool) {
        return _callers[caller];
    }

    /// @inheritdoc IParties
    function watchesOf(
        bytes32[] calldata places,
        uint256 offset,
        uint256 limit
    ) external view returns (Watching[][] memory watches) {
        watches = new Watching[][](places.length);
        for (uint256 i = 0; i < places.length; ++i) {
            Watching[] storage all = _watches[places[i]];
            uint256 count = Math.min(limit, Math.saturatingSub(all.length, offset));
            watches[i] = new Watching[](count);
            for (uint256 j = 0; j < count; ++j) watches[i][j] = all[offset + j];
        }
    }

    /// @inheritdoc IParties
    function delegatedUntil(bytes32 party, bytes32 agent) external view returns (uint64) {
        return _delegations[_parties[party].index][_parties[agent].index];
    }

    /// @dev Ends the newest watch of `device` at `place` at `time`, but never in the past: what was promised till now stays.
    function _endWatch(bytes32 place, bytes32 device, uint64 time) private returns (bool ended) {
        uint256 position = _newestWatch[place][device];
        if (position == 0) return false;
        Watching storage open = _watches[place][position - 1];
        uint64 end = time < block.timestamp ? uint64(block.timestamp) : time;
        ended = end < open.until;
        if (ended) open.until = end;
    }
}
