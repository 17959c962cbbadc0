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
        uint64 taken; // block time: from then on it was promised, whatever `from` says
        bytes32 content; // of its watch: the limits that its owner signed
    }

    /// @notice The party `by` (its own self if governance founded it) gave `key` to `subject`.
    event KeyEnrolled(
        bytes32 indexed subject,
        bytes32 indexed key,
        uint16 roles,
        uint64 from,
        uint64 until,
        bytes32 by,
        bytes32 content
    );
    /// @notice `key` ends at `until`, by the party `by`.
    event KeyRevoked(
        bytes32 indexed subject,
        bytes32 indexed key,
        uint64 until,
        bytes32 by,
        bytes32 content
    );
    /// @notice What `device` watches from now on, by the party `by`; `from` = `until`: the watch before it ends there.
    event Watched(
        bytes32 indexed place,
        bytes32 indexed device,
        uint64 from,
        uint64 until,
        uint32 interval,
        bytes32 by,
        bytes32 content
    );
    /// @notice `agent` may record for `party` until `until`.
    event Delegated(bytes32 indexed party, bytes32 indexed agent, uint64 until);
    /// @notice Keys with `role` (bit index) grant the roles `grants` (bits) from now on.
    event GrantsSet(uint8 indexed role, uint16 grants);
    /// @notice `caller` may spend keys' numbers from now on, or no longer.
    event CallerSet(address indexed caller, bool admitted);

    /// @notice Nobody enrolled `key`.
    error PartiesUnknownKey(bytes32 key);
    /// @notice At `time`, the block's, `key` is not yet or no longer valid.
    error PartiesKeyNotValid(bytes32 key, uint64 from, uint64 until, uint256 time);
    /// @notice `key` is neither of `party` nor of an agent that it allows now.
    error PartiesWrongParty(bytes32 key, bytes32 party);
    /// @notice The point of the proof is not the one that `key` names.
    error PartiesWrongPoint(bytes32 key);
    /// @notice `key` did not sign `digest`, or with a high s.
    error PartiesBadSignature(bytes32 key, bytes32 digest);
    /// @notice `number` is not above `last`, the highest that `key` has used.
    error PartiesNumberUsed(bytes32 key, uint64 number, uint64 last);
    /// @notice `key` may not grant all of `roles`.
    error PartiesMayNotGrant(bytes32 key, uint16 roles);
    /// @notice `party` does not answer for `subject`.
    error PartiesNotSponsor(bytes32 subject, bytes32 party);
    /// @notice A key is enrolled once, for one party.
    error PartiesKeyTaken(bytes32 key);
    /// @notice `party` does not answer for the party of `key`.
    error PartiesMayNotRevoke(bytes32 key, bytes32 party);
    /// @notice Nothing ends before it begins, a key's end only moves forward, and only an open watch ends.
    error PartiesBadPeriod(uint64 from, uint64 until);
    /// @notice `key` is not a device's.
    error PartiesNotADevice(bytes32 key);
    /// @notice Only a farmer's key lets others record.
    error PartiesMayNotDelegate(bytes32 key);
    /// @notice `sender` is no contract that governance admitted.
    error PartiesNotACaller(address sender);
    /// @notice A device signs no statement.
    error PartiesIsADevice(bytes32 key);
    /// @notice No key may carry `roles` together.
    error PartiesBadRoles(uint16 roles);
    /// @notice `party` is not enrolled.
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

    /// @notice Takes an enrolment.
    function enrol(Enrolment calldata enrolment, Proof calldata proof) external;
    /// @notice Takes the end of a key. It never comes back.
    function revoke(KeyRevocation calldata revocation, Proof calldata proof) external;
    /// @notice Takes a watch by the device's party or its sponsor. It ends the watch before it, but never in the past.
    function watch(Watch calldata watching, Proof calldata proof) external;
    /// @notice Takes a delegation by a farmer's key.
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

    /// @notice Whether `caller` may call `authorise`.
    function admits(address caller) external view returns (bool);
    /// @notice What is known of each key, in the same order; zeros: of an unknown one.
    function keysOf(bytes32[] calldata keys) external view returns (Key[] memory);
    /// @notice The watches that each place ever had, oldest first: of each at most `limit`, from the one at `offset` on.
    /// A place has as many as people register, so a reader asks until fewer come than he asked for.
    function watchesOf(
        bytes32[] calldata places,
        uint256 offset,
        uint256 limit
    ) external view returns (Watching[][] memory);
    /// @notice Until when `agent` may, or might, record for `party`; 0: never allowed.
    function delegatedUntil(bytes32 party, bytes32 agent) external view returns (uint64);
    /// @notice The dense index by which contracts name `party`; 0: nobody.
    function indexOf(bytes32 party) external view returns (uint32);
    /// @notice The party of a dense index.
    function partyAt(uint32 index) external view returns (bytes32);

    /// @notice Who answers for each party beside itself: whoever enrolled it first.
    function sponsorsOf(bytes32[] calldata parties) external view returns (bytes32[] memory);

    /// @notice The roles (bits) that a key with `role` (bit index) may grant.
    function grantsOf(uint8 role) external view returns (uint16);
}
