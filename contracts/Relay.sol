// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IRelay} from "./interfaces/IRelay.sol";

/// @notice Makes signed calls for people who have no gas.
abstract contract Relay is IRelay {
    /// @inheritdoc IRelay
    function relay(bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            // A call of its own: what it did is undone if it fails, and the next ones go on.
            (bool done, bytes memory reason) = address(this).call(calls[i]);
            if (!done) emit Refused(i, keccak256(calls[i]), reason);
        }
    }
}
