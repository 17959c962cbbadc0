// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IParties} from "./interfaces/IParties.sol";
import {IRelay} from "./interfaces/IRelay.sol";
import {Proof} from "./interfaces/ISigned.sol";
import {Signature} from "./libraries/Signature.sol";

/// @notice Takes statements that people signed for this contract on this chain, and carries many of them at once.
abstract contract Signed is IRelay, EIP712 {
    using Signature for Proof;

    /// @inheritdoc IRelay
    function relay(bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            // A call of its own: what it did is undone if it fails, and the next ones go on.
            (bool done, bytes memory reason) = address(this).call(calls[i]);
            if (!done) emit Refused(i, keccak256(calls[i]), reason);
        }
    }

    /// @dev The digest of a struct that `key` must have signed. Whether the key may sign it is for Parties to say.
    function _signed(
        bytes32 key,
        bytes32 structHash,
        Proof calldata proof
    ) internal view returns (bytes32 digest) {
        digest = _hashTypedDataV4(structHash);
        require(proof.keyOf() == key, IParties.PartiesWrongPoint(key));
        require(proof.signed(digest), IParties.PartiesBadSignature(key, digest));
    }
}
