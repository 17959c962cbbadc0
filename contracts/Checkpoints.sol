// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ICheckpoints} from "./interfaces/ICheckpoints.sol";
import {MerkleLog} from "./libraries/MerkleLog.sol";

/// @notice Keeps every log's newest checkpoint and refuses any that rewrites history.
contract Checkpoints is ICheckpoints, AccessManaged {
    struct Newest {
        bytes32 root;
        uint48 size;
        uint48 time;
        address operator;
    }

    mapping(bytes32 log => Newest) private _newest;

    constructor(address authority) AccessManaged(authority) {}

    /// @inheritdoc ICheckpoints
    function open(bytes32 log, address operator) external restricted {
        _newest[log].operator = operator;
        emit LogOpened(log, operator);
    }

    /// @inheritdoc ICheckpoints
    function anchor(bytes32 log, uint64 size, bytes32 root, bytes32[] calldata proof) external {
        Newest memory newest = _newest[log];
        require(msg.sender == newest.operator, CheckpointsNotOperator(log, msg.sender));
        require(size > newest.size, CheckpointsNotNewer(log, size, newest.size));
        if (newest.size == 0) {
            require(proof.length == 0, CheckpointsBadProof(proof.length));
        } else {
            (bytes32 older, bytes32 newer, bool fits) = MerkleLog.rootsFromConsistency(
                newest.size,
                size,
                newest.root,
                proof
            );
            require(fits, CheckpointsBadProof(proof.length));
            require(older == newest.root && newer == root, CheckpointsHistoryRewritten(log, size));
        }
        _newest[log] = Newest({
            root: root,
            size: SafeCast.toUint48(size),
            time: SafeCast.toUint48(block.timestamp),
            operator: newest.operator
        });
        emit Anchored(log, size, root);
    }

    /// @inheritdoc ICheckpoints
    function latest(bytes32 log) external view returns (Checkpoint memory) {
        Newest memory newest = _newest[log];
        return Checkpoint(newest.root, newest.size, newest.time, newest.operator);
    }

    /// @inheritdoc ICheckpoints
    function includes(
        bytes32 log,
        bytes32 leaf,
        uint64 index,
        bytes32[] calldata proof
    ) external view returns (bool) {
        Newest memory newest = _newest[log];
        if (index >= newest.size) return false;
        (bytes32 root, bool fits) = MerkleLog.rootFromInclusion(leaf, index, newest.size, proof);
        return fits && root == newest.root;
    }
}
