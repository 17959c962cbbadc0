// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Proof} from "./ISigned.sol";

/// @notice Who may: parties, their P-256 keys with role and validity, the devices that watch a place, and who may record for whom.
/// A party is SHA-256 of its canonical URI; a key is SHA-256 of its uncompressed point (0x04 ‖ x ‖ y).
interface IParties {
    /// @notice A key, of a person's phone or of a device. Times are seconds since 1970; valid while from <= t < until.
    struct Key {
        bytes32 party;
        uint16 roles; // bits of Roles
        uint64 from;
        uint64 until;
        uint64 number; // the highest number it has used
        bytes32 content; // of its enrolment: SHA-256(JCS(document)), so that a reader can trust the party's name
    }

    /// @notice Enrols `subjectKey` for `subject`, signed by a key of `party` whose roles may grant `roles`.
    /// @dev A new subject is sponsored by `party`; only its sponsor or an authority enrols further keys for it.
    struct Enrolment {
        bytes32 party;
        bytes32 key;
        uint64 number;
        bytes32 subject;
        bytes32 subjectKey;
        uint16 roles;
        uint64 from;
        uint64 until;
        bytes32 content;
    }

    /// @notice Ends `subjectKey` at `until` (which may lie in the past, never later than before).
    struct KeyRevocation {
        bytes32 party;
        bytes32 key;
        uint64 number;
        bytes32 subjectKey;
        uint64 until;
        bytes32 content;
    }

    /// @notice `device` (a key with the device or the network server role) watches `place` and publishes at least every `interval` seconds.
    struct Watch {
        bytes32 party;
        bytes32 key;
        uint64 number;
        bytes32 device;
        bytes32 place;
        uint64 from;
        uint64 until;
        uint32 interval;
        bytes32 content;
    }

    /// @notice `party` allows `agent` to record in its name until `until`; an earlier time withdraws it as of now.
    struct Delegation {
        bytes32 party;
        bytes32 key;
        uint64 number;
        bytes32 agent;
        uint64 until;
    }

    /// @notice A watch as a reader sees it.
    struct Watching {
        bytes32 device;
        uint64 from;
        uint64 until;
        uint32 interval;
        bytes32 content; // of its watch: the limits that its owner signed
    }

    event KeyEnrolled(
        bytes32 indexed subject,
        bytes32 indexed key,
        uint16 roles,
        uint64 from,
        uint64 until,
        bytes32 by,
        bytes32 content
    );
    event KeyRevoked(
        bytes32 indexed subject,
        bytes32 indexed key,
        uint64 until,
        bytes32 by,
        bytes32 content
    );
    event Watched(
        bytes32 indexed place,
        bytes32 indexed device,
        uint64 from,
        uint64 until,
        uint32 interval,
        bytes32 by,
        bytes32 content
    );
    event Delegated(bytes32 indexed party, bytes32 indexed agent, uint64 until);
    event GrantsSet(uint8 indexed role, uint16 grants);
    event CallerSet(address indexed caller, bool admitted);

    error PartiesUnknownKey(bytes32 key);
    error PartiesKeyNotValid(bytes32 key, uint64 from, uint64 until, uint256 time);
    error PartiesWrongParty(bytes32 key, bytes32 party);
    error PartiesWrongPoint(bytes32 key);
    error PartiesBadSignature(bytes32 key, bytes32 digest);
    error PartiesNumberUsed(bytes32 key, uint64 number, uint64 last);
    error PartiesMayNotGrant(bytes32 key, uint16 roles);
    error PartiesNotSponsor(bytes32 subject, bytes32 party);
    error PartiesKeyTaken(bytes32 key);
    error PartiesMayNotRevoke(bytes32 key, bytes32 party);
    error PartiesBadPeriod(uint64 from, uint64 until);
    error PartiesNotADevice(bytes32 key);
    error PartiesMayNotDelegate(bytes32 key);
    error PartiesNotACaller(address sender);
    error PartiesIsADevice(bytes32 key);
    error PartiesBadRoles(uint16 roles);
    error PartiesUnknownParty(bytes32 party);

    /// @notice Governance enrols a founding key (an authority, a first cooperative).
    function found(
        bytes32 subject,
        bytes32 subjectKey,
        uint16 roles,
        uint64 from,
        uint64 until,
        bytes32 content
    ) external;

    /// @notice Governance says which roles (bits) a key with `role` (bit index) may grant.
    function setGrants(uint8 role, uint16 grants) external;

    function enrol(Enrolment calldata enrolment, Proof calldata proof) external;
    function revoke(KeyRevocation calldata revocation, Proof calldata proof) external;
    function watch(Watch calldata watching, Proof calldata proof) external;
    function delegate(Delegation calldata delegation, Proof calldata proof) external;

    /// @notice Governance names (or removes) a contract that may call `authorise`.
    function admit(address caller, bool admitted) external;

    /// @notice Spends `number` of `key` for a statement in the name of `party`; only for the contracts that governance named,
    /// which have judged the key's signature.
    /// @return index the dense index of the key's party, roles the key's roles, delegated whether the key's party acts for `party`.
    function authorise(
        bytes32 party,
        bytes32 key,
        uint64 number
    ) external returns (uint32 index, uint16 roles, bool delegated);

    function admits(address caller) external view returns (bool);
    function keysOf(bytes32[] calldata keys) external view returns (Key[] memory);
    function watchesOf(bytes32[] calldata places) external view returns (Watching[][] memory);
    function delegatedUntil(bytes32 party, bytes32 agent) external view returns (uint64);
    function indexOf(bytes32 party) external view returns (uint32);
    function partyAt(uint32 index) external view returns (bytes32);

    /// @notice Who answers for the party beside itself: whoever enrolled it first.
    function sponsorOf(bytes32 party) external view returns (bytes32);

    /// @notice The roles (bits) that a key with `role` (bit index) may grant.
    function grantsOf(uint8 role) external view returns (uint16);
}
