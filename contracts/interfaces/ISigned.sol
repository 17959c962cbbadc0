// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The P-256 signature under a struct that anyone may relay.
/// @dev `signature` of 64 bytes is r ‖ s of ES256 over the 32-byte EIP-712 digest, that is ECDSA over SHA-256(digest).
/// Longer, it is an ABI-encoded WebAuthn assertion whose challenge is the digest. In both, s must be low.
struct Proof {
    bytes32 x;
    bytes32 y;
    bytes signature;
}
