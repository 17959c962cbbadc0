// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ILots} from "../interfaces/ILots.sol";

/// @notice All of a lot but its head, in one word, because every operation reads and writes it.
/// From the lowest bit: mass 64, holder 32, pending 32, count 32, area 48, flags 8.
type Balance is uint256;

using {
    mass,
    holder,
    pending,
    area,
    flags,
    has,
    withMass,
    withHolder,
    withPending,
    withFlag,
    withoutFlag,
    counted,
    count,
    requireWhole,
    requireDrawable
} for Balance global;

uint8 constant GROWN = 1; // no intake among its ancestors
uint8 constant SEGREGATED = 2;
uint8 constant RECALLED = 4;
uint8 constant RETIRED = 8;

uint256 constant HOLDER = 64;
uint256 constant PENDING = 96;
uint256 constant COUNT = 128;
uint256 constant AREA = 160;
uint256 constant FLAGS = 208;

/// @notice A lot that was just made: nothing pending, no operation counted.
function balanceOf(
    uint64 mass_,
    uint32 holder_,
    bytes6 area_,
    uint8 flags_
) pure returns (Balance) {
    return
        Balance.wrap(
            mass_ |
                (uint256(holder_) << HOLDER) |
                (uint256(uint48(area_)) << AREA) |
                (uint256(flags_) << FLAGS)
        );
}

function mass(Balance balance) pure returns (uint64) {
    return uint64(Balance.unwrap(balance));
}

/// @notice Dense index of the party; 0: there is no such lot.
function holder(Balance balance) pure returns (uint32) {
    return uint32(Balance.unwrap(balance) >> HOLDER);
}

function pending(Balance balance) pure returns (uint32) {
    return uint32(Balance.unwrap(balance) >> PENDING);
}

function count(Balance balance) pure returns (uint32) {
    return uint32(Balance.unwrap(balance) >> COUNT);
}

function area(Balance balance) pure returns (bytes6) {
    return bytes6(uint48(Balance.unwrap(balance) >> AREA));
}

function flags(Balance balance) pure returns (uint8) {
    return uint8(Balance.unwrap(balance) >> FLAGS);
}

function has(Balance balance, uint8 flag) pure returns (bool) {
    return Balance.unwrap(balance) & (uint256(flag) << FLAGS) != 0;
}

function withMass(Balance balance, uint64 mass_) pure returns (Balance) {
    return Balance.wrap((Balance.unwrap(balance) & ~uint256(type(uint64).max)) | mass_);
}

function withHolder(Balance balance, uint32 holder_) pure returns (Balance) {
    return _with(balance, HOLDER, holder_);
}

function withPending(Balance balance, uint32 pending_) pure returns (Balance) {
    return _with(balance, PENDING, pending_);
}

function withFlag(Balance balance, uint8 flag) pure returns (Balance) {
    return Balance.wrap(Balance.unwrap(balance) | (uint256(flag) << FLAGS));
}

function withoutFlag(Balance balance, uint8 flag) pure returns (Balance) {
    return Balance.wrap(Balance.unwrap(balance) & ~(uint256(flag) << FLAGS));
}

/// @notice One operation more. Four thousand million operations on one lot would run into its area; no chain has the gas.
function counted(Balance balance) pure returns (Balance) {
    return Balance.wrap(Balance.unwrap(balance) + (1 << COUNT));
}

/// @notice `lot` is still there, and `mass_` is all that is left of it.
function requireWhole(Balance balance, bytes32 lot, uint64 mass_) pure {
    require(!balance.has(RETIRED), ILots.LotsRetired(lot));
    require(mass_ == balance.mass(), ILots.LotsWrongMass(lot, mass_, balance.mass()));
}

/// @notice `lot` is still there and not recalled, and has `mass_` left.
function requireDrawable(Balance balance, bytes32 lot, uint64 mass_) pure {
    require(!balance.has(RETIRED), ILots.LotsRetired(lot));
    require(!balance.has(RECALLED), ILots.LotsRecalled(lot));
    require(0 < mass_ && mass_ <= balance.mass(), ILots.LotsWrongMass(lot, mass_, balance.mass()));
}

function _with(Balance balance, uint256 place, uint32 index) pure returns (Balance) {
    uint256 others = Balance.unwrap(balance) & ~(uint256(type(uint32).max) << place);
    return Balance.wrap(others | (uint256(index) << place));
}
