// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {ILots} from "../../contracts/interfaces/ILots.sol";
import {IParties} from "../../contracts/interfaces/IParties.sol";
import {Proof} from "../../contracts/interfaces/ISigned.sol";
import {Roles} from "../../contracts/libraries/Roles.sol";
import {Person, Season} from "./Season.sol";

contract CertificatesTest is Season {
    function _refusedGrant(
        Person memory by,
        ICertificates.Grant memory told,
        bytes memory reason
    ) private {
        Proof memory proof = _sign(by, address(_certificates), this.hashOf(told));
        vm.expectRevert(reason);
        _certificates.grant(told, proof);
    }

    function _refusedRevocation(
        Person memory by,
        ICertificates.Revocation memory told,
        bytes memory reason
    ) private {
        Proof memory proof = _sign(by, address(_certificates), this.hashOf(told));
        vm.expectRevert(reason);
        _certificates.revoke(told, proof);
    }

    function _mayNotIssue(bytes32 key) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ICertificates.CertificatesMayNotIssue.selector, key, GI);
    }

    function test_ACertificateIsShownAsItWasSigned() public view {
        ICertificates.Certificate memory plot = _certificateOf(PLOT);
        require(plot.issuer == _certifier.party && plot.holder == _farm.party, "other parties");
        require(plot.scheme == GROWING_AREA && plot.area == AREA, "another scheme");
        require(plot.quota == QUOTA && plot.spent == 0 && plot.revoked == 0, "not whole");
        require(plot.from == 0 && plot.until == FOR_EVER && plot.content == CONTENT, "terms");
        require(_certificateOf("void").issuer == 0, "somebody's");
    }

    function test_OnlyARoleOfTheSchemeIssues() public {
        ICertificates.Grant memory told = _granted(_coop, "c", GI, _farm.party);
        _refusedGrant(_coop, told, _mayNotIssue(_coop.key));
        told = _granted(_certifier, "c", 9, _farm.party);
        _refusedGrant(
            _certifier,
            told,
            abi.encodeWithSelector(ICertificates.CertificatesSchemeUnknown.selector, 9)
        );
        _grant(_province, "c", GI, _farm.party);
    }

    function test_AnAgentIssuesAndRevokesNothingForAnother() public {
        _enrol(_province, _person("c2", _certifier.party), Roles.CERTIFIER);
        Person memory chief = _person("chief", _certifier.party);
        _enrol(_province, chief, Roles.CERTIFIER | Roles.FARMER);
        IParties.Delegation memory allowed = IParties.Delegation(
            chief.party,
            chief.key,
            _next(chief),
            _province.party,
            FOR_EVER
        );
        _parties.delegate(allowed, _sign(chief, address(_parties), this.hashOf(allowed)));
        ICertificates.Grant memory told = _granted(_province, "c", GI, _farm.party);
        told.party = _certifier.party;
        _refusedGrant(_province, told, _mayNotIssue(_province.key));
        ICertificates.Revocation memory ended = _revocation(_province, PLOT);
        ended.party = _certifier.party;
        _refusedRevocation(
            _province,
            ended,
            abi.encodeWithSelector(
                ICertificates.CertificatesMayNotRevoke.selector,
                PLOT,
                _certifier.party
            )
        );
    }

    function test_AGrantIsToAnotherKnownPartyOnceForAPeriod() public {
        ICertificates.Grant memory told = _granted(_certifier, "c", GI, "void");
        _refusedGrant(
            _certifier,
            told,
            abi.encodeWithSelector(
                ICertificates.CertificatesUnknownHolder.selector,
                bytes32("void")
            )
        );
        told = _granted(_certifier, "c", GI, _certifier.party);
        _refusedGrant(
            _certifier,
            told,
            abi.encodeWithSelector(ICertificates.CertificatesOwnHolder.selector, _certifier.party)
        );
        told = _granted(_certifier, PLOT, GI, _farm.party);
        _refusedGrant(
            _certifier,
            told,
            abi.encodeWithSelector(ICertificates.CertificatesExists.selector, PLOT)
        );
        told = _granted(_certifier, "c", GI, _farm.party);
        (told.from, told.until) = (9, 9);
        _refusedGrant(
            _certifier,
            told,
            abi.encodeWithSelector(ICertificates.CertificatesBadPeriod.selector, 9, 9)
        );
        (told.number, told.until) = (_next(_certifier), 1 << 48);
        _refusedGrant(
            _certifier,
            told,
            abi.encodeWithSelector(ICertificates.CertificatesBadPeriod.selector, 9, told.until)
        );
        (told.number, told.until) = (_next(_certifier), (1 << 48) - 1);
        _certificates.grant(told, _sign(_certifier, address(_certificates), this.hashOf(told)));
        require(_certificateOf("c").until == told.until, "another end");
    }

    function test_ARevokedOneStopsInTheSameBlock() public {
        _operate(_farm, _harvesting(_farm, "lot", 1));
        _revoke(_certifier, PLOT);
        require(_certificateOf(PLOT).revoked == block.timestamp, "not revoked");
        bytes memory revoked = abi.encodeWithSelector(
            ICertificates.CertificatesRevoked.selector,
            PLOT,
            NOW
        );
        _refused(_farm, _harvesting(_farm, "lot2", 1), revoked);
        _refusedRevocation(_certifier, _revocation(_certifier, PLOT), revoked);
    }

    function test_ItsIssuerOrAnAuthorityRevokes() public {
        bytes memory mayNot = abi.encodeWithSelector(
            ICertificates.CertificatesMayNotRevoke.selector,
            CLAIM,
            _factory.party
        );
        _refusedRevocation(_factory, _revocation(_factory, CLAIM), mayNot);
        _revoke(_province, CLAIM);
        _refusedRevocation(
            _certifier,
            _revocation(_certifier, "void"),
            abi.encodeWithSelector(ICertificates.CertificatesUnknown.selector, bytes32("void"))
        );
    }

    function test_OneIsSpendableInItsFirstSecondAndNotInTheOneAfterItsLast() public {
        ICertificates.Grant memory told = _granted(_certifier, "c", GROWING_AREA, _farm.party);
        (told.from, told.until) = (NOW, NOW + 9);
        _certificates.grant(told, _sign(_certifier, address(_certificates), this.hashOf(told)));
        ILots.Operation memory harvest = _harvesting(_farm, "lot", 1);
        harvest.certificate = "c";
        _operate(_farm, harvest);
        uint64[2] memory outside = [NOW - 1, NOW + 9];
        for (uint256 i = 0; i < outside.length; ++i) {
            vm.warp(outside[i]);
            harvest = _harvesting(_farm, "lot2", 1);
            (harvest.certificate, harvest.time) = ("c", 0);
            _refused(
                _farm,
                harvest,
                abi.encodeWithSelector(
                    ICertificates.CertificatesNotValid.selector,
                    bytes32("c"),
                    NOW,
                    NOW + 9,
                    uint256(outside[i])
                )
            );
        }
    }

    function testFuzz_OneIsSpendableFromItsFirstSecondToBeforeItsLast(
        uint64 from,
        uint64 until,
        uint64 time
    ) public {
        from = uint64(bound(from, NOW, NOW + 1000));
        until = uint64(bound(until, from + 1, NOW + 2000));
        time = uint64(bound(time, NOW, NOW + 2000));
        ICertificates.Grant memory told = _granted(_certifier, "c", GROWING_AREA, _farm.party);
        (told.from, told.until) = (from, until);
        _certificates.grant(told, _sign(_certifier, address(_certificates), this.hashOf(told)));
        vm.warp(time);
        ILots.Operation memory harvest = _harvesting(_farm, "lot", 1);
        harvest.certificate = "c";
        if (from <= time && time < until) return _operate(_farm, harvest);
        _refused(
            _farm,
            harvest,
            abi.encodeWithSelector(
                ICertificates.CertificatesNotValid.selector,
                bytes32("c"),
                from,
                until,
                uint256(time)
            )
        );
    }

    function testFuzz_NoOrderOfHarvestsExceedsAQuota(uint64[8] memory masses) public {
        uint64 spent = 0;
        for (uint256 i = 0; i < masses.length; ++i) {
            uint64 mass = uint64(bound(masses[i], 1, QUOTA / 2));
            ILots.Operation memory told = _harvesting(_farm, bytes32(i + 1), mass);
            if (spent + mass <= QUOTA) {
                _operate(_farm, told);
                spent += mass;
            } else {
                bytes memory exceeded = abi.encodeWithSelector(
                    ICertificates.CertificatesQuotaExceeded.selector,
                    PLOT,
                    mass,
                    QUOTA - spent
                );
                _refused(_farm, told, exceeded);
            }
        }
        require(_certificateOf(PLOT).spent == spent, "another sum");
    }

    function test_OneIsSpentByItsHolderForItsKindThroughLotsAlone() public {
        Person memory other = _person("other", "other");
        _enrol(_coop, other, Roles.FARMER);
        _refused(
            other,
            _harvesting(other, "lot", 1),
            abi.encodeWithSelector(
                ICertificates.CertificatesWrongHolder.selector,
                PLOT,
                other.party
            )
        );
        ILots.Operation memory told = _harvesting(_farm, "lot", 1);
        told.certificate = "void";
        _refused(
            _farm,
            told,
            abi.encodeWithSelector(ICertificates.CertificatesUnknown.selector, bytes32("void"))
        );
        told = _harvesting(_farm, "lot", 1);
        told.certificate = CLAIM;
        _refused(
            _farm,
            told,
            abi.encodeWithSelector(ICertificates.CertificatesWrongKind.selector, CLAIM, GI)
        );
        vm.expectRevert(
            abi.encodeWithSelector(ICertificates.CertificatesNotASpender.selector, address(this))
        );
        _certificates.spend(PLOT, 1, 1, 1);
        require(_certificates.spender() == address(_lots), "another spender");
    }

    function test_OnlyGovernanceNamesSchemesAndAKindStays() public {
        _certificates.setScheme(GI, Roles.AUTHORITY, 2);
        (uint16 issuers, uint8 kind) = _certificates.schemeOf(GI);
        require(issuers == Roles.AUTHORITY && kind == 2, "not set");
        uint8[2] memory wrong = [0, 1];
        for (uint256 i = 0; i < wrong.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(ICertificates.CertificatesBadKind.selector, GI, wrong[i])
            );
            _certificates.setScheme(GI, Roles.AUTHORITY, wrong[i]);
        }
        bytes memory refused = abi.encodeWithSelector(
            IAccessManaged.AccessManagedUnauthorized.selector,
            address(1)
        );
        vm.prank(address(1));
        vm.expectRevert(refused);
        _certificates.setScheme(3, 1, 1);
        vm.prank(address(1));
        vm.expectRevert(refused);
        _certificates.setSpender(address(1));
    }
}
