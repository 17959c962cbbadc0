// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {ILots} from "../../contracts/interfaces/ILots.sol";
import {IParties} from "../../contracts/interfaces/IParties.sol";
import {Statements} from "../../contracts/libraries/Statements.sol";

/// @notice hashStruct spelled out member by member, as EIP-712 has it; what signers hash is compared in TypeScript.
contract StatementsTest {
    function _typed(string memory of_, bytes memory members) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(bytes(of_)), members));
    }

    function _hash(ILots.Portion[] calldata portions) private pure returns (bytes32) {
        bytes memory hashes;
        for (uint256 i = 0; i < portions.length; ++i) {
            bytes memory members = abi.encode(portions[i].lot, uint256(portions[i].mass));
            hashes = bytes.concat(hashes, _typed("Portion(bytes32 lot,uint64 mass)", members));
        }
        return keccak256(hashes);
    }

    function _says(ILots.Operation calldata told) private pure returns (bytes memory) {
        return
            bytes.concat(
                abi.encode(uint256(told.kind), told.party, told.key),
                abi.encode(uint256(told.number), uint256(told.time)),
                abi.encode(_hash(told.inputs), _hash(told.outputs)),
                abi.encode(told.certificate, told.counterparty),
                abi.encode(told.area, uint256(told.segregated ? 1 : 0), told.content)
            );
    }

    /// @dev Called from outside, because calldata is what the library hashes.
    function compare(ILots.Operation calldata told) external pure {
        require(
            Statements.hash(told, told.inputs, told.outputs) ==
                _typed(
                    "Operation(uint8 kind,bytes32 party,bytes32 key,uint64 number,uint64 time,Portion[] inputs,Portion[] outputs,bytes32 certificate,bytes32 counterparty,bytes6 area,bool segregated,bytes32 content)Portion(bytes32 lot,uint64 mass)",
                    _says(told)
                ),
            "another operation"
        );
    }

    function testFuzz_AnOperationIsHashedMemberByMember(
        uint8[4] memory small,
        bytes32[7] memory words,
        uint64[5] memory numbers
    ) public view {
        ILots.Operation memory told;
        (told.kind, told.segregated) = (small[0], small[1] & 1 == 1);
        (told.party, told.key, told.certificate) = (words[0], words[1], words[2]);
        (told.counterparty, told.content, told.area) = (words[3], words[4], bytes6(words[5]));
        (told.number, told.time) = (numbers[0], numbers[1]);
        told.inputs = _portions(small[2] % 4, words[6], numbers[2]);
        told.outputs = _portions(small[3] % 4, words[0], numbers[3]);
        this.compare(told);
    }

    function _portions(
        uint256 length,
        bytes32 seed,
        uint64 mass
    ) private pure returns (ILots.Portion[] memory portions) {
        portions = new ILots.Portion[](length);
        for (uint256 i = 0; i < length; ++i) {
            portions[i] = ILots.Portion(keccak256(abi.encode(seed, i)), mass >> i);
        }
    }

    function testFuzz_AGrantIsHashedMemberByMember(ICertificates.Grant calldata told) public pure {
        bytes memory members = bytes.concat(
            abi.encode(told.party, told.key, uint256(told.number), told.certificate),
            abi.encode(uint256(told.scheme), told.holder, told.area, uint256(told.quota)),
            abi.encode(uint256(told.from), uint256(told.until), told.content)
        );
        bytes32 hash = _typed(
            "Grant(bytes32 party,bytes32 key,uint64 number,bytes32 certificate,uint16 scheme,bytes32 holder,bytes6 area,uint64 quota,uint64 from,uint64 until,bytes32 content)",
            members
        );
        require(Statements.hash(told) == hash, "another grant");
    }

    function testFuzz_ARevocationIsHashedMemberByMember(
        ICertificates.Revocation calldata told
    ) public pure {
        bytes32 hash = _typed(
            "Revocation(bytes32 party,bytes32 key,uint64 number,bytes32 certificate,bytes32 content)",
            abi.encode(told.party, told.key, uint256(told.number), told.certificate, told.content)
        );
        require(Statements.hash(told) == hash, "another revocation");
    }

    function testFuzz_AnEnrolmentIsHashedMemberByMember(
        IParties.Enrolment calldata told
    ) public pure {
        bytes memory members = bytes.concat(
            abi.encode(told.party, told.key, uint256(told.number), told.subject, told.subjectKey),
            abi.encode(uint256(told.roles), uint256(told.from), uint256(told.until), told.content)
        );
        bytes32 hash = _typed(
            "Enrolment(bytes32 party,bytes32 key,uint64 number,bytes32 subject,bytes32 subjectKey,uint16 roles,uint64 from,uint64 until,bytes32 content)",
            members
        );
        require(Statements.hash(told) == hash, "another enrolment");
    }

    function testFuzz_AKeysEndIsHashedMemberByMember(
        IParties.KeyRevocation calldata told
    ) public pure {
        bytes memory members = bytes.concat(
            abi.encode(told.party, told.key, uint256(told.number)),
            abi.encode(told.subjectKey, uint256(told.until), told.content)
        );
        bytes32 hash = _typed(
            "KeyRevocation(bytes32 party,bytes32 key,uint64 number,bytes32 subjectKey,uint64 until,bytes32 content)",
            members
        );
        require(Statements.hash(told) == hash, "another end");
    }

    function testFuzz_AWatchIsHashedMemberByMember(IParties.Watch calldata told) public pure {
        bytes memory members = bytes.concat(
            abi.encode(told.party, told.key, uint256(told.number), told.device, told.place),
            abi.encode(uint256(told.from), uint256(told.until)),
            abi.encode(uint256(told.interval), told.content)
        );
        bytes32 hash = _typed(
            "Watch(bytes32 party,bytes32 key,uint64 number,bytes32 device,bytes32 place,uint64 from,uint64 until,uint32 interval,bytes32 content)",
            members
        );
        require(Statements.hash(told) == hash, "another watch");
    }

    function testFuzz_ADelegationIsHashedMemberByMember(
        IParties.Delegation calldata told
    ) public pure {
        bytes32 hash = _typed(
            "Delegation(bytes32 party,bytes32 key,uint64 number,bytes32 agent,uint64 until)",
            abi.encode(told.party, told.key, uint256(told.number), told.agent, uint256(told.until))
        );
        require(Statements.hash(told) == hash, "another delegation");
    }
}
