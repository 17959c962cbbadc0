// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertificates} from "../interfaces/ICertificates.sol";
import {ILots} from "../interfaces/ILots.sol";
import {IParties} from "../interfaces/IParties.sol";

/// @notice hashStruct (EIP-712) of everything that a person can sign.
library Statements {
    bytes32 private constant PORTION = keccak256("Portion(bytes32 lot,uint64 mass)");
    bytes32 private constant NONE = keccak256(""); // of an array
    bytes32 private constant OPERATION = keccak256(
        "Operation(uint8 kind,bytes32 party,bytes32 key,uint64 number,uint64 time,Portion[] inputs,Portion[] outputs,bytes32 certificate,bytes32 counterparty,bytes6 area,bool segregated,bytes32 content)Portion(bytes32 lot,uint64 mass)"
    );
    bytes32 private constant GRANT = keccak256(
        "Grant(bytes32 party,bytes32 key,uint64 number,bytes32 certificate,uint16 scheme,bytes32 holder,bytes6 area,uint64 quota,uint64 from,uint64 until,bytes32 content)"
    );
    bytes32 private constant REVOCATION = keccak256(
        "Revocation(bytes32 party,bytes32 key,uint64 number,bytes32 certificate,bytes32 content)"
    );
    bytes32 private constant ENROLMENT = keccak256(
        "Enrolment(bytes32 party,bytes32 key,uint64 number,bytes32 subject,bytes32 subjectKey,uint16 roles,uint64 from,uint64 until,bytes32 content)"
    );
    bytes32 private constant KEY_REVOCATION = keccak256(
        "KeyRevocation(bytes32 party,bytes32 key,uint64 number,bytes32 subjectKey,uint64 until,bytes32 content)"
    );
    bytes32 private constant WATCH = keccak256(
        "Watch(bytes32 party,bytes32 key,uint64 number,bytes32 device,bytes32 place,uint64 from,uint64 until,uint32 interval,bytes32 content)"
    );
    bytes32 private constant DELEGATION = keccak256(
        "Delegation(bytes32 party,bytes32 key,uint64 number,bytes32 agent,uint64 until)"
    );

    function hash(
        ILots.Operation calldata operation,
        ILots.Portion[] calldata inputs,
        ILots.Portion[] calldata outputs
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    OPERATION,
                    operation.kind,
                    operation.party,
                    operation.key,
                    operation.number,
                    operation.time,
                    _hash(inputs),
                    _hash(outputs),
                    operation.certificate,
                    operation.counterparty,
                    operation.area,
                    operation.segregated,
                    operation.content
                )
            );
    }

    function hash(ICertificates.Grant calldata granted) internal pure returns (bytes32) {
        return keccak256(abi.encode(GRANT, granted));
    }

    function hash(ICertificates.Revocation calldata revocation) internal pure returns (bytes32) {
        return keccak256(abi.encode(REVOCATION, revocation));
    }

    function hash(IParties.Enrolment calldata enrolment) internal pure returns (bytes32) {
        return keccak256(abi.encode(ENROLMENT, enrolment));
    }

    function hash(IParties.KeyRevocation calldata revocation) internal pure returns (bytes32) {
        return keccak256(abi.encode(KEY_REVOCATION, revocation));
    }

    function hash(IParties.Watch calldata watching) internal pure returns (bytes32) {
        return keccak256(abi.encode(WATCH, watching));
    }

    function hash(IParties.Delegation calldata delegation) internal pure returns (bytes32) {
        return keccak256(abi.encode(DELEGATION, delegation));
    }

    function _hash(ILots.Portion[] calldata portions) private pure returns (bytes32) {
        if (portions.length == 0) return NONE;
        if (portions.length == 1) return keccak256(bytes.concat(_hash(portions[0])));
        bytes32[] memory hashes = new bytes32[](portions.length);
        for (uint256 i = 0; i < portions.length; ++i) hashes[i] = _hash(portions[i]);
        return keccak256(abi.encodePacked(hashes));
    }

    function _hash(ILots.Portion calldata portion) private pure returns (bytes32) {
        return keccak256(abi.encode(PORTION, portion.lot, portion.mass));
    }
}
