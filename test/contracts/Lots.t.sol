// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {ILots} from "../../contracts/interfaces/ILots.sol";
import {IParties} from "../../contracts/interfaces/IParties.sol";
import {Roles} from "../../contracts/libraries/Roles.sol";
import {Person, Season} from "./Season.sol";

contract LotsTest is Season {
    event Operated(
        bytes32 indexed digest,
        uint8 indexed kind,
        bytes32 indexed party,
        bytes32 signer
    );

    function _harvest(bytes32 lot, uint64 mass) private {
        _operate(_farm, _harvesting(_farm, lot, mass));
    }

    function _import(bytes32 lot, uint64 mass) private {
        _operate(_factory, _importing(_factory, lot, mass));
    }

    function _touch(Person memory by, ILots.Kind kind, bytes32 lot, uint64 mass) private {
        _operate(by, _touching(by, kind, lot, mass));
    }

    function _between(
        Person memory by,
        ILots.Kind kind,
        bytes32 lot,
        uint64 mass,
        bytes32 other
    ) private returns (ILots.Operation memory told) {
        told = _touching(by, kind, lot, mass);
        told.counterparty = other;
    }

    function _move(Person memory from, Person memory to, bytes32 lot, uint64 mass) private {
        _operate(from, _between(from, ILots.Kind.HandOver, lot, mass, to.party));
        _operate(to, _between(to, ILots.Kind.TakeOver, lot, mass, from.party));
    }

    function _processing(
        ILots.Portion[] memory inputs,
        ILots.Portion[] memory outputs
    ) private returns (ILots.Operation memory told) {
        told = _operation(_factory, ILots.Kind.Process);
        (told.inputs, told.outputs) = (inputs, outputs);
    }

    function _certifying(bytes32 lot, uint64 mass) private returns (ILots.Operation memory told) {
        told = _touching(_factory, ILots.Kind.Certify, lot, mass);
        told.certificate = CLAIM;
    }

    function _allow(Person memory by, Person memory agent, uint64 until) private {
        IParties.Delegation memory told = IParties.Delegation(
            by.party,
            by.key,
            _next(by),
            agent.party,
            until
        );
        _parties.delegate(told, _sign(by, address(_parties), this.hashOf(told)));
    }

    function _error(bytes4 selector, bytes32 lot) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, lot);
    }

    function _notHolder(bytes32 lot, bytes32 party) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILots.LotsNotHolder.selector, lot, party);
    }

    function _wrongMass(bytes32 lot, uint64 mass, uint64 left) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILots.LotsWrongMass.selector, lot, mass, left);
    }

    function _badShape(uint8 kind) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILots.LotsBadShape.selector, kind);
    }

    function _notAllowed(ILots.Kind kind, bytes32 key) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILots.LotsNotAllowed.selector, kind, key);
    }

    function test_AHarvestMakesALotOfThePlotsArea() public {
        ILots.Operation memory told = _harvesting(_farm, "lot", 700);
        bytes32 digest = _digest(address(_lots), this.hashOf(told));
        vm.expectEmit();
        emit Operated(digest, told.kind, _farm.party, _farm.party);
        _operate(_farm, told);
        ILots.Lot memory lot = _lotOf("lot");
        require(lot.mass == 700 && lot.holder == _farm.party && lot.area == AREA, "not its lot");
        require(lot.flags == 1 && lot.count == 1 && lot.pending == 0, "not new");
        require(
            lot.head == sha256(abi.encodePacked(bytes32("lot"), digest, uint64(block.timestamp))),
            "another head"
        );
        require(_certificateOf(PLOT).spent == 700, "quota not drawn");
        _refused(_farm, _harvesting(_farm, "lot", 1), _error(ILots.LotsExists.selector, "lot"));
        _refused(_farm, _harvesting(_farm, "none", 0), _wrongMass("none", 0, 0));
    }

    function test_AnIntakeIsApartFromHarvest() public {
        _import("in", 500);
        ILots.Lot memory lot = _lotOf("in");
        require(lot.area == bytes6("KH") && lot.flags == 0 && lot.mass == 500, "not declared");
        _refused(_farm, _importing(_farm, "in2", 1), _notAllowed(ILots.Kind.Intake, _farm.key));
    }

    function test_OnlyTheNamedTakerTakesAndOnlyTheWhole() public {
        _harvest("lot", 700);
        ILots.Operation memory told = _between(_farm, ILots.Kind.HandOver, "lot", 700, "nobody");
        _refused(_farm, told, _error(ILots.LotsUnknownParty.selector, "nobody"));
        told = _between(_farm, ILots.Kind.HandOver, "lot", 699, _factory.party);
        _refused(_farm, told, _wrongMass("lot", 699, 700));
        told = _between(_coop, ILots.Kind.HandOver, "lot", 700, _factory.party);
        _refused(_coop, told, _notHolder("lot", _coop.party));
        told = _between(_farm, ILots.Kind.HandOver, "void", 700, _factory.party);
        _refused(_farm, told, _error(ILots.LotsUnknown.selector, "void"));

        _operate(_farm, _between(_farm, ILots.Kind.HandOver, "lot", 700, _factory.party));
        require(_lotOf("lot").pending == _factory.party, "not offered");
        bytes memory notPending = abi.encodeWithSelector(
            ILots.LotsNotPending.selector,
            bytes32("lot"),
            _coop.party
        );
        told = _between(_coop, ILots.Kind.TakeOver, "lot", 700, _farm.party);
        _refused(_coop, told, notPending);
        told = _between(_factory, ILots.Kind.TakeOver, "lot", 600, _farm.party);
        _refused(_factory, told, _wrongMass("lot", 600, 700));
        told = _between(_factory, ILots.Kind.TakeOver, "lot", 700, _coop.party);
        _refused(_factory, told, _notHolder("lot", _coop.party));
        told = _between(_factory, ILots.Kind.TakeOver, "void", 700, _farm.party);
        _refused(_factory, told, _error(ILots.LotsUnknown.selector, "void"));

        _operate(_factory, _between(_factory, ILots.Kind.TakeOver, "lot", 700, _farm.party));
        ILots.Lot memory lot = _lotOf("lot");
        require(lot.holder == _factory.party && lot.pending == 0 && lot.mass == 700, "not taken");
    }

    function test_AnOfferCanBeWithdrawn() public {
        _harvest("lot", 700);
        _operate(_farm, _between(_farm, ILots.Kind.HandOver, "lot", 700, _factory.party));
        _operate(_farm, _between(_farm, ILots.Kind.HandOver, "lot", 700, 0));
        require(_lotOf("lot").pending == 0, "still offered");
        ILots.Operation memory told = _between(
            _factory,
            ILots.Kind.TakeOver,
            "lot",
            700,
            _farm.party
        );
        _refused(
            _factory,
            told,
            abi.encodeWithSelector(ILots.LotsNotPending.selector, bytes32("lot"), _factory.party)
        );
    }

    function test_AProcessConservesMassAndKeepsOrigin() public {
        _harvest("a", 700);
        _harvest("b", 300);
        _move(_farm, _factory, "a", 700);
        _move(_farm, _factory, "b", 300);
        _operate(_factory, _processing(_two("a", 600, "b", 300), _two("c", 500, "d", 400)));
        require(_lotOf("a").mass == 100 && _lotOf("b").mass == 0, "not drawn");
        ILots.Lot memory made = _lotOf("d");
        require(made.mass == 400 && made.area == AREA && made.flags == 1, "origin lost");

        _import("in", 500);
        _operate(_factory, _processing(_two("c", 500, "in", 500), _portions("mix", 1000)));
        made = _lotOf("mix");
        require(made.area == 0 && made.flags == 0 && made.mass == 1000, "origin borrowed");
    }

    function test_AProcessIsRefusedWhatItMayNotDo() public {
        _import("a", 700);
        _import("b", 300);
        _refused(
            _factory,
            _processing(_two("a", 700, "b", 300), _two("c", 500, "d", 501)),
            abi.encodeWithSelector(ILots.LotsMassCreated.selector, 1000, 1001)
        );
        _refused(
            _factory,
            _processing(_portions("a", 701), _portions("c", 1)),
            _wrongMass("a", 701, 700)
        );
        _refused(
            _factory,
            _processing(_two("a", 1, "b", 0), _portions("c", 1)),
            _wrongMass("b", 0, 300)
        );
        _refused(_factory, _processing(_two("a", 10, "a", 10), _portions("c", 20)), _badShape(3));
        _refused(
            _factory,
            _processing(_two("a", 1, "void", 1), _portions("c", 1)),
            _error(ILots.LotsUnknown.selector, "void")
        );
        _refused(
            _factory,
            _processing(_portions("a", 1), _portions("a", 1)),
            _error(ILots.LotsExists.selector, "a")
        );
        _harvest("hers", 5);
        _refused(
            _factory,
            _processing(_portions("hers", 5), _portions("c", 5)),
            _notHolder("hers", _factory.party)
        );
    }

    function test_SegregatedLotsAreNeverMixedWithOthers() public {
        for (uint256 i = 0; i < 3; ++i) {
            bytes32 lot = bytes32(uint256(i + 1));
            ILots.Operation memory told = _harvesting(_farm, lot, 100);
            told.segregated = i < 2;
            _operate(_farm, told);
            _move(_farm, _factory, lot, 100);
        }
        (bytes32 one, bytes32 two, bytes32 open) = (
            bytes32(uint256(1)),
            bytes32(uint256(2)),
            bytes32(uint256(3))
        );
        _refused(
            _factory,
            _processing(_two(one, 50, open, 50), _portions("c", 1)),
            _error(ILots.LotsMixed.selector, open)
        );
        _refused(
            _factory,
            _processing(_two(open, 50, one, 50), _portions("c", 1)),
            _error(ILots.LotsMixed.selector, one)
        );
        _operate(_factory, _processing(_two(one, 50, two, 50), _portions("c", 100)));
        require(_lotOf("c").flags == 3, "no longer segregated");
    }

    function test_AClaimIsSpentOnWhatIsOfItsAreaAndOnce() public {
        _harvest("lot", 700);
        _move(_farm, _factory, "lot", 700);
        _operate(_factory, _certifying("lot", 700));
        require(_certificateOf(CLAIM).spent == 700 && _lotOf("lot").mass == 700, "not spent");
        _refused(_factory, _certifying("lot", 701), _wrongMass("lot", 701, 700));

        ILots.Operation memory told = _certifying("lot", 1);
        told.certificate = PLOT;
        _refused(
            _factory,
            told,
            abi.encodeWithSelector(ICertificates.CertificatesWrongKind.selector, PLOT, GROWING_AREA)
        );
        _import("in", 500);
        bytes memory wrongOrigin = abi.encodeWithSelector(
            ILots.LotsWrongOrigin.selector,
            bytes32("in"),
            CLAIM
        );
        _refused(_factory, _certifying("in", 1), wrongOrigin);
        told = _importing(_factory, "lie", 500);
        told.area = AREA;
        _operate(_factory, told);
        wrongOrigin = abi.encodeWithSelector(ILots.LotsWrongOrigin.selector, bytes32("lie"), CLAIM);
        _refused(_factory, _certifying("lie", 1), wrongOrigin);
    }

    function test_AClaimWithoutAreaIsForAnyLot() public {
        ICertificates.Grant memory told = _granted(_certifier, "any", GI, _factory.party);
        told.area = 0;
        _certificates.grant(told, _sign(_certifier, address(_certificates), this.hashOf(told)));
        _import("in", 500);
        ILots.Operation memory operation = _certifying("in", 500);
        operation.certificate = "any";
        _operate(_factory, operation);
        require(_certificateOf("any").spent == 500, "not spent");
    }

    function test_ARecalledLotMovesButIsNotUsed() public {
        _import("lot", 500);
        _touch(_province, ILots.Kind.Recall, "lot", 0);
        require(_lotOf("lot").flags == 4, "not recalled");
        bytes memory recalled = _error(ILots.LotsRecalled.selector, "lot");
        _refused(_province, _touching(_province, ILots.Kind.Recall, "lot", 0), recalled);
        _refused(_factory, _processing(_portions("lot", 1), _portions("c", 1)), recalled);
        _refused(_factory, _certifying("lot", 1), recalled);
        _move(_factory, _coop, "lot", 500);
        _refused(
            _coop,
            _touching(_coop, ILots.Kind.Lift, "lot", 0),
            _notAllowed(ILots.Kind.Lift, _coop.key)
        );
        _touch(_province, ILots.Kind.Lift, "lot", 0);
        require(_lotOf("lot").flags == 0, "still recalled");
        _refused(
            _province,
            _touching(_province, ILots.Kind.Lift, "lot", 0),
            _error(ILots.LotsNotRecalled.selector, "lot")
        );
        _touch(_coop, ILots.Kind.Recall, "lot", 0);
        _refused(
            _certifier,
            _touching(_certifier, ILots.Kind.Recall, "lot", 0),
            _notHolder("lot", _certifier.party)
        );
    }

    function test_ARetiredLotIsOnlySpokenOf() public {
        _import("lot", 500);
        _operate(_factory, _between(_factory, ILots.Kind.HandOver, "lot", 500, _coop.party));
        _refused(
            _factory,
            _touching(_factory, ILots.Kind.Retire, "lot", 499),
            _wrongMass("lot", 499, 500)
        );
        _touch(_factory, ILots.Kind.Retire, "lot", 500);
        ILots.Lot memory lot = _lotOf("lot");
        require(lot.mass == 0 && lot.flags == 8 && lot.pending == 0, "not retired");
        bytes memory retired = _error(ILots.LotsRetired.selector, "lot");
        _refused(_factory, _touching(_factory, ILots.Kind.Retire, "lot", 1), retired);
        _refused(_factory, _touching(_factory, ILots.Kind.HandOver, "lot", 1), retired);
        _refused(_coop, _between(_coop, ILots.Kind.TakeOver, "lot", 500, _factory.party), retired);
        _refused(_factory, _certifying("lot", 1), retired);
        _refused(_factory, _processing(_portions("lot", 1), _portions("c", 1)), retired);
        _touch(_factory, ILots.Kind.Note, "lot", 0);
        _touch(_factory, ILots.Kind.Recall, "lot", 0);
        _touch(_province, ILots.Kind.Lift, "lot", 0);
        require(_lotOf("lot").count == 6, "not in its history");
    }

    function test_ANoteIsTheHoldersOrAnOverseers() public {
        _import("lot", 500);
        _touch(_factory, ILots.Kind.Note, "lot", 0);
        _touch(_certifier, ILots.Kind.Note, "lot", 0);
        _touch(_coop, ILots.Kind.Note, "lot", 0);
        _touch(_province, ILots.Kind.Note, "lot", 0);
        _refused(
            _farm,
            _touching(_farm, ILots.Kind.Note, "lot", 0),
            _notHolder("lot", _farm.party)
        );
    }

    function test_AnAgentRecordsOnlyWhatItWasAllowed() public {
        ILots.Operation memory told = _harvesting(_coop, "lot", 700);
        told.party = _farm.party;
        bytes memory wrongParty = abi.encodeWithSelector(
            IParties.PartiesWrongParty.selector,
            _coop.key,
            _farm.party
        );
        _refused(_coop, told, wrongParty);
        _allow(_farm, _coop, NOW + 100);
        told.number = _next(_coop);
        bytes32 digest = _digest(address(_lots), this.hashOf(told));
        vm.expectEmit();
        emit Operated(digest, told.kind, _farm.party, _coop.party);
        _operate(_coop, told);
        require(_lotOf("lot").holder == _farm.party, "the agent took it");

        told = _between(_coop, ILots.Kind.HandOver, "lot", 700, _factory.party);
        told.party = _farm.party;
        _operate(_coop, told);
        told = _touching(_coop, ILots.Kind.Note, "lot", 0);
        told.party = _farm.party;
        _operate(_coop, told);
        told = _touching(_coop, ILots.Kind.Retire, "lot", 700);
        told.party = _farm.party;
        _refused(_coop, told, _notAllowed(ILots.Kind.Retire, _coop.key));

        _import("in", 5);
        told = _touching(_coop, ILots.Kind.Note, "in", 0);
        told.party = _farm.party;
        _refused(_coop, told, _notHolder("in", _farm.party));

        vm.warp(NOW + 100);
        told = _touching(_coop, ILots.Kind.Note, "lot", 0);
        told.party = _farm.party;
        _refused(_coop, told, wrongParty);
    }

    function test_AnAgentNeedsAFarmersOrACooperativesKey() public {
        _allow(_farm, _factory, FOR_EVER);
        ILots.Operation memory told = _harvesting(_factory, "lot", 700);
        told.party = _farm.party;
        _refused(_factory, told, _notAllowed(ILots.Kind.Harvest, _factory.key));
    }

    function test_OnlyAFarmerHarvests() public {
        _refused(
            _factory,
            _harvesting(_factory, "lot", 1),
            _notAllowed(ILots.Kind.Harvest, _factory.key)
        );
    }

    function test_AClockMayRunFiveMinutesAhead() public {
        ILots.Operation memory told = _harvesting(_farm, "lot", 1);
        told.time = NOW + 301;
        _refused(
            _farm,
            told,
            abi.encodeWithSelector(ILots.LotsFutureTime.selector, NOW + 301, uint256(NOW))
        );
        told.time = NOW + 300;
        _operate(_farm, told);
    }

    function testFuzz_AHistoryIsRebuiltFromItsDigests(uint8 notes, uint32 wait) public {
        _import("lot", 500);
        (bytes32 head, uint256 time) = (_lotOf("lot").head, NOW);
        notes = uint8(bound(notes, 1, 5));
        for (uint256 i = 0; i < notes; ++i) {
            vm.warp(time += wait % 1000);
            ILots.Operation memory told = _touching(_factory, ILots.Kind.Note, "lot", 0);
            head = sha256(
                abi.encodePacked(head, _digest(address(_lots), this.hashOf(told)), uint64(time))
            );
            _operate(_factory, told);
        }
        require(_lotOf("lot").head == head && _lotOf("lot").count == notes + 1, "not its history");
    }

    function testFuzz_NoProcessMakesMass(uint64 a, uint64 b, uint64 c, uint64 d) public {
        (a, b) = (uint64(bound(a, 1, 1 << 62)), uint64(bound(b, 1, 1 << 62)));
        (c, d) = (uint64(bound(c, 1, type(uint64).max)), uint64(bound(d, 1, type(uint64).max)));
        _import("a", a);
        _import("b", b);
        ILots.Operation memory told = _processing(_two("a", a, "b", b), _two("c", c, "d", d));
        (uint256 drawn, uint256 made) = (uint256(a) + b, uint256(c) + d);
        if (made <= drawn) return _operate(_factory, told);
        _refused(
            _factory,
            told,
            abi.encodeWithSelector(ILots.LotsMassCreated.selector, drawn, made)
        );
    }
}
