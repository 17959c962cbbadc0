// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Roles} from "../../contracts/libraries/Roles.sol";

contract RolesTest {
    /// @dev Signers write these numbers, so they are never given another meaning.
    function test_TheBitsAreThoseThatSignersKnow() public pure {
        uint16[8] memory roles = [
            Roles.FARMER,
            Roles.PROCESSOR,
            Roles.EXPORTER,
            Roles.CERTIFIER,
            Roles.COOPERATIVE,
            Roles.AUTHORITY,
            Roles.DEVICE,
            Roles.NETWORK_SERVER
        ];
        for (uint256 i = 0; i < roles.length; ++i) require(roles[i] == 1 << i, "another bit");
    }

    function test_AKeyIsAPersonsOrOneSensors() public pure {
        for (uint16 roles = 0; roles < 512; ++roles) {
            bool person = roles > 0 && roles < 64;
            bool sensor = roles == 64 || roles == 128;
            require(Roles.valid(roles) == (person || sensor), "not as it was said");
        }
    }

    function testFuzz_OneWantedRoleIsEnough(uint16 roles, uint16 wanted) public pure {
        bool found = false;
        for (uint256 bit = 0; bit < 16; ++bit) {
            if ((roles >> bit) & 1 == 1 && (wanted >> bit) & 1 == 1) found = true;
        }
        require(Roles.any(roles, wanted) == found, "another answer");
    }
}
