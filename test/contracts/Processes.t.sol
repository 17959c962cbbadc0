// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {ILots} from "../../contracts/interfaces/ILots.sol";
import {LotsSeason} from "./LotsSeason.sol";

contract ProcessesTest is LotsSeason {
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

    function test_AClaimIsNotSpentOnWhatGrewElsewhere() public {
        ICertificates.Grant memory told = _granted(_certifier, "other", GI, _factory.party);
        told.area = "KH";
        _certificates.grant(told, _sign(_certifier, address(_certificates), this.hashOf(told)));
        _harvest("lot", 700);
        _move(_farm, _factory, "lot", 700);
        ILots.Operation memory operation = _certifying("lot", 700);
        operation.certificate = "other";
        _refused(
            _factory,
            operation,
            abi.encodeWithSelector(ILots.LotsWrongOrigin.selector, bytes32("lot"), bytes32("other"))
        );
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
