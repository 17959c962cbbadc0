// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ILots} from "../../contracts/interfaces/ILots.sol";
import {IParties} from "../../contracts/interfaces/IParties.sol";
import {Person, Season} from "./Season.sol";

/// @notice What people say of lots, and what the contract says when it refuses.
abstract contract LotsSeason is Season {
    function _harvest(bytes32 lot, uint64 mass) internal {
        _operate(_farm, _harvesting(_farm, lot, mass));
    }

    function _import(bytes32 lot, uint64 mass) internal {
        _operate(_factory, _importing(_factory, lot, mass));
    }

    function _touch(Person memory by, ILots.Kind kind, bytes32 lot, uint64 mass) internal {
        _operate(by, _touching(by, kind, lot, mass));
    }

    function _between(
        Person memory by,
        ILots.Kind kind,
        bytes32 lot,
        uint64 mass,
        bytes32 other
    ) internal returns (ILots.Operation memory told) {
        told = _touching(by, kind, lot, mass);
        told.counterparty = other;
    }

    function _move(Person memory from, Person memory to, bytes32 lot, uint64 mass) internal {
        _operate(from, _between(from, ILots.Kind.HandOver, lot, mass, to.party));
        _operate(to, _between(to, ILots.Kind.TakeOver, lot, mass, from.party));
    }

    function _processing(
        ILots.Portion[] memory inputs,
        ILots.Portion[] memory outputs
    ) internal returns (ILots.Operation memory told) {
        told = _operation(_factory, ILots.Kind.Process);
        (told.inputs, told.outputs) = (inputs, outputs);
    }

    function _certifying(bytes32 lot, uint64 mass) internal returns (ILots.Operation memory told) {
        told = _touching(_factory, ILots.Kind.Certify, lot, mass);
        told.certificate = CLAIM;
    }

    function _allow(Person memory by, Person memory agent, uint64 until) internal {
        IParties.Delegation memory told = IParties.Delegation(
            by.party,
            by.key,
            _next(by),
            agent.party,
            until
        );
        _parties.delegate(told, _sign(by, address(_parties), this.hashOf(told)));
    }

    function _error(bytes4 selector, bytes32 lot) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, lot);
    }

    function _notHolder(bytes32 lot, bytes32 party) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILots.LotsNotHolder.selector, lot, party);
    }

    function _wrongMass(
        bytes32 lot,
        uint64 mass,
        uint64 left
    ) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILots.LotsWrongMass.selector, lot, mass, left);
    }

    function _badShape(uint8 kind) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILots.LotsBadShape.selector, kind);
    }

    function _notAllowed(ILots.Kind kind, bytes32 key) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILots.LotsNotAllowed.selector, kind, key);
    }
}
