// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The cheatcodes that these tests use.
interface Vm {
    function assume(bool condition) external pure;
    function etch(address target, bytes calldata code) external;
    function expectEmit() external;
    function getCode(string calldata artifact) external view returns (bytes memory);
    function expectRevert(bytes calldata reason) external;
    function prank(address sender) external;
    function publicKeyP256(uint256 secret) external pure returns (uint256 x, uint256 y);
    function signP256(uint256 secret, bytes32 hash) external pure returns (bytes32 r, bytes32 s);
    function snapshotGasLastCall(string calldata name) external returns (uint256);
    function warp(uint256 time) external;
}

/// @notice What every test contract starts from.
abstract contract Test {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    /// @dev What an invariant run calls; the runner asks for them by these names.
    function targetContracts() public view virtual returns (address[] memory) {}

    function targetSelectors() public view virtual returns (Selectors[] memory) {}

    /// @dev Deploys the built contract, so that a test need not be compiled again when a contract changes.
    function _deploy(string memory name, bytes memory args) internal returns (address deployed) {
        bytes memory code = bytes.concat(vm.getCode(string.concat(name, ".sol:", name)), args);
        assembly {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        require(deployed != address(0), name);
    }

    function bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + (value % (high - low + 1));
    }
}
