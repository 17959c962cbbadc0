// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IParties} from "../../contracts/interfaces/IParties.sol";
import {Proof} from "../../contracts/interfaces/ISigned.sol";
import {Roles} from "../../contracts/libraries/Roles.sol";
import {Person, Season} from "./Season.sol";

contract PartiesTest is Season {
    bytes32 private constant STORE = "store";

    function _refusedEnrolment(
        Person memory by,
        IParties.Enrolment memory told,
        bytes memory reason
    ) private {
        Proof memory proof = _sign(by, address(_parties), this.hashOf(told));
        vm.expectRevert(reason);
        _parties.enrol(told, proof);
    }

    function _ending(
        Person memory by,
        bytes32 key,
        uint64 until
    ) private returns (IParties.KeyRevocation memory told, Proof memory proof) {
        told = IParties.KeyRevocation(by.party, by.key, _next(by), key, until, CONTENT);
        proof = _sign(by, address(_parties), this.hashOf(told));
    }

    function _end(Person memory by, bytes32 key, uint64 until) private {
        (IParties.KeyRevocation memory told, Proof memory proof) = _ending(by, key, until);
        _parties.revoke(told, proof);
    }

    function _refusedEnd(Person memory by, bytes32 key, uint64 until, bytes memory reason) private {
        (IParties.KeyRevocation memory told, Proof memory proof) = _ending(by, key, until);
        vm.expectRevert(reason);
        _parties.revoke(told, proof);
    }

    function _watching(
        Person memory by,
        bytes32 device,
        uint64 from,
        uint64 until
    ) private returns (IParties.Watch memory told, Proof memory proof) {
        told = IParties.Watch(by.party, by.key, _next(by), device, STORE, from, until, 60, CONTENT);
        proof = _sign(by, address(_parties), this.hashOf(told));
    }

    function _watch(Person memory by, bytes32 device, uint64 from, uint64 until) private {
        (IParties.Watch memory told, Proof memory proof) = _watching(by, device, from, until);
        _parties.watch(told, proof);
    }

    function _watches() private view returns (IParties.Watching[] memory) {
        return _parties.watchesOf(_ids(STORE), 0, 9)[0];
    }

    function _keyOf(bytes32 key) private view returns (IParties.Key memory) {
        return _parties.keysOf(_ids(key))[0];
    }

    function _sponsorOf(bytes32 party) private view returns (bytes32) {
        return _parties.sponsorsOf(_ids(party))[0];
    }

    function _badPeriod(uint64 from, uint64 until) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IParties.PartiesBadPeriod.selector, from, until);
    }

    function _mayNotGrant(bytes32 key, uint16 roles) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IParties.PartiesMayNotGrant.selector, key, roles);
    }

    function test_AnEnrolledKeyIsShownAsItWasSigned() public view {
        IParties.Key memory key = _keyOf(_farm.key);
        require(key.party == _farm.party && key.roles == Roles.FARMER, "another key");
        require(key.from == 0 && key.until == FOR_EVER && key.content == CONTENT, "other terms");
        require(_sponsorOf(_farm.party) == _coop.party, "another sponsor");
        require(_sponsorOf(_province.party) == _province.party, "not its own");
        bytes32[] memory three = new bytes32[](3);
        (three[0], three[1], three[2]) = (_coop.party, "void", _farm.party);
        three = _parties.sponsorsOf(three);
        require(three[0] == _province.party && three[1] == 0, "another order");
        require(three[2] == _coop.party, "another order");
        require(_parties.partyAt(_parties.indexOf(_farm.party)) == _farm.party, "not dense");
        require(_parties.indexOf(_province.party) == 1 && _parties.indexOf("void") == 0, "index");
        require(_keyOf("void").party == 0, "somebody's");
    }

    function test_NobodyGrantsMoreThanGovernanceSaid() public {
        Person memory other = _person("other", "other");
        for (uint16 bit = 1; bit <= Roles.NETWORK_SERVER; bit <<= 1) {
            bool coop = bit & _parties.grantsOf(4) != 0;
            bool province = bit != Roles.AUTHORITY;
            IParties.Enrolment memory told = _enrolment(_coop, other, bit);
            if (!coop) _refusedEnrolment(_coop, told, _mayNotGrant(_coop.key, bit));
            told = _enrolment(_province, other, bit);
            if (!province) _refusedEnrolment(_province, told, _mayNotGrant(_province.key, bit));
            told = _enrolment(_farm, other, bit);
            _refusedEnrolment(_farm, told, _mayNotGrant(_farm.key, bit));
        }
        uint16 both = Roles.FARMER | Roles.CERTIFIER;
        _refusedEnrolment(_coop, _enrolment(_coop, other, both), _mayNotGrant(_coop.key, both));
    }

    function test_OnlyThePartyItsSponsorOrAnAuthorityEnrolsFurtherKeys() public {
        Person memory rival = _person("rival", "rival");
        _enrol(_province, rival, Roles.COOPERATIVE);
        Person memory phone = _person("phone", _farm.party);
        _refusedEnrolment(
            rival,
            _enrolment(rival, phone, Roles.FARMER),
            abi.encodeWithSelector(IParties.PartiesNotSponsor.selector, _farm.party, rival.party)
        );
        _enrol(_coop, phone, Roles.FARMER);
        _enrol(_province, _person("phone2", _farm.party), Roles.FARMER);
        _enrol(_coop, _person("scale", _coop.party), Roles.DEVICE);
        require(_sponsorOf(_farm.party) == _coop.party, "sponsor changed");
        require(_keyOf(phone.key).party == _farm.party, "not the farm's");
    }

    function test_AKeyIsEnrolledOnceForAPeriodWithRolesThatGoTogether() public {
        IParties.Enrolment memory told = _enrolment(_coop, _farm, Roles.FARMER);
        _refusedEnrolment(
            _coop,
            told,
            abi.encodeWithSelector(IParties.PartiesKeyTaken.selector, _farm.key)
        );
        Person memory other = _person("other", "other");
        uint16[2] memory wrong = [uint16(0), Roles.DEVICE | Roles.FARMER];
        for (uint256 i = 0; i < wrong.length; ++i) {
            _refusedEnrolment(
                _coop,
                _enrolment(_coop, other, wrong[i]),
                abi.encodeWithSelector(IParties.PartiesBadRoles.selector, wrong[i])
            );
        }
        vm.expectRevert(abi.encodeWithSelector(IParties.PartiesBadRoles.selector, 256));
        _parties.found(other.party, other.key, 256, 0, FOR_EVER, CONTENT);
        told = _enrolment(_coop, other, Roles.FARMER);
        (told.from, told.until) = (5, 5);
        _refusedEnrolment(_coop, told, _badPeriod(5, 5));
        told = _enrolment(_coop, other, Roles.FARMER);
        told.subject = 0;
        _refusedEnrolment(
            _coop,
            told,
            abi.encodeWithSelector(IParties.PartiesUnknownParty.selector, bytes32(0))
        );
    }

    function test_ASignatureIsTheKeysOwnForThisStatement() public {
        Person memory other = _person("other", "other");
        IParties.Enrolment memory told = _enrolment(_coop, other, Roles.FARMER);
        Proof memory proof = _sign(_coop, address(_parties), this.hashOf(told));
        told.roles = Roles.PROCESSOR;
        bytes32 digest = _digest(address(_parties), this.hashOf(told));
        vm.expectRevert(
            abi.encodeWithSelector(IParties.PartiesBadSignature.selector, _coop.key, digest)
        );
        _parties.enrol(told, proof);

        proof = _sign(_farm, address(_parties), this.hashOf(told));
        vm.expectRevert(abi.encodeWithSelector(IParties.PartiesWrongPoint.selector, _coop.key));
        _parties.enrol(told, proof);

        told = _enrolment(other, other, Roles.FARMER);
        bytes memory unknown = abi.encodeWithSelector(
            IParties.PartiesUnknownKey.selector,
            other.key
        );
        _refusedEnrolment(other, told, unknown);
        told = _enrolment(_coop, other, Roles.FARMER);
        told.party = _province.party;
        _refusedEnrolment(
            _coop,
            told,
            abi.encodeWithSelector(IParties.PartiesWrongParty.selector, _coop.key, _province.party)
        );
    }

    function test_ANumberIsSpentOnceAndOnlyRises() public {
        IParties.Enrolment memory told = _enrolment(_coop, _person("a", "a"), Roles.FARMER);
        told.number = 50;
        _parties.enrol(told, _sign(_coop, address(_parties), this.hashOf(told)));
        require(_keyOf(_coop.key).number == 50, "not spent");
        told = _enrolment(_coop, _person("b", "b"), Roles.FARMER);
        for (uint64 number = 0; number <= 50; number += 25) {
            told.number = number;
            _refusedEnrolment(
                _coop,
                told,
                abi.encodeWithSelector(IParties.PartiesNumberUsed.selector, _coop.key, number, 50)
            );
        }
    }

    function testFuzz_AKeySignsFromItsFirstSecondToBeforeItsLast(
        uint64 from,
        uint64 until,
        uint64 time
    ) public {
        from = uint64(bound(from, 1, 1 << 40));
        until = uint64(bound(until, from + 1, 1 << 41));
        time = uint64(bound(time, 1, 1 << 41));
        Person memory other = _person("other", "other");
        _parties.found(other.party, other.key, Roles.COOPERATIVE, from, until, CONTENT);
        vm.warp(time);
        IParties.Enrolment memory told = _enrolment(other, _person("a", "a"), Roles.FARMER);
        told.until = until;
        if (from <= time && time < until) {
            _parties.enrol(told, _sign(other, address(_parties), this.hashOf(told)));
        } else {
            _refusedEnrolment(
                other,
                told,
                abi.encodeWithSelector(
                    IParties.PartiesKeyNotValid.selector,
                    other.key,
                    from,
                    until,
                    uint256(time)
                )
            );
        }
    }

    function test_AKeySignsInItsFirstSecondAndNotInTheOneAfterItsLast() public {
        Person memory other = _person("other", "other");
        _parties.found(other.party, other.key, Roles.COOPERATIVE, NOW, NOW + 9, CONTENT);
        _enrol(other, _person("a", "a"), Roles.FARMER);
        uint64[2] memory outside = [NOW - 1, NOW + 9];
        for (uint256 i = 0; i < outside.length; ++i) {
            vm.warp(outside[i]);
            _refusedEnrolment(
                other,
                _enrolment(other, _person("b", "b"), Roles.FARMER),
                abi.encodeWithSelector(
                    IParties.PartiesKeyNotValid.selector,
                    other.key,
                    NOW,
                    NOW + 9,
                    uint256(outside[i])
                )
            );
        }
    }

    function test_ADeviceSignsNoStatement() public {
        IParties.Enrolment memory told = _enrolment(_sensor, _person("a", "a"), Roles.FARMER);
        _refusedEnrolment(
            _sensor,
            told,
            abi.encodeWithSelector(IParties.PartiesIsADevice.selector, _sensor.key)
        );
    }

    function test_AKeyIsEndedByItsPartyItsSponsorOrAnAuthorityAndOnlyEarlier() public {
        bytes memory mayNot = abi.encodeWithSelector(
            IParties.PartiesMayNotRevoke.selector,
            _sensor.key,
            _farm.party
        );
        _refusedEnd(_farm, _sensor.key, 5, mayNot);
        _end(_factory, _sensor.key, NOW + 5);
        _end(_coop, _sensor.key, NOW);
        _end(_province, _sensor.key, 5);
        require(_keyOf(_sensor.key).until == 5, "not ended");
        _refusedEnd(_province, _sensor.key, 5, _badPeriod(5, 5));
        _refusedEnd(_province, _sensor.key, 6, _badPeriod(6, 5));
        _refusedEnd(
            _province,
            "void",
            5,
            abi.encodeWithSelector(IParties.PartiesUnknownKey.selector, bytes32("void"))
        );
        _end(_farm, _farm.key, NOW);
        IParties.Delegation memory told = IParties.Delegation(
            _farm.party,
            _farm.key,
            _next(_farm),
            _coop.party,
            FOR_EVER
        );
        Proof memory proof = _sign(_farm, address(_parties), this.hashOf(told));
        vm.expectRevert(
            abi.encodeWithSelector(
                IParties.PartiesKeyNotValid.selector,
                _farm.key,
                0,
                NOW,
                uint256(NOW)
            )
        );
        _parties.delegate(told, proof);
    }

    function test_AWatchIsNeverTakenBackForThePast() public {
        _watch(_factory, _sensor.key, 0, FOR_EVER);
        vm.warp(NOW + 100);
        _watch(_coop, _sensor.key, 50, 50);
        IParties.Watching[] memory watches = _watches();
        require(watches.length == 1, "a watch of nothing");
        require(watches[0].until == NOW + 100 && watches[0].from == 0, "the past was taken back");
        require(watches[0].device == _sensor.key && watches[0].interval == 60, "another watch");
        require(watches[0].content == CONTENT, "other limits");
        require(watches[0].taken == NOW, "not promised when the chain took it");
        _watch(_factory, _sensor.key, NOW + 200, FOR_EVER);
        _watch(_factory, _sensor.key, NOW + 500, NOW + 900);
        watches = _watches();
        require(watches.length == 3 && watches[1].until == NOW + 500, "not replaced in future");
        require(watches[0].until == NOW + 100, "an ended watch changed");
        require(watches[0].taken == NOW && watches[1].taken == NOW + 100, "dated back or on");
        _watch(_factory, _sensor.key, 0, 10);
        require(_watches()[2].until == NOW + 500 || _watches()[2].until == NOW + 100, "still open");
        require(_watches().length == 4, "a watch vanished");
    }

    function test_WatchesAreShownInPages() public {
        for (uint64 i = 1; i < 4; ++i) _watch(_factory, _sensor.key, NOW + i, FOR_EVER);
        bytes32[] memory places = new bytes32[](2);
        (places[0], places[1]) = ("nobody watches", STORE);
        for (uint256 offset = 0; offset < 5; ++offset) {
            for (uint256 limit = 0; limit < 5; ++limit) {
                IParties.Watching[][] memory pages = _parties.watchesOf(places, offset, limit);
                require(pages.length == 2 && pages[0].length == 0, "watches of nobody");
                uint256 left = offset < 3 ? 3 - offset : 0;
                require(pages[1].length == (left < limit ? left : limit), "another page");
                for (uint256 i = 0; i < pages[1].length; ++i) {
                    require(pages[1][i].from == NOW + 1 + offset + i, "another watch");
                }
            }
        }
        uint256 all = type(uint256).max;
        require(_parties.watchesOf(places, 1, all)[1].length == 2, "not all from the second on");
        require(_parties.watchesOf(places, all, all)[1].length == 0, "watches behind the last");
    }

    function test_AWatchIsOfADeviceByItsOwnerOrSponsor() public {
        (IParties.Watch memory told, Proof memory proof) = _watching(_farm, _sensor.key, 0, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IParties.PartiesNotSponsor.selector, _factory.party, _farm.party)
        );
        _parties.watch(told, proof);
        (told, proof) = _watching(_province, _sensor.key, 0, 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IParties.PartiesNotSponsor.selector,
                _factory.party,
                _province.party
            )
        );
        _parties.watch(told, proof);
        (told, proof) = _watching(_coop, _farm.key, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IParties.PartiesNotADevice.selector, _farm.key));
        _parties.watch(told, proof);
        (told, proof) = _watching(_factory, _sensor.key, 5, 5);
        vm.expectRevert(_badPeriod(5, 5));
        _parties.watch(told, proof);
        (told, proof) = _watching(_factory, _sensor.key, 6, 5);
        vm.expectRevert(_badPeriod(6, 5));
        _parties.watch(told, proof);
        _watch(_factory, _sensor.key, 0, FOR_EVER);
        (told, proof) = _watching(_factory, _sensor.key, NOW + 6, NOW + 5);
        vm.expectRevert(_badPeriod(NOW + 6, NOW + 5));
        _parties.watch(told, proof);
    }

    function test_AFarmersPartyAllowsAnAgentUntilItSaysOtherwise() public {
        IParties.Delegation memory told = IParties.Delegation(
            _farm.party,
            _farm.key,
            _next(_farm),
            _coop.party,
            FOR_EVER
        );
        _parties.delegate(told, _sign(_farm, address(_parties), this.hashOf(told)));
        require(_parties.delegatedUntil(_farm.party, _coop.party) == FOR_EVER, "not allowed");
        (told.number, told.until) = (_next(_farm), 1);
        _parties.delegate(told, _sign(_farm, address(_parties), this.hashOf(told)));
        require(
            _parties.delegatedUntil(_farm.party, _coop.party) == block.timestamp,
            "not withdrawn as of now"
        );
        (told.number, told.agent) = (_next(_farm), "void");
        Proof memory proof = _sign(_farm, address(_parties), this.hashOf(told));
        vm.expectRevert(
            abi.encodeWithSelector(IParties.PartiesUnknownParty.selector, bytes32("void"))
        );
        _parties.delegate(told, proof);
        told = IParties.Delegation(
            _factory.party,
            _factory.key,
            _next(_factory),
            _coop.party,
            FOR_EVER
        );
        proof = _sign(_factory, address(_parties), this.hashOf(told));
        vm.expectRevert(
            abi.encodeWithSelector(IParties.PartiesMayNotDelegate.selector, _factory.key)
        );
        _parties.delegate(told, proof);
    }

    function test_OnlyGovernanceFoundsSetsAndAdmits() public {
        bytes memory refused = abi.encodeWithSelector(
            IAccessManaged.AccessManagedUnauthorized.selector,
            address(1)
        );
        vm.prank(address(1));
        vm.expectRevert(refused);
        _parties.found("a", "b", Roles.FARMER, 0, 1, 0);
        vm.prank(address(1));
        vm.expectRevert(refused);
        _parties.setGrants(0, 127);
        vm.prank(address(1));
        vm.expectRevert(refused);
        _parties.admit(address(1), true);
        vm.expectRevert(abi.encodeWithSelector(IParties.PartiesNotACaller.selector, address(this)));
        _parties.authorise(_farm.party, _farm.key, 99);
        require(_parties.admits(address(_lots)) && !_parties.admits(address(1)), "admits");
        _parties.admit(address(_lots), false);
        require(!_parties.admits(address(_lots)), "still admitted");
        _parties.found(_farm.party, "new key", Roles.FARMER, 0, 1, 0);
        require(_sponsorOf(_farm.party) == _farm.party, "not its own sponsor");
    }
}
