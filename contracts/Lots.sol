// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ICertificates} from "./interfaces/ICertificates.sol";
import {ILots} from "./interfaces/ILots.sol";
import {IParties} from "./interfaces/IParties.sol";
import {Proof} from "./interfaces/ISigned.sol";
import {Roles} from "./libraries/Roles.sol";
import {Shapes} from "./libraries/Shapes.sol";
import {Statements} from "./libraries/Statements.sol";
import {Relay} from "./Relay.sol";

/// @notice The lots: whose they are, what is left of them, and the head of each one's history.
contract Lots is ILots, EIP712, Relay {
    using Roles for uint16;

    /// @dev Two slots; in the second all that is not the head.
    struct State {
        bytes32 head;
        uint64 mass;
        uint32 holder; // dense index of the party; 0: no such lot
        uint32 pending;
        uint32 count;
        bytes6 area;
        uint8 flags;
    }

    /// @dev Who acts, once the signature was judged.
    struct Actor {
        bytes32 digest;
        uint32 party; // dense index of the party in whose name
        uint16 roles; // of the key, if it is the party's own; an agent brings none
    }

    uint8 private constant GROWN = 1;
    uint8 private constant SEGREGATED = 2;
    uint8 private constant RECALLED = 4;
    uint8 private constant RETIRED = 8;

    uint8 private constant PLOT = 1; // kinds of certificate
    uint8 private constant CLAIM = 2;

    /// @dev A phone's clock may run ahead of the chain's by this many seconds.
    uint256 private constant AHEAD = 300;

    IParties private immutable PARTIES;
    ICertificates private immutable CERTIFICATES;
    mapping(bytes32 lot => State) private _lots;

    constructor(IParties parties, ICertificates certificates) EIP712("Plotline Lots", "1") {
        (PARTIES, CERTIFICATES) = (parties, certificates);
    }

    /// @inheritdoc ILots
    function operate(Operation calldata operation, Proof calldata proof) external {
        Kind kind = Shapes.kindOf(operation);
        (bytes32 party, bytes32 key) = (operation.party, operation.key);
        require(
            operation.time <= block.timestamp + AHEAD,
            LotsFutureTime(operation.time, block.timestamp)
        );
        Actor memory actor;
        actor.digest = _hashTypedDataV4(Statements.hash(operation));
        (uint32 signer, uint16 roles, bool delegated) = PARTIES.authorise(
            party,
            key,
            operation.number,
            actor.digest,
            proof
        );
        require(Shapes.allowed(kind, roles, delegated), LotsNotAllowed(operation.kind, key));
        (actor.party, actor.roles) = delegated ? (PARTIES.indexOf(party), 0) : (signer, roles);

        if (kind == Kind.Harvest) _harvest(operation, actor);
        else if (kind == Kind.Intake) _create(operation.outputs[0], operation.area, 0, actor);
        else if (kind == Kind.Process) _process(operation, actor);
        else _touch(kind, operation, actor);
        emit Operated(
            actor.digest,
            operation.kind,
            party,
            delegated ? PARTIES.partyAt(signer) : party
        );
    }

    /// @inheritdoc ILots
    function lotsOf(bytes32[] calldata lots) external view returns (Lot[] memory views) {
        views = new Lot[](lots.length);
        for (uint256 i = 0; i < lots.length; ++i) {
            State memory state = _lots[lots[i]];
            views[i] = Lot({
                head: state.head,
                holder: PARTIES.partyAt(state.holder),
                pending: PARTIES.partyAt(state.pending),
                mass: state.mass,
                count: state.count,
                area: state.area,
                flags: state.flags
            });
        }
    }

    function _harvest(Operation calldata operation, Actor memory actor) private {
        Portion calldata made = operation.outputs[0];
        bytes6 area = CERTIFICATES.spend(operation.certificate, PLOT, actor.party, made.mass);
        _create(made, area, operation.segregated ? GROWN | SEGREGATED : GROWN, actor);
    }

    function _process(Operation calldata operation, Actor memory actor) private {
        Portion[] calldata inputs = operation.inputs;
        (uint256 drawn, uint256 made) = (0, 0);
        State memory first = _lots[inputs[0].lot];
        (bytes6 area, uint8 flags) = (first.area, first.flags & (GROWN | SEGREGATED));
        for (uint256 i = 0; i < inputs.length; ++i) {
            (bytes32 lot, uint64 mass) = (inputs[i].lot, inputs[i].mass);
            State memory state = _whole(lot);
            _held(lot, state, operation.party, actor);
            require(state.flags & RECALLED == 0, LotsRecalled(lot));
            require((state.flags ^ flags) & SEGREGATED == 0, LotsMixed(lot));
            require(mass <= state.mass, LotsWrongMass(lot, mass, state.mass));
            if (state.area != area) area = 0;
            flags &= state.flags;
            state.mass -= mass;
            drawn += mass;
            _extend(lot, state, actor);
        }
        for (uint256 i = 0; i < operation.outputs.length; ++i) {
            made += operation.outputs[i].mass;
            _create(operation.outputs[i], area, flags, actor);
        }
        require(made <= drawn, LotsMassCreated(drawn, made));
    }

    /// @dev The operations that name one existing lot.
    function _touch(Kind kind, Operation calldata operation, Actor memory actor) private {
        (bytes32 lot, uint64 mass) = (operation.inputs[0].lot, operation.inputs[0].mass);
        bytes32 party = operation.party;
        State memory state = Shapes.speaks(kind) ? _known(lot) : _whole(lot);
        bool whole = kind == Kind.HandOver || kind == Kind.TakeOver || kind == Kind.Retire;
        require(!whole || mass == state.mass, LotsWrongMass(lot, mass, state.mass));

        if (kind == Kind.TakeOver) {
            require(state.pending == actor.party, LotsNotPending(lot, party));
            require(
                PARTIES.indexOf(operation.counterparty) == state.holder,
                LotsNotHolder(lot, operation.counterparty)
            );
            (state.holder, state.pending) = (actor.party, 0);
        } else if (kind == Kind.Lift) {
            require(state.flags & RECALLED != 0, LotsNotRecalled(lot));
            state.flags ^= RECALLED;
        } else if (kind == Kind.Recall) {
            if (!actor.roles.any(Roles.AUTHORITY)) _held(lot, state, party, actor);
            require(state.flags & RECALLED == 0, LotsRecalled(lot));
            state.flags |= RECALLED;
        } else if (kind == Kind.Note) {
            if (!actor.roles.any(Roles.CERTIFIER | Roles.COOPERATIVE | Roles.AUTHORITY))
                _held(lot, state, party, actor);
        } else {
            _held(lot, state, party, actor);
            if (kind == Kind.HandOver) state.pending = _taker(operation.counterparty);
            else if (kind == Kind.Certify) _certify(operation, state, actor);
            else (state.mass, state.pending, state.flags) = (0, 0, state.flags | RETIRED);
        }
        _extend(lot, state, actor);
    }

    function _certify(
        Operation calldata operation,
        State memory state,
        Actor memory actor
    ) private {
        (bytes32 lot, uint64 mass) = (operation.inputs[0].lot, operation.inputs[0].mass);
        bytes32 certificate = operation.certificate;
        require(state.flags & RECALLED == 0, LotsRecalled(lot));
        require(mass <= state.mass, LotsWrongMass(lot, mass, state.mass));
        bytes6 area = CERTIFICATES.spend(certificate, CLAIM, actor.party, mass);
        require(
            area == 0 || (state.flags & GROWN != 0 && state.area == area),
            LotsWrongOrigin(lot, certificate)
        );
    }

    function _taker(bytes32 party) private view returns (uint32 index) {
        if (party == 0) return 0;
        index = PARTIES.indexOf(party);
        require(index != 0, LotsUnknownParty(party));
    }

    function _known(bytes32 lot) private view returns (State memory state) {
        state = _lots[lot];
        require(state.holder != 0, LotsUnknown(lot));
    }

    function _whole(bytes32 lot) private view returns (State memory state) {
        state = _known(lot);
        require(state.flags & RETIRED == 0, LotsRetired(lot));
    }

    function _held(
        bytes32 lot,
        State memory state,
        bytes32 party,
        Actor memory actor
    ) private pure {
        require(state.holder == actor.party, LotsNotHolder(lot, party));
    }

    function _create(Portion calldata made, bytes6 area, uint8 flags, Actor memory actor) private {
        require(_lots[made.lot].holder == 0, LotsExists(made.lot));
        State memory state = State(made.lot, made.mass, actor.party, 0, 0, area, flags);
        _extend(made.lot, state, actor);
    }

    /// @dev The one place that writes a lot: whatever changes it also becomes part of its history.
    function _extend(bytes32 lot, State memory state, Actor memory actor) private {
        state.head = sha256(abi.encodePacked(state.head, actor.digest, uint64(block.timestamp)));
        ++state.count;
        _lots[lot] = state;
    }
}
