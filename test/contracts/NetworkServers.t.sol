// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IParties} from "../../contracts/interfaces/IParties.sol";
import {Proof} from "../../contracts/interfaces/ISigned.sol";
import {Roles} from "../../contracts/libraries/Roles.sol";
import {Person, Season} from "./Season.sol";

contract NetworkServersTest is Season {
    bytes32 private constant STORE = "store";

    Person private _server;

    function setUp() public override {
        super.setUp();
        _server = _person("server", _factory.party);
        _enrol(_coop, _server, Roles.NETWORK_SERVER);
    }

    function test_ItsKeyIsShownAsWhatItIsAndWatchesAPlaceAsADeviceDoes() public {
        require(_parties.keysOf(_ids(_server.key))[0].roles == Roles.NETWORK_SERVER, "relabelled");
        IParties.Watch memory told = IParties.Watch(
            _factory.party,
            _factory.key,
            _next(_factory),
            _server.key,
            STORE,
            0,
            FOR_EVER,
            60,
            CONTENT
        );
        _parties.watch(told, _sign(_factory, address(_parties), this.hashOf(told)));
        require(
            _parties.watchesOf(_ids(STORE), 0, 1)[0][0].device == _server.key,
            "watches nothing"
        );
    }

    function test_ItsKeySignsNoStatement() public {
        IParties.Enrolment memory told = _enrolment(_server, _person("a", "a"), Roles.FARMER);
        _refused(
            _server,
            told,
            abi.encodeWithSelector(IParties.PartiesIsADevice.selector, _server.key)
        );
    }

    function test_ItsKeyIsNothingElseAndNeverBecomesADevices() public {
        Person memory other = _person("other", _factory.party);
        uint16[3] memory wrong = [
            Roles.SENSOR,
            Roles.NETWORK_SERVER | Roles.FARMER,
            Roles.NETWORK_SERVER | Roles.PERSON
        ];
        for (uint256 i = 0; i < wrong.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IParties.PartiesBadRoles.selector, wrong[i]));
            _parties.found(other.party, other.key, wrong[i], 0, FOR_EVER, CONTENT);
        }
        IParties.Enrolment memory told = _enrolment(_coop, _server, Roles.DEVICE);
        _refused(
            _coop,
            told,
            abi.encodeWithSelector(IParties.PartiesKeyTaken.selector, _server.key)
        );
    }

    function _refused(
        Person memory by,
        IParties.Enrolment memory told,
        bytes memory reason
    ) private {
        Proof memory proof = _sign(by, address(_parties), this.hashOf(told));
        vm.expectRevert(reason);
        _parties.enrol(told, proof);
    }
}
