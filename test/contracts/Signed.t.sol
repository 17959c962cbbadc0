// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {ILots} from "../../contracts/interfaces/ILots.sol";
import {IParties} from "../../contracts/interfaces/IParties.sol";
import {IRelay} from "../../contracts/interfaces/IRelay.sol";
import {Proof} from "../../contracts/interfaces/ISigned.sol";
import {Season} from "./Season.sol";

contract SignedTest is Season {
    event Refused(uint256 indexed index, bytes32 indexed call, bytes reason);

    function _call(ILots.Operation memory told) private view returns (bytes memory) {
        return abi.encodeCall(ILots.operate, (told, _signed(_farm, told)));
    }

    function _badSignature(ILots.Operation memory told) private view returns (bytes memory) {
        bytes32 digest = _digest(address(_lots), this.hashOf(told));
        return abi.encodeWithSelector(IParties.PartiesBadSignature.selector, _farm.key, digest);
    }

    function test_OneBadCallOfABatchIsReportedAndSinksNoOther() public {
        ILots.Operation memory replayed = _harvesting(_farm, "a", 1);
        bytes[] memory calls = new bytes[](4);
        calls[0] = _call(replayed);
        calls[1] = calls[0];
        calls[2] = _call(_harvesting(_farm, "b", 2));
        calls[3] = hex"deadbeef";
        bytes memory reason = abi.encodeWithSelector(
            IParties.PartiesNumberUsed.selector,
            _farm.key,
            replayed.number,
            replayed.number
        );
        vm.expectEmit();
        emit Refused(1, keccak256(calls[1]), reason);
        vm.expectEmit();
        emit Refused(3, keccak256(calls[3]), "");
        IRelay(address(_lots)).relay(calls);
        require(_lotOf("a").mass == 1 && _lotOf("b").mass == 2, "sunk");
    }

    function test_WhatWasSignedForOneContractIsNothingToAnother() public {
        ILots other = ILots(_deploy("Lots", abi.encode(_parties, _certificates)));
        ILots.Operation memory told = _harvesting(_farm, "a", 1);
        Proof memory proof = _signed(_farm, told);
        bytes32 digest = _digest(address(other), this.hashOf(told));
        vm.expectRevert(
            abi.encodeWithSelector(IParties.PartiesBadSignature.selector, _farm.key, digest)
        );
        other.operate(told, proof);
    }

    function test_AHighSIsRefusedThoughTheCurveWouldTakeIt() public {
        ILots.Operation memory told = _harvesting(_farm, "a", 1);
        Proof memory proof = _signed(_farm, told);
        (bytes32 r, bytes32 s) = abi.decode(proof.signature, (bytes32, bytes32));
        proof.signature = abi.encodePacked(r, P256.N - uint256(s));
        vm.expectRevert(_badSignature(told));
        _lots.operate(told, proof);
    }

    function _assertion(bytes32 digest, bytes1 flags) private view returns (bytes memory) {
        string memory client = string.concat(
            '{"type":"webauthn.get","challenge":"',
            Base64.encodeURL(abi.encodePacked(digest)),
            '","origin":"https://plotline.example"}'
        );
        bytes memory data = abi.encodePacked(sha256("plotline.example"), flags, uint32(0));
        (bytes32 r, bytes32 s) = vm.signP256(
            _farm.secret,
            sha256(abi.encodePacked(data, sha256(bytes(client))))
        );
        if (uint256(s) > P256.N / 2) s = bytes32(P256.N - uint256(s));
        return abi.encode(r, s, uint256(23), uint256(1), data, client);
    }

    function test_APasskeySignsForTheSameKey() public {
        ILots.Operation memory told = _harvesting(_farm, "a", 1);
        bytes32 digest = _digest(address(_lots), this.hashOf(told));
        _lots.operate(told, Proof(_farm.x, _farm.y, _assertion(digest, 0x05)));
        require(_lotOf("a").mass == 1, "not harvested");
    }

    function test_APasskeyMustHaveSeenThisDigestAndItsPerson() public {
        ILots.Operation memory told = _harvesting(_farm, "a", 1);
        bytes32 digest = _digest(address(_lots), this.hashOf(told));
        bytes[3] memory wrong = [
            _assertion(digest ^ bytes32(uint256(1)), 0x05),
            _assertion(digest, 0x01),
            _assertion(digest, 0x04)
        ];
        for (uint256 i = 0; i < wrong.length; ++i) {
            vm.expectRevert(_badSignature(told));
            _lots.operate(told, Proof(_farm.x, _farm.y, wrong[i]));
        }
    }

    function test_NothingFollowsASignature() public {
        ILots.Operation memory told = _harvesting(_farm, "a", 1);
        Proof memory proof = _signed(_farm, told);
        proof.signature = bytes.concat(proof.signature, hex"00");
        vm.expectRevert(_badSignature(told));
        _lots.operate(told, proof);
    }

    function testFuzz_NoBytesPassForASignature(bytes calldata signature) public {
        ILots.Operation memory told = _harvesting(_farm, "a", 1);
        vm.expectRevert(_badSignature(told));
        _lots.operate(told, Proof(_farm.x, _farm.y, signature));
    }
}
