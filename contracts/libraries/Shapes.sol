// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ILots} from "../interfaces/ILots.sol";
import {Roles} from "./Roles.sol";

/// @notice What an operation of each kind must look like, and who may sign it; nothing here depends on a lot.
library Shapes {
    using Roles for uint16;

    // What an operation has, as bits.
    uint256 private constant IN = 1; // an input
    uint256 private constant INS = 2; // several
    uint256 private constant OUT = 4; // an output
    uint256 private constant OUTS = 8; // several
    uint256 private constant MASS = 16; // of its first input
    uint256 private constant CERTIFICATE = 32;
    uint256 private constant COUNTERPARTY = 64;
    uint256 private constant AREA = 128;
    uint256 private constant SEGREGATED = 256;

    uint256 private constant WIDTH = 16; // bits of a kind's row in the tables below

    /// @dev What each kind must have; None (0) what nothing has.
    uint256 private constant NEEDS =
        type(uint16).max |
            ((OUT | CERTIFICATE) << WIDTH) |
            (OUT << (2 * WIDTH)) |
            ((IN | MASS | OUT) << (3 * WIDTH)) |
            ((IN | MASS) << (4 * WIDTH)) |
            ((IN | MASS | COUNTERPARTY) << (5 * WIDTH)) |
            ((IN | MASS | CERTIFICATE) << (6 * WIDTH)) |
            (IN << (7 * WIDTH)) |
            (IN << (8 * WIDTH)) |
            (IN << (9 * WIDTH)) |
            ((IN | MASS) << (10 * WIDTH));

    /// @dev What some kinds may have besides.
    uint256 private constant TAKES =
        (SEGREGATED << WIDTH) |
            (AREA << (2 * WIDTH)) |
            ((INS | OUTS) << (3 * WIDTH)) |
            (COUNTERPARTY << (4 * WIDTH));

    uint256 private constant TRADE = Roles.PROCESSOR | Roles.EXPORTER | Roles.COOPERATIVE;
    uint256 private constant PERSON = Roles.PERSON;

    /// @dev The roles of which a key for each kind must have one.
    uint256 private constant ROLES =
        (uint256(Roles.FARMER) << WIDTH) |
            (TRADE << (2 * WIDTH)) |
            (TRADE << (3 * WIDTH)) |
            (PERSON << (4 * WIDTH)) |
            (PERSON << (5 * WIDTH)) |
            (PERSON << (6 * WIDTH)) |
            (PERSON << (7 * WIDTH)) |
            (PERSON << (8 * WIDTH)) |
            (uint256(Roles.AUTHORITY) << (9 * WIDTH)) |
            (PERSON << (10 * WIDTH));

    /// @dev The roles with which one may do it to a lot that another party holds.
    uint256 private constant OVERSEERS =
        (uint256(Roles.CERTIFIER | Roles.COOPERATIVE | Roles.AUTHORITY) << (7 * WIDTH)) |
            (uint256(Roles.AUTHORITY) << (8 * WIDTH)) |
            (uint256(Roles.AUTHORITY) << (9 * WIDTH));

    /// @dev The kinds that an agent may record for a party that allowed it, with a farmer's or a cooperative's key.
    uint256 private constant DELEGABLE =
        (1 << uint256(ILots.Kind.Harvest)) |
            (1 << uint256(ILots.Kind.HandOver)) |
            (1 << uint256(ILots.Kind.Note));

    /// @notice The operation's kind. Refuses members that the kind does not use, and any that it lacks.
    function kindOf(
        ILots.Operation calldata operation,
        ILots.Portion[] calldata inputs,
        ILots.Portion[] calldata outputs
    ) internal pure returns (ILots.Kind) {
        uint256 kind = operation.kind;
        require(
            kind <= uint256(type(ILots.Kind).max) &&
                _shapeOf(operation, inputs, outputs.length) & ~_row(TAKES, kind) ==
                    _row(NEEDS, kind),
            ILots.LotsBadShape(operation.kind)
        );
        return ILots.Kind(kind);
    }

    /// @notice Whether a key with `roles` may sign `kind`, for its own party or, if `delegated`, for one that allowed it.
    function allowed(ILots.Kind kind, uint16 roles, bool delegated) internal pure returns (bool) {
        if (!delegated) return roles & _row(ROLES, uint256(kind)) != 0;
        return DELEGABLE & (1 << uint256(kind)) != 0 && roles.any(Roles.FARMER | Roles.COOPERATIVE);
    }

    /// @notice The roles (bits) with which a key may do `kind` to a lot that its party does not hold.
    function overseers(ILots.Kind kind) internal pure returns (uint16) {
        return uint16(_row(OVERSEERS, uint256(kind)));
    }

    function _row(uint256 table, uint256 kind) private pure returns (uint256) {
        return (table >> (kind * WIDTH)) & type(uint16).max;
    }

    function _shapeOf(
        ILots.Operation calldata operation,
        ILots.Portion[] calldata inputs,
        uint256 outputs
    ) private pure returns (uint256 shape) {
        if (inputs.length > 0) {
            shape = inputs[0].mass > 0 ? IN | MASS : IN;
            if (inputs.length > 1) shape |= INS;
        }
        if (outputs > 0) shape |= outputs > 1 ? OUT | OUTS : OUT;
        if (operation.certificate != 0) shape |= CERTIFICATE;
        if (operation.counterparty != 0) shape |= COUNTERPARTY;
        if (operation.area != 0) shape |= AREA;
        if (operation.segregated) shape |= SEGREGATED;
    }
}
