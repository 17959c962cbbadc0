// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ICertificates} from "./interfaces/ICertificates.sol";
import {ILots} from "./interfaces/ILots.sol";
import {IParties} from "./interfaces/IParties.sol";
import {Proof} from "./interfaces/ISigned.sol";
import {Balance, balanceOf, GROWN, RECALLED, RETIRED, SEGREGATED} from "./libraries/Balance.sol";
import {Roles} from "./libraries/Roles.sol";
import {Shapes} from "./libraries/Shapes.sol";
import {Statements} from "./libraries/Statements.sol";
import {Signed} from "./Signed.sol";

/// @notice The lots: whose they are, what is left of them, and the head of each one's history.
contract Lots is ILots, Signed {
    using Roles for uint16;

    struct State {
        bytes32 head;
        Balance balance;
    }

    /// @dev Who acts, once the signature was judged: an agent as its principal, but without roles.
    struct Actor {
        bytes32 digest;
        uint32 party;
        uint16 roles;
    }

    uint8 private constant PLOT = 1; // kinds of certificate
    uint8 private constant CLAIM = 2;
    uint256 private constant AHEAD = 300; // seconds that a phone's clock may be ahead of the chain's

    IParties private immutable PARTIES;
    ICertificates private immutable CERTIFICATES;
    mapping(bytes32 lot => State) private _lots;

    constructor(IParties parties, ICertificates certificates) EIP712("Plotline Lots", "1") {
        (PARTIES, CERTIFICATES) = (parties, certificates);
    }

    /// @inheritdoc ILots
    function operate(Operation calldata operation, Proof calldata proof) external {
        Portion[] calldata inputs = operation.inputs;
        Portion[] calldata outputs = operation.outputs;
        Kind kind = Shapes.kindOf(operation, inputs, outputs);
        (bytes32 party, bytes32 key) = (operation.party, operation.key);
        uint64 time = operation.time;
        require(time <= block.timestamp + AHEAD, LotsFutureTime(time, block.timestamp));

        Actor memory by;
        by.digest = _signed(key, Statements.hash(operation, inputs, outputs), proof);
        (uint32 signer, uint16 roles, bool delegated) = PARTIES.authorise(
            party,
            key,
            operation.number
        );
        require(Shapes.allowed(kind, roles, delegated), LotsNotAllowed(uint8(kind), key));
        (by.party, by.roles) = delegated ? (PARTIES.indexOf(party), 0) : (signer, roles);

        if (kind > Kind.Process) _touch(kind, operation, inputs[0], by);
        else if (kind == Kind.Harvest) _harvest(operation, outputs[0], by);
        else if (kind == Kind.Intake) _create(outputs[0], operation.area, 0, by);
        else _process(operation, inputs, outputs, by);
        if (delegated) emit Operated(by.digest, uint8(kind), party, PARTIES.partyAt(signer));
        else emit Operated(by.digest, uint8(kind), party, party);
    }

    /// @inheritdoc ILots
    function lotsOf(bytes32[] calldata lots) external view returns (Lot[] memory views) {
        views = new Lot[](lots.length);
        for (uint256 i = 0; i < lots.length; ++i) {
            State storage state = _lots[lots[i]];
            Balance balance = state.balance;
            views[i] = Lot({
                head: state.head,
                holder: PARTIES.partyAt(balance.holder()),
                pending: PARTIES.partyAt(balance.pending()),
                mass: balance.mass(),
                count: balance.count(),
                area: balance.area(),
                flags: balance.flags()
            });
        }
    }

    function _harvest(Operation calldata told, Portion calldata made, Actor memory by) private {
        bytes6 area = CERTIFICATES.spend(told.certificate, PLOT, by.party, made.mass);
        _create(made, area, told.segregated ? GROWN | SEGREGATED : GROWN, by);
    }

    function _process(
        Operation calldata operation,
        Portion[] calldata inputs,
        Portion[] calldata outputs,
        Actor memory by
    ) private {
        Balance first = _lots[inputs[0].lot].balance;
        (bytes6 area, uint8 flags) = (first.area(), first.flags() & (GROWN | SEGREGATED));
        (uint256 drawn, uint256 made) = (0, 0);
        for (uint256 i = 0; i < inputs.length; ++i) {
            (bytes32 lot, uint64 mass) = (inputs[i].lot, inputs[i].mass);
            for (uint256 j = 0; j < i; ++j) {
                require(inputs[j].lot != lot, LotsBadShape(operation.kind));
            }
            State storage state = _lots[lot];
            Balance balance = state.balance;
            require(balance.holder() != 0, LotsUnknown(lot));
            require(balance.holder() == by.party, LotsNotHolder(lot, operation.party));
            balance.requireDrawable(lot, mass);
            require((balance.flags() ^ flags) & SEGREGATED == 0, LotsMixed(lot));
            if (balance.area() != area) area = 0;
            flags &= balance.flags();
            drawn += mass;
            _extend(state, state.head, balance.withMass(balance.mass() - mass), by.digest);
        }
        for (uint256 i = 0; i < outputs.length; ++i) {
            made += outputs[i].mass;
            _create(outputs[i], area, flags, by);
        }
        require(made <= drawn, LotsMassCreated(drawn, made));
    }

    /// @dev The operations that name one existing lot.
    function _touch(
        Kind kind,
        Operation calldata operation,
        Portion calldata portion,
        Actor memory by
    ) private {
        (bytes32 lot, uint64 mass) = (portion.lot, portion.mass);
        State storage state = _lots[lot];
        Balance balance = state.balance;
        if (balance.holder() != by.party) {
            require(balance.holder() != 0, LotsUnknown(lot));
            bool may = kind == Kind.TakeOver || by.roles.any(Shapes.overseers(kind));
            require(may, LotsNotHolder(lot, operation.party));
        }
        if (kind == Kind.Certify) {
            _certify(operation.certificate, lot, mass, balance, by);
        } else if (kind == Kind.HandOver) {
            balance.requireWhole(lot, mass);
            balance = balance.withPending(_taker(operation.counterparty));
        } else if (kind == Kind.TakeOver) {
            balance.requireWhole(lot, mass);
            require(balance.pending() == by.party, LotsNotPending(lot, operation.party));
            bytes32 giver = operation.counterparty;
            require(PARTIES.indexOf(giver) == balance.holder(), LotsNotHolder(lot, giver));
            balance = balance.withHolder(by.party).withPending(0);
        } else if (kind == Kind.Retire) {
            balance.requireWhole(lot, mass);
            balance = balance.withMass(0).withPending(0).withFlag(RETIRED);
        } else if (kind == Kind.Recall) {
            require(!balance.has(RECALLED), LotsRecalled(lot));
            balance = balance.withFlag(RECALLED);
        } else if (kind == Kind.Lift) {
            require(balance.has(RECALLED), LotsNotRecalled(lot));
            balance = balance.withoutFlag(RECALLED);
        }
        _extend(state, state.head, balance, by.digest);
    }

    function _certify(
        bytes32 certificate,
        bytes32 lot,
        uint64 mass,
        Balance balance,
        Actor memory by
    ) private {
        balance.requireDrawable(lot, mass);
        bytes6 area = CERTIFICATES.spend(certificate, CLAIM, by.party, mass);
        require(
            area == 0 || (balance.area() == area && balance.has(GROWN)),
            LotsWrongOrigin(lot, certificate)
        );
    }

    function _create(Portion calldata made, bytes6 area, uint8 flags, Actor memory by) private {
        (bytes32 lot, uint64 mass) = (made.lot, made.mass);
        State storage state = _lots[lot];
        require(state.balance.holder() == 0, LotsExists(lot));
        require(mass > 0, LotsWrongMass(lot, 0, 0));
        _extend(state, lot, balanceOf(mass, by.party, area, flags), by.digest);
    }

    /// @dev The one place that writes a lot: whatever changes it also becomes part of its history.
    function _extend(State storage state, bytes32 head, Balance balance, bytes32 digest) private {
        state.head = sha256(abi.encodePacked(head, digest, uint64(block.timestamp)));
        state.balance = balance.counted();
    }

    function _taker(bytes32 party) private view returns (uint32 index) {
        if (party == 0) return 0;
        index = PARTIES.indexOf(party);
        require(index != 0, LotsUnknownParty(party));
    }
}
