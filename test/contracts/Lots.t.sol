// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ILots} from "../../contracts/interfaces/ILots.sol";
import {IParties} from "../../contracts/interfaces/IParties.sol";
import {LotsSeason} from "./LotsSeason.sol";

contract LotsTest is LotsSeason {
    event Operated(
        bytes32 indexed digest,
        uint8 indexed kind,
        bytes32 indexed party,
        bytes32 signer
    );

    function test_AHarvestMakesALotOfThePlotsArea() public {
        ILots.Operation memory told = _harvesting(_farm, "lot", 700);
        bytes32 digest = _digest(address(_lots), this.hashOf(told));
        vm.expectEmit();
        emit Operated(digest, told.kind, _farm.party, _farm.party);
        _operate(_farm, told);
        vm.snapshotGasLastCall("harvest");
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
        vm.snapshotGasLastCall("note");
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
}
