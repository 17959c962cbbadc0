// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ICheckpoints} from "../../contracts/interfaces/ICheckpoints.sol";
import {Test} from "./Test.sol";
import {Tree} from "./Tree.sol";

contract CheckpointsTest is Test {
    bytes32 private constant LOG = "log";
    uint256 private constant LEAVES = 70;

    ICheckpoints private _log;
    bytes32[] private _leaves;

    function setUp() public {
        address manager = _deploy("AccessManager", abi.encode(address(this)));
        _log = ICheckpoints(_deploy("Checkpoints", abi.encode(manager)));
        _log.open(LOG, address(this));
        for (uint256 i = 0; i < LEAVES; ++i) {
            _leaves.push(sha256(abi.encodePacked(bytes1(0), i)));
        }
    }

    function _anchor(uint256 size) private {
        _log.anchor(LOG, uint64(size), Tree.root(_leaves, 0, size), new bytes32[](0));
    }

    function _badProof(uint256 length) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ICheckpoints.CheckpointsBadProof.selector, length);
    }

    function _rewritten(uint256 size) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ICheckpoints.CheckpointsHistoryRewritten.selector, LOG, size);
    }

    function testFuzz_ALogGrowsByItsProofAndByNoOther(
        uint256 older,
        uint256 newer,
        uint256 place,
        uint256 bit
    ) public {
        older = bound(older, 1, LEAVES - 1);
        newer = bound(newer, older + 1, LEAVES);
        _anchor(older);
        bytes32[] memory proof = Tree.consistency(_leaves, older, newer);
        bytes32 root = Tree.root(_leaves, 0, newer);

        vm.expectRevert(_rewritten(newer));
        _log.anchor(LOG, uint64(newer), root ^ bytes32(1 << (bit % 256)), proof);
        if (proof.length > 0) {
            place = place % proof.length;
            proof[place] ^= bytes32(1 << (bit % 256));
            vm.expectRevert(_rewritten(newer));
            _log.anchor(LOG, uint64(newer), root, proof);
            proof[place] ^= bytes32(1 << (bit % 256));
        }
        bytes32[] memory longer = new bytes32[](proof.length + 1);
        bytes32[] memory shorter = new bytes32[](proof.length == 0 ? 0 : proof.length - 1);
        for (uint256 i = 0; i < proof.length; ++i) {
            longer[i] = proof[i];
            if (i < shorter.length) shorter[i] = proof[i];
        }
        vm.expectRevert(_badProof(longer.length));
        _log.anchor(LOG, uint64(newer), root, longer);
        vm.expectRevert(_badProof(shorter.length));
        _log.anchor(LOG, uint64(newer), root, shorter);

        vm.warp(77);
        _log.anchor(LOG, uint64(newer), root, proof);
        ICheckpoints.Checkpoint memory newest = _log.latest(LOG);
        require(newest.root == root && newest.size == newer, "not anchored");
        require(newest.time == 77 && newest.operator == address(this), "not its anchor");
    }

    function testFuzz_AnotherHistoryIsNoGrowthThoughItsOwnProofHolds(
        uint256 older,
        uint256 newer,
        uint256 place
    ) public {
        older = bound(older, 1, LEAVES - 1);
        newer = bound(newer, older + 1, LEAVES);
        _anchor(older);
        bytes32[] memory leaves = _leaves;
        leaves[place % older] ^= bytes32(uint256(1));
        bytes32[] memory proof = Tree.consistency(leaves, older, newer);
        bytes32 root = Tree.root(leaves, 0, newer);
        vm.expectRevert(_rewritten(newer));
        _log.anchor(LOG, uint64(newer), root, proof);
    }

    function test_EverySizeGrowsToEveryLarger() public {
        uint256 most = 17;
        for (uint256 older = 1; older < most; ++older) {
            for (uint256 newer = older + 1; newer <= most; ++newer) {
                bytes32 log = keccak256(abi.encode(older, newer));
                _log.open(log, address(this));
                bytes32 root = Tree.root(_leaves, 0, older);
                _log.anchor(log, uint64(older), root, new bytes32[](0));
                bytes32[] memory proof = Tree.consistency(_leaves, older, newer);
                root = Tree.root(_leaves, 0, newer);
                _log.anchor(log, uint64(newer), root, proof);
                require(_log.latest(log).size == newer, "not grown");
            }
        }
    }

    function test_ALogNeverShrinksNorStaysNorStartsWithAProof() public {
        bytes32[] memory none = new bytes32[](0);
        bytes4 notNewer = ICheckpoints.CheckpointsNotNewer.selector;
        vm.expectRevert(abi.encodeWithSelector(notNewer, LOG, 0, 0));
        _log.anchor(LOG, 0, "root", none);
        vm.expectRevert(_badProof(1));
        _log.anchor(LOG, 5, "root", new bytes32[](1));
        _anchor(5);
        (bytes32 same, bytes32 less) = (Tree.root(_leaves, 0, 5), Tree.root(_leaves, 0, 4));
        vm.expectRevert(_badProof(0)); // an older tree that is no node of the newer one needs a proof
        _log.anchor(LOG, 6, "root", none);
        vm.expectRevert(abi.encodeWithSelector(notNewer, LOG, 5, 5));
        _log.anchor(LOG, 5, same, none);
        vm.expectRevert(abi.encodeWithSelector(notNewer, LOG, 4, 5));
        _log.anchor(LOG, 4, less, none);
    }

    function test_OnlyItsOperatorAnchorsALogAndOnlyGovernanceNamesOne() public {
        bytes32[] memory none = new bytes32[](0);
        bytes4 notOperator = ICheckpoints.CheckpointsNotOperator.selector;
        vm.expectRevert(abi.encodeWithSelector(notOperator, bytes32("other"), address(this)));
        _log.anchor("other", 1, "root", none);
        vm.prank(address(1));
        vm.expectRevert(abi.encodeWithSelector(notOperator, LOG, address(1)));
        _log.anchor(LOG, 1, "root", none);
        vm.prank(address(1));
        vm.expectRevert(
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(1))
        );
        _log.open("other", address(1));
        _anchor(5);
        _log.open(LOG, address(1));
        require(_log.latest(LOG).size == 5, "history lost");
        vm.expectRevert(abi.encodeWithSelector(notOperator, LOG, address(this)));
        _log.anchor(LOG, 6, "root", none);
    }

    function testFuzz_AnEntryIsIncludedWhereItIsAndNowhereElse(
        uint256 size,
        uint256 index,
        uint256 other
    ) public {
        size = bound(size, 1, LEAVES);
        index = bound(index, 0, size - 1);
        other = bound(other, 0, LEAVES);
        _anchor(size);
        bytes32[] memory proof = Tree.inclusion(_leaves, index, size);
        bytes32 leaf = _leaves[index];
        require(_log.includes(LOG, leaf, uint64(index), proof), "not included");
        if (other != index) {
            require(!_log.includes(LOG, leaf, uint64(other), proof), "elsewhere");
        }
        require(!_log.includes(LOG, leaf ^ bytes32(uint256(1)), uint64(index), proof), "other");
        if (size > 1) {
            bytes32 whole = _log.latest(LOG).root;
            require(!_log.includes(LOG, whole, uint64(index), new bytes32[](0)), "a node");
        }
        require(!_log.includes("other", leaf, uint64(index), proof), "in another log");
        bytes32[] memory longer = new bytes32[](proof.length + 1);
        for (uint256 i = 0; i < proof.length; ++i) longer[i] = proof[i];
        require(!_log.includes(LOG, leaf, uint64(index), longer), "by too long a proof");
    }
}
