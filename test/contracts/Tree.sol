// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice RFC 9162, 2.1, as it is written there: slow and obviously right.
library Tree {
    function root(
        bytes32[] memory leaves,
        uint256 from,
        uint256 to
    ) internal pure returns (bytes32) {
        if (to - from == 1) return leaves[from];
        uint256 k = split(to - from);
        return node(root(leaves, from, from + k), root(leaves, from + k, to));
    }

    /// @notice PATH(index, D[size]), 2.1.3.1.
    function inclusion(
        bytes32[] memory leaves,
        uint256 index,
        uint256 size
    ) internal pure returns (bytes32[] memory) {
        return _path(leaves, index, 0, size);
    }

    /// @notice PROOF(older, D[newer]), 2.1.4.1.
    function consistency(
        bytes32[] memory leaves,
        uint256 older,
        uint256 newer
    ) internal pure returns (bytes32[] memory) {
        return _subproof(leaves, older, 0, newer, true);
    }

    function split(uint256 size) internal pure returns (uint256 k) {
        for (k = 1; k * 2 < size; k *= 2) {}
    }

    function node(bytes32 left, bytes32 right) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x01), left, right));
    }

    function _path(
        bytes32[] memory leaves,
        uint256 index,
        uint256 from,
        uint256 to
    ) private pure returns (bytes32[] memory) {
        if (to - from == 1) return new bytes32[](0);
        uint256 k = from + split(to - from);
        return
            index < k
                ? _and(_path(leaves, index, from, k), root(leaves, k, to))
                : _and(_path(leaves, index, k, to), root(leaves, from, k));
    }

    function _subproof(
        bytes32[] memory leaves,
        uint256 older,
        uint256 from,
        uint256 to,
        bool known
    ) private pure returns (bytes32[] memory) {
        if (older == to) {
            bytes32[] memory none;
            return known ? none : _and(none, root(leaves, from, to));
        }
        uint256 k = from + split(to - from);
        return
            older <= k
                ? _and(_subproof(leaves, older, from, k, known), root(leaves, k, to))
                : _and(_subproof(leaves, older, k, to, false), root(leaves, from, k));
    }

    function _and(
        bytes32[] memory proof,
        bytes32 hash
    ) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](proof.length + 1);
        for (uint256 i = 0; i < proof.length; ++i) longer[i] = proof[i];
        longer[proof.length] = hash;
    }
}
