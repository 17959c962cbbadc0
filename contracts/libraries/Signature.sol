// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {WebAuthn} from "@openzeppelin/contracts/utils/cryptography/WebAuthn.sol";
import {Proof} from "../interfaces/ISigned.sol";

/// @notice Whether a P-256 key signed a digest, in either form of `Proof`. High s is refused in both.
library Signature {
    /// @notice The key's id: SHA-256 of its uncompressed point.
    function keyOf(Proof calldata proof) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x04), proof.x, proof.y));
    }

    /// @notice Whether the proof's point signed `digest`.
    function signed(Proof calldata proof, bytes32 digest) internal view returns (bool) {
        bytes calldata signature = proof.signature;
        if (signature.length == 64) {
            bytes32 hash = sha256(abi.encodePacked(digest));
            (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
            return P256.verify(hash, r, s, proof.x, proof.y);
        }
        (bool decoded, WebAuthn.WebAuthnAuth calldata assertion) = WebAuthn.tryDecodeAuth(
            signature
        );
        return decoded && WebAuthn.verify(abi.encodePacked(digest), assertion, proof.x, proof.y);
    }
}
