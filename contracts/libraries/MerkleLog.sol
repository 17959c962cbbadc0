// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The Merkle tree of RFC 9162, section 2.1, over SHA-256: what roots a proof leads to.
/// @dev Each function computes what the proof claims; the caller compares. A proof of the wrong length yields `fits` false.
library MerkleLog {
    /// @notice The roots of `older` and `newer` leaves that a consistency proof leads to (RFC 9162, 2.1.4.2).
    /// @dev Requires 0 < older < newer. `root` is the older root as the reader knows it.
    function rootsFromConsistency(
        uint256 older,
        uint256 newer,
        bytes32 root,
        bytes32[] calldata proof
    ) internal view returns (bytes32 olderRoot, bytes32 newerRoot, bool fits) {
        (uint256 first, uint256 second) = (older - 1, newer - 1);
        while (first & 1 == 1) (first, second) = (first >> 1, second >> 1);

        // A complete older tree is a node of the newer one, and the proof leaves it out.
        uint256 next = first == 0 ? 0 : 1;
        if (proof.length < next) return (0, 0, false);
        olderRoot = first == 0 ? root : proof[0];
        newerRoot = olderRoot;

        for (; next < proof.length; ++next) {
            if (second == 0) return (0, 0, false);
            bytes32 node = proof[next];
            if (first & 1 == 1 || first == second) {
                olderRoot = hashNode(node, olderRoot);
                newerRoot = hashNode(node, newerRoot);
                while (first & 1 == 0) (first, second) = (first >> 1, second >> 1); // not 0 here
            } else {
                newerRoot = hashNode(newerRoot, node);
            }
            (first, second) = (first >> 1, second >> 1);
        }
        fits = second == 0;
    }

    /// @notice The root of `size` leaves that an inclusion proof of `leaf` at `index` leads to (RFC 9162, 2.1.3.2).
    /// @dev Requires index < size.
    function rootFromInclusion(
        bytes32 leaf,
        uint256 index,
        uint256 size,
        bytes32[] calldata proof
    ) internal view returns (bytes32 root, bool fits) {
        uint256 last = size - 1;
        root = leaf;
        for (uint256 next = 0; next < proof.length; ++next) {
            if (last == 0) return (0, false);
            bytes32 node = proof[next];
            if (index & 1 == 1 || index == last) {
                root = hashNode(node, root);
                while (index & 1 == 0) (index, last) = (index >> 1, last >> 1); // not 0 here
            } else {
                root = hashNode(root, node);
            }
            (index, last) = (index >> 1, last >> 1);
        }
        fits = last == 0;
    }

    /// @notice HASH(0x01 ‖ left ‖ right) (RFC 9162, 2.1.1).
    function hashNode(bytes32 left, bytes32 right) internal view returns (bytes32 node) {
        // The contracts' only assembly: with `sha256(abi.encodePacked(…))` a million-leaf anchor costs 5,000 gas more
        // than its budget. It writes past the free memory pointer and moves nothing; the precompile fails only for gas.
        bool done;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 0x01)
            mstore(add(free, 0x01), left)
            mstore(add(free, 0x21), right)
            done := staticcall(gas(), 0x02, free, 0x41, 0x00, 0x20)
            node := mload(0x00)
        }
        assert(done);
    }
}
