// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The roles of a key, as bits. A key is a person's (any of the first six) or a device's, never both.
library Roles {
    uint16 internal constant FARMER = 1;
    uint16 internal constant PROCESSOR = 2;
    uint16 internal constant EXPORTER = 4;
    uint16 internal constant CERTIFIER = 8;
    uint16 internal constant COOPERATIVE = 16;
    uint16 internal constant AUTHORITY = 32;
    uint16 internal constant DEVICE = 64;

    uint8 internal constant COUNT = 7;

    uint16 internal constant PERSON =
        FARMER | PROCESSOR | EXPORTER | CERTIFIER | COOPERATIVE | AUTHORITY;

    /// @notice Whether a key may carry `roles`: at least one that exists, and a device nothing else.
    function valid(uint16 roles) internal pure returns (bool) {
        return roles == DEVICE || (roles != 0 && roles & ~PERSON == 0);
    }

    /// @notice Whether `roles` holds any of `wanted`.
    function any(uint16 roles, uint16 wanted) internal pure returns (bool) {
        return roles & wanted != 0;
    }
}
