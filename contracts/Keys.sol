// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IParties} from "./interfaces/IParties.sol";
import {Proof} from "./interfaces/ISigned.sol";
import {Roles} from "./libraries/Roles.sol";
import {Statements} from "./libraries/Statements.sol";
import {Signed} from "./Signed.sol";

/// @notice The keys of Parties: who enrols them, who ends them, and whether one signed.
abstract contract Keys is IParties, AccessManaged, Signed {
    using Roles for uint16;

    /// @dev One slot, because every statement reads and writes it.
    struct KeySlot {
        uint64 number;
        uint64 from;
        uint64 until;
        uint32 party;
        uint16 roles;
    }

    struct Party {
        uint32 index;
        uint32 sponsor;
    }

    mapping(bytes32 key => KeySlot) internal _keys;
    mapping(bytes32 key => bytes32) private _contents; // apart, because no statement reads it
    mapping(bytes32 party => Party) internal _parties;
    bytes32[] internal _ids; // by dense index; 0 is nobody
    mapping(uint8 role => uint16) private _grants;

    constructor() {
        _ids.push(0);
    }

    /// @inheritdoc IParties
    function found(
        bytes32 subject,
        bytes32 subjectKey,
        uint16 roles,
        uint64 from,
        uint64 until,
        bytes32 content
    ) external restricted {
        uint32 index = _indexed(subject);
        _parties[subject].sponsor = index;
        _add(subjectKey, KeySlot(0, from, until, index, roles), content);
        emit KeyEnrolled(subject, subjectKey, roles, from, until, subject, content);
    }

    /// @inheritdoc IParties
    function setGrants(uint8 role, uint16 grants) external restricted {
        _grants[role] = grants;
        emit GrantsSet(role, grants);
    }

    /// @inheritdoc IParties
    function enrol(Enrolment calldata enrolment, Proof calldata proof) external {
        (bytes32 party, bytes32 key) = (enrolment.party, enrolment.key);
        bytes32 structHash = Statements.hash(enrolment);
        (uint32 by, uint16 roles) = _own(party, key, enrolment.number, structHash, proof);
        require(
            enrolment.roles & ~_grantable(roles) == 0,
            PartiesMayNotGrant(key, enrolment.roles)
        );
        bytes32 subject = enrolment.subject;
        uint32 index = _indexed(subject);
        if (_parties[subject].sponsor == 0) _parties[subject].sponsor = by;
        require(_answers(by, roles, subject), PartiesNotSponsor(subject, party));
        _add(
            enrolment.subjectKey,
            KeySlot(0, enrolment.from, enrolment.until, index, enrolment.roles),
            enrolment.content
        );
        emit KeyEnrolled(
            subject,
            enrolment.subjectKey,
            enrolment.roles,
            enrolment.from,
            enrolment.until,
            party,
            enrolment.content
        );
    }

    /// @inheritdoc IParties
    function revoke(KeyRevocation calldata revocation, Proof calldata proof) external {
        bytes32 structHash = Statements.hash(revocation);
        (bytes32 party, bytes32 subjectKey) = (revocation.party, revocation.subjectKey);
        (uint32 by, uint16 roles) = _own(
            party,
            revocation.key,
            revocation.number,
            structHash,
            proof
        );
        KeySlot storage slot = _keys[subjectKey];
        bytes32 subject = _ids[slot.party];
        require(subject != 0, PartiesUnknownKey(subjectKey));
        require(_answers(by, roles, subject), PartiesMayNotRevoke(subjectKey, party));
        (uint64 until, uint64 before) = (revocation.until, slot.until);
        require(until < before, PartiesBadPeriod(until, before));
        slot.until = until;
        emit KeyRevoked(subject, subjectKey, until, party, revocation.content);
    }

    /// @inheritdoc IParties
    function keysOf(bytes32[] calldata keys) external view returns (Key[] memory views) {
        views = new Key[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            KeySlot memory slot = _keys[keys[i]];
            (bytes32 party, bytes32 content) = (_ids[slot.party], _contents[keys[i]]);
            views[i] = Key(party, slot.roles, slot.from, slot.until, slot.number, content);
        }
    }

    /// @inheritdoc IParties
    function indexOf(bytes32 party) external view returns (uint32) {
        return _parties[party].index;
    }

    /// @inheritdoc IParties
    function partyAt(uint32 index) external view returns (bytes32) {
        return _ids[index];
    }

    /// @inheritdoc IParties
    function sponsorsOf(bytes32[] calldata parties) external view returns (bytes32[] memory views) {
        views = new bytes32[](parties.length);
        for (uint256 i = 0; i < parties.length; ++i) {
            views[i] = _ids[_parties[parties[i]].sponsor];
        }
    }

    /// @inheritdoc IParties
    function grantsOf(uint8 role) external view returns (uint16) {
        return _grants[role];
    }

    /// @dev Spends `number` of a key of `party` itself for a struct of this contract.
    function _own(
        bytes32 party,
        bytes32 key,
        uint64 number,
        bytes32 structHash,
        Proof calldata proof
    ) internal returns (uint32 index, uint16 roles) {
        _signed(key, structHash, proof);
        (index, roles) = _spend(key, number);
        require(_parties[party].index == index, PartiesWrongParty(key, party));
    }

    /// @dev Spends `number` of `key`, which must be a person's and valid now. Its signature was judged before.
    function _spend(bytes32 key, uint64 number) internal returns (uint32 index, uint16 roles) {
        KeySlot storage slot = _keys[key];
        (index, roles) = (slot.party, slot.roles);
        require(index != 0, PartiesUnknownKey(key));
        require(!roles.any(Roles.SENSOR), PartiesIsADevice(key));
        (uint64 from, uint64 until, uint64 last) = (slot.from, slot.until, slot.number);
        require(
            from <= block.timestamp && block.timestamp < until,
            PartiesKeyNotValid(key, from, until, block.timestamp)
        );
        require(number > last, PartiesNumberUsed(key, number, last));
        slot.number = number;
    }

    /// @dev Whether party `by`, signing with `roles`, answers for the keys of `subject`.
    function _answers(uint32 by, uint16 roles, bytes32 subject) internal view returns (bool) {
        Party memory party = _parties[subject];
        return by == party.index || by == party.sponsor || roles.any(Roles.AUTHORITY);
    }

    function _indexed(bytes32 party) private returns (uint32 index) {
        require(party != 0, PartiesUnknownParty(party));
        index = _parties[party].index;
        if (index != 0) return index;
        index = SafeCast.toUint32(_ids.length);
        _parties[party].index = index;
        _ids.push(party);
    }

    function _add(bytes32 key, KeySlot memory slot, bytes32 content) private {
        require(slot.roles.valid(), PartiesBadRoles(slot.roles));
        require(slot.from < slot.until, PartiesBadPeriod(slot.from, slot.until));
        require(_keys[key].party == 0, PartiesKeyTaken(key));
        (_keys[key], _contents[key]) = (slot, content);
    }

    /// @dev Every role that a key with `roles` may grant.
    function _grantable(uint16 roles) private view returns (uint16 grants) {
        for (uint8 role = 0; role < Roles.PERSONS; ++role) {
            if (roles.any(uint16(1 << role))) grants |= _grants[role];
        }
    }
}
