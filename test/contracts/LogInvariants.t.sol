// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICheckpoints} from "../../contracts/interfaces/ICheckpoints.sol";
import {Test} from "./Test.sol";
import {Tree} from "./Tree.sol";

/// @notice An operator who keeps two histories, and anchors now of the one and now of the other.
contract Operator is Test {
    bytes32 private constant LOG = "log";
    uint256 private constant LEAVES = 24;

    ICheckpoints private _log;
    bytes32[] private _leaves;
    bytes32[] private _others; // the same but for the first entry
    uint64 public highest;
    bool public rewrote;
    bool private _other; // which history the first anchor was of

    constructor() {
        address manager = _deploy("AccessManager", abi.encode(address(this)));
        _log = ICheckpoints(_deploy("Checkpoints", abi.encode(manager)));
        _log.open(LOG, address(this));
        for (uint256 i = 0; i < LEAVES; ++i) {
            _leaves.push(sha256(abi.encodePacked(bytes1(0), i)));
            _others.push(i == 0 ? sha256("other") : _leaves[i]);
        }
    }

    function size() external view returns (uint64) {
        return _log.latest(LOG).size;
    }

    function root() external view returns (bytes32 shown, bytes32 ours) {
        uint64 newest = _log.latest(LOG).size;
        shown = _log.latest(LOG).root;
        if (newest > 0) ours = Tree.root(_other ? _others : _leaves, 0, newest);
    }

    function anchor(uint64 to, bool other, uint64 pretended) external {
        uint64 newest = _log.latest(LOG).size;
        bytes32[] memory leaves = other ? _others : _leaves;
        to = uint64(1 + (to % LEAVES));
        // The proof is from the size that stands, or from any that the operator pretends.
        uint64 from = pretended % 3 == 0 ? uint64(pretended % (LEAVES + 1)) : newest;
        bytes32[] memory proof;
        if (from > 0 && from <= to) proof = Tree.consistency(leaves, from, to);
        try _log.anchor(LOG, to, Tree.root(leaves, 0, to), proof) {
            if (newest == 0) _other = other;
            else if (other != _other) rewrote = true;
            if (to > highest) highest = to;
        } catch {}
    }

    /// @dev The root that stands, or another, under any size.
    function forge(uint64 to, bool same, bytes32 root_, bytes32[] memory proof) external {
        if (_log.latest(LOG).size == 0) return; // a first checkpoint may be anything
        if (same) (root_, proof) = (_log.latest(LOG).root, new bytes32[](0));
        try _log.anchor(LOG, same ? to % 64 : to, root_, proof) {
            rewrote = true;
        } catch {}
    }
}

contract LogInvariantsTest is Test {
    Operator private _operator;

    function setUp() public {
        _operator = new Operator();
    }

    function targetContracts() public view override returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_operator);
    }

    function invariant_ALogNeverShrinks() public view {
        require(_operator.size() == _operator.highest(), "the log shrank");
    }

    function invariant_ALogNeverRewritesItsHistory() public view {
        (bytes32 shown, bytes32 ours) = _operator.root();
        require(!_operator.rewrote() && shown == ours, "the log was rewritten");
    }
}
