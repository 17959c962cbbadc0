// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The newest checkpoint of every log, and proof that no log ever rewrote its history (RFC 9162, 2.1.4).
/// A log is SHA-256 of its checkpoint origin line.
interface ICheckpoints {
    /// @notice What a reader sees; size 0: nothing was anchored yet.
    struct Checkpoint {
        bytes32 root;
        uint64 size;
        uint64 time; // block time of the anchor
        address operator;
    }

    /// @notice `operator` alone may anchor `log` from now on; its history stays.
    event LogOpened(bytes32 indexed log, address indexed operator);
    /// @notice `log` has `size` leaves under `root`, and every earlier checkpoint is a prefix of it.
    event Anchored(bytes32 indexed log, uint64 indexed size, bytes32 root);

    /// @notice `sender` may not anchor `log`.
    error CheckpointsNotOperator(bytes32 log, address sender);
    /// @notice A log only grows: `size` is not above `newest`.
    error CheckpointsNotNewer(bytes32 log, uint64 size, uint64 newest);
    /// @notice The proof does not lead from the newest root to the root of `size` leaves.
    error CheckpointsHistoryRewritten(bytes32 log, uint64 size);
    /// @notice No proof between these sizes has `length` hashes.
    error CheckpointsBadProof(uint256 length);

    /// @notice Governance names (or replaces) the account that may anchor `log`.
    function open(bytes32 log, address operator) external;

    /// @notice Replaces the newest checkpoint, given the consistency proof from it.
    function anchor(bytes32 log, uint64 size, bytes32 root, bytes32[] calldata proof) external;

    /// @notice Whether `leaf` (its hash, RFC 9162, 2.1.1) is entry `index` of the log's newest checkpoint.
    function includes(
        bytes32 log,
        bytes32 leaf,
        uint64 index,
        bytes32[] calldata proof
    ) external view returns (bool);

    /// @notice The newest checkpoint of `log`.
    function latest(bytes32 log) external view returns (Checkpoint memory);
}
