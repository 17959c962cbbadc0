// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {ILots} from "../../contracts/interfaces/ILots.sol";
import {IParties} from "../../contracts/interfaces/IParties.sol";
import {Proof} from "../../contracts/interfaces/ISigned.sol";
import {Roles} from "../../contracts/libraries/Roles.sol";
import {Person, Season} from "./Season.sol";

/// @notice Everybody at once: people of every role who try everything, in any order, with any lot. Keeps by itself what must
/// come of it, from nothing but which calls were taken.
contract Actors is Season {
    uint256 public constant LOTS = 16;

    Person[] private _people;
    uint16[] private _roles;
    bytes[] private _taken; // calls that were taken, to be tried again

    uint256 public came; // grams, by harvest and intake
    uint256 public went; // into processes and by retirement
    uint256 public returned; // from processes
    mapping(bytes32 certificate => uint256) public spent;
    mapping(bytes32 lot => bytes32) public head;
    mapping(bytes32 lot => uint32) public count;
    mapping(bytes32 lot => bool) public segregated;
    mapping(bytes32 key => uint64) private _accepted; // the highest number that was taken
    mapping(bytes32 key => uint64) private _ended; // when a key ended; 0: never
    mapping(bytes32 certificate => bool) private _revoked;

    uint256 public takenCalls;
    bool public replayed;
    bool public actedWithoutRole;
    bool public actedAfterItsEnd;
    bool public spentAfterRevocation;
    bool public mixed;

    /// @dev Not in the constructor, because signing calls this contract from outside.
    function begin() external {
        setUp();
        _people = [_farm, _factory, _coop, _certifier, _province];
        _roles = [
            Roles.FARMER,
            Roles.PROCESSOR,
            Roles.COOPERATIVE,
            Roles.CERTIFIER,
            Roles.AUTHORITY
        ];
    }

    /// @notice What the people try.
    function actions() external pure returns (bytes4[] memory selectors) {
        selectors = new bytes4[](11);
        selectors[0] = this.harvest.selector;
        selectors[1] = this.intake.selector;
        selectors[2] = this.process.selector;
        selectors[3] = this.move.selector;
        selectors[4] = this.certify.selector;
        selectors[5] = this.say.selector;
        selectors[6] = this.retire.selector;
        selectors[7] = this.replay.selector;
        selectors[8] = this.endKey.selector;
        selectors[9] = this.revoke.selector;
        selectors[10] = this.wait.selector;
    }

    function lotAt(uint256 index) public pure returns (bytes32) {
        return bytes32(index % LOTS);
    }

    function massOf(bytes32 lot) external view returns (uint64) {
        return _lotOf(lot).mass;
    }

    function shown(bytes32 lot) external view returns (ILots.Lot memory) {
        return _lotOf(lot);
    }

    function shownSpent(bytes32 certificate) external view returns (uint64, uint64) {
        ICertificates.Certificate memory right = _certificateOf(certificate);
        return (right.spent, right.quota);
    }

    function shownNumber(uint256 who) external view returns (uint64 shown_, uint64 given) {
        bytes32 key = _people[who % 5].key;
        return (_parties.keysOf(_ids(key))[0].number, _accepted[key]);
    }

    function harvest(uint256 who, uint256 lot, uint64 mass, bool apart) external {
        who = _any(who, 0);
        ILots.Operation memory told = _harvesting(_people[who], lotAt(lot), mass % (QUOTA / 2));
        told.segregated = apart;
        _try(who, told);
        if (lot % 2 == 0) _give(lotAt(lot), 0, 1);
    }

    function intake(uint256 who, uint256 lot, uint64 mass) external {
        who = _any(who, 1);
        _try(who, _importing(_people[who], lotAt(lot), mass % QUOTA));
    }

    function process(uint256 seed, uint64 a, uint64 b, uint64 c, bool all, bool more) external {
        bytes32 first = lotAt(seed);
        bytes32 second = _beside(first, seed >> 8);
        uint256 who = _holder(first, seed >> 16);
        ILots.Operation memory told = _operation(_people[who], ILots.Kind.Process);
        (uint64 massA, uint64 massB) = (_lotOf(first).mass, _lotOf(second).mass);
        (a, b) = all ? (massA, massB) : (a % (massA / 2 + 2), b % (massB / 2 + 2));
        told.inputs = first == second ? _portions(first, a) : _two(first, a, second, b);
        uint64 drawn = first == second ? a : a + b;
        told.outputs = _portions(
            lotAt(seed >> 24),
            more && seed % 4 == 0 ? drawn + 1 : c % (drawn + 1)
        );
        _try(who, told);
    }

    function move(uint256 seed, bool take) external {
        bytes32 lot = lotAt(seed);
        uint256 who = _holder(lot, seed >> 8);
        uint256 to = _any(seed >> 16, 1);
        if (take) return _give(lot, who, to);
        _try(who, _offering(lot, who, to));
    }

    function certify(uint256 seed, uint64 mass) external {
        bytes32 lot = lotAt(seed);
        uint256 who = _holder(lot, seed >> 8);
        ILots.Operation memory told = _touching(
            _people[who],
            ILots.Kind.Certify,
            lot,
            mass % (_lotOf(lot).mass + 2)
        );
        told.certificate = CLAIM;
        _try(who, told);
    }

    function say(uint256 seed, uint8 which) external {
        ILots.Kind[3] memory kinds = [ILots.Kind.Note, ILots.Kind.Recall, ILots.Kind.Lift];
        bytes32 lot = lotAt(seed);
        uint256 who = _holder(lot, seed >> 8);
        _try(who, _touching(_people[who], kinds[which % 3], lot, 0));
    }

    function retire(uint256 seed, uint256 chance) external {
        if (chance % 4 != 0) return; // or there would soon be nothing left
        bytes32 lot = lotAt(seed);
        uint256 who = _holder(lot, seed >> 8);
        _try(who, _touching(_people[who], ILots.Kind.Retire, lot, _lotOf(lot).mass));
    }

    function replay(uint256 which) external {
        if (_taken.length == 0) return;
        (bool done, ) = address(_lots).call(_taken[which % _taken.length]);
        if (done) replayed = true;
    }

    function endKey(uint256 who, uint256 chance) external {
        if (chance % 16 != 0) return; // or everybody would soon be gone
        Person memory by = _people[who % 5];
        uint64 until = uint64(block.timestamp);
        IParties.KeyRevocation memory told = IParties.KeyRevocation(
            by.party,
            by.key,
            _next(by),
            by.key,
            until,
            CONTENT
        );
        Proof memory proof = _sign(by, address(_parties), this.hashOf(told));
        try _parties.revoke(told, proof) {
            (_ended[by.key], _accepted[by.key]) = (until, told.number);
        } catch {}
    }

    function revoke(uint256 which, uint256 chance) external {
        if (chance % 16 != 0) return;
        bytes32 certificate = which % 2 == 0 ? PLOT : CLAIM;
        ICertificates.Revocation memory told = _revocation(_certifier, certificate);
        Proof memory proof = _sign(_certifier, address(_certificates), this.hashOf(told));
        try _certificates.revoke(told, proof) {
            (_revoked[certificate], _accepted[_certifier.key]) = (true, told.number);
        } catch {}
    }

    function wait(uint16 time) external {
        vm.warp(block.timestamp + time);
    }

    function _offering(
        bytes32 lot,
        uint256 who,
        uint256 to
    ) private returns (ILots.Operation memory told) {
        told = _touching(_people[who], ILots.Kind.HandOver, lot, _lotOf(lot).mass);
        told.counterparty = _people[to].party;
    }

    /// @dev Handed over and taken.
    function _give(bytes32 lot, uint256 who, uint256 to) private {
        _try(who, _offering(lot, who, to));
        ILots.Operation memory told = _touching(
            _people[to],
            ILots.Kind.TakeOver,
            lot,
            _lotOf(lot).mass
        );
        told.counterparty = _people[who].party;
        _try(to, told);
    }

    /// @dev Mostly who can do it, and now and then anybody.
    function _any(uint256 seed, uint256 usual) private pure returns (uint256) {
        return seed % 8 < 5 ? usual : seed % 5;
    }

    /// @dev Mostly who holds the lot, and now and then anybody.
    function _holder(bytes32 lot, uint256 seed) private view returns (uint256) {
        bytes32 holder = _lotOf(lot).holder;
        for (uint256 who = 0; who < 5; ++who) {
            if (_people[who].party == holder) return _any(seed, who);
        }
        return seed % 5;
    }

    /// @dev Another lot in the same hands, if there is one; else the lot itself.
    function _beside(bytes32 lot, uint256 seed) private view returns (bytes32) {
        bytes32 holder = _lotOf(lot).holder;
        for (uint256 i = 0; i < LOTS; ++i) {
            bytes32 other = lotAt((seed % LOTS) + i);
            if (other != lot && _lotOf(other).holder == holder) return other;
        }
        return lot;
    }

    /// @dev Who may do what, written once more.
    function _may(uint16 role, ILots.Kind kind) private pure returns (bool) {
        if (kind == ILots.Kind.Harvest) return role == Roles.FARMER;
        if (kind == ILots.Kind.Lift) return role == Roles.AUTHORITY;
        if (kind == ILots.Kind.Intake || kind == ILots.Kind.Process)
            return role == Roles.PROCESSOR || role == Roles.COOPERATIVE;
        return true;
    }

    function _try(uint256 who, ILots.Operation memory told) private {
        Person memory by = _people[who % 5];
        Proof memory proof = _signed(by, told);
        try _lots.operate(told, proof) {
            _keep(_roles[who % 5], by, told, proof);
        } catch {}
    }

    function _keep(
        uint16 role,
        Person memory by,
        ILots.Operation memory told,
        Proof memory proof
    ) private {
        ILots.Kind kind = ILots.Kind(told.kind);
        ++takenCalls;
        _taken.push(abi.encodeCall(_lots.operate, (told, proof)));
        if (!_may(role, kind)) actedWithoutRole = true;
        if (_ended[by.key] != 0 && _ended[by.key] <= block.timestamp) actedAfterItsEnd = true;
        if (told.number <= _accepted[by.key]) replayed = true;
        _accepted[by.key] = told.number;

        uint256 drawn = _sum(told.inputs);
        uint256 made = _sum(told.outputs);
        if (kind == ILots.Kind.Process || kind == ILots.Kind.Retire) went += drawn;
        if (kind == ILots.Kind.Process) returned += made;
        else came += made;
        if (told.certificate != 0) {
            spent[told.certificate] += drawn + made;
            if (_revoked[told.certificate]) spentAfterRevocation = true;
        }
        bytes32 digest = _digest(address(_lots), this.hashOf(told));
        bool apart = told.segregated;
        for (uint256 i = 0; i < told.inputs.length; ++i) {
            bytes32 lot = told.inputs[i].lot;
            if (i == 0 && kind == ILots.Kind.Process) apart = segregated[lot];
            if (kind == ILots.Kind.Process && segregated[lot] != apart) mixed = true;
            _extend(lot, head[lot], digest);
        }
        for (uint256 i = 0; i < told.outputs.length; ++i) {
            bytes32 lot = told.outputs[i].lot;
            segregated[lot] = apart;
            _extend(lot, lot, digest);
        }
    }

    function _extend(bytes32 lot, bytes32 from, bytes32 digest) private {
        head[lot] = sha256(abi.encodePacked(from, digest, uint64(block.timestamp)));
        ++count[lot];
    }

    function _sum(ILots.Portion[] memory portions) private pure returns (uint256 mass) {
        for (uint256 i = 0; i < portions.length; ++i) mass += portions[i].mass;
    }
}
