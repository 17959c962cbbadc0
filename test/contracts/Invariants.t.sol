// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ILots} from "../../contracts/interfaces/ILots.sol";
import {Actors} from "./Actors.sol";
import {Test} from "./Test.sol";

/// @notice What holds whatever anybody does, in any order.
contract InvariantsTest is Test {
    Actors private _actors;

    function setUp() public {
        _actors = new Actors();
        _actors.begin();
    }

    function targetContracts() public view override returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_actors);
    }

    function targetSelectors() public view override returns (Selectors[] memory selectors) {
        selectors = new Selectors[](1);
        selectors[0] = Selectors(address(_actors), _actors.actions());
    }

    function invariant_NoMassIsMadeOrLost() public view {
        uint256 left = 0;
        for (uint256 i = 0; i < _actors.LOTS(); ++i) left += _actors.massOf(_actors.lotAt(i));
        require(_actors.returned() <= _actors.went(), "a process made mass");
        uint256 came = _actors.came() + _actors.returned();
        require(left + _actors.went() == came, "mass appeared or vanished");
    }

    function invariant_NoQuotaIsExceeded() public view {
        bytes32[2] memory certificates = [bytes32("plot"), "claim"];
        for (uint256 i = 0; i < certificates.length; ++i) {
            (uint64 spent, uint64 quota) = _actors.shownSpent(certificates[i]);
            require(_actors.spent(certificates[i]) == spent, "another sum");
            require(spent <= quota, "quota exceeded");
        }
        require(!_actors.spentAfterRevocation(), "spent after its revocation");
    }

    function invariant_NoHeadForgetsAnOperation() public view {
        for (uint256 i = 0; i < _actors.LOTS(); ++i) {
            bytes32 lot = _actors.lotAt(i);
            ILots.Lot memory shown = _actors.shown(lot);
            require(shown.head == _actors.head(lot), "another history");
            require(shown.count == _actors.count(lot), "another length");
        }
    }

    function invariant_NumbersOnlyRise() public view {
        require(!_actors.replayed(), "a number was used twice");
        for (uint256 who = 0; who < 5; ++who) {
            (uint64 shown, uint64 given) = _actors.shownNumber(who);
            require(shown >= given, "a number fell");
        }
    }

    function invariant_NobodyActsWithoutTheRoleAtThatTime() public view {
        require(!_actors.actedWithoutRole(), "acted without the role");
        require(!_actors.actedAfterItsEnd(), "acted with an ended key");
    }

    function invariant_SegregatedLotsStayApart() public view {
        require(!_actors.mixed(), "mixed");
        for (uint256 i = 0; i < _actors.LOTS(); ++i) {
            bytes32 lot = _actors.lotAt(i);
            bool shown = _actors.shown(lot).flags & 2 != 0;
            require(shown == _actors.segregated(lot), "no longer apart");
        }
    }
}
