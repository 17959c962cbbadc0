// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The roles of a key, as bits. A key is a person's (any of the first six), a device's, or one under which what a
/// network server said is kept; never two of these, so that nobody can pass off the one as the other.
library Roles {
    uint16 internal constant FARMER = 1;
    uint16 internal constant PROCESSOR = 2;
    uint16 internal constant EXPORTER = 4;
    uint16 internal constant CERTIFIER = 8;
    uint16 internal constant COOPERATIVE = 16;
    uint16 internal constant AUTHORITY = 32;
    uint16 internal constant DEVICE = 64;
    uint16 internal constant NETWORK_SERVER = 128;

    uint8 internal constant PERSONS = 6; // how many are persons'; only they grant

    uint16 internal constant PERSON =
        FARMER | PROCESSOR | EXPORTER | CERTIFIER | COOPERATIVE | AUTHORITY;
    uint16 internal constant SENSOR = DEVICE | NETWORK_SERVER;

    /// @notice Whether a key may carry `roles`: at least one that exists, and a sensor's nothing else.
    function valid(uint16 roles) internal pure returns (bool) {
        if (roles == DEVICE || roles == NETWORK_SERVER) return true;
        return roles != 0 && roles & ~PERSON == 0;
    }

    /// @notice Whether `roles` holds any of `wanted`.
    function any(uint16 roles, uint16 wanted) internal pure returns (bool) {
        return roles & wanted != 0;
    }
}
