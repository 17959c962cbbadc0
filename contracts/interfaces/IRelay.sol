// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Carries other people's signed calls to this contract, so that nobody who signs needs gas.
interface IRelay {
    /// @notice `calls[index]` of a batch was refused with `reason` (the ABI-encoded error); the others went on.
    event Refused(uint256 indexed index, bytes32 indexed call, bytes reason);

    /// @notice Makes each call (selector and arguments of a function of this contract) on its own.
    /// @dev A relayer is nobody: whatever a call may do, its signature allows. `call` of `Refused` is keccak256 of the call.
    function relay(bytes[] calldata calls) external;
}
