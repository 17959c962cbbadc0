// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ICertificates} from "./interfaces/ICertificates.sol";
import {IParties} from "./interfaces/IParties.sol";
import {Proof} from "./interfaces/ISigned.sol";
import {Roles} from "./libraries/Roles.sol";
import {Statements} from "./libraries/Statements.sol";
import {Signed} from "./Signed.sol";

/// @notice Rights to a quantity, spent once.
contract Certificates is ICertificates, AccessManaged, Signed {
    using Roles for uint16;

    /// @dev The first slot is all that spending reads and writes, so that twenty strangers in a batch touch twenty slots.
    struct Right {
        uint64 left; // of the quota
        uint32 holder; // 0: nobody granted it
        bytes6 area;
        uint8 kind; // of its scheme
        uint48 from;
        uint48 until;
        bool ended; // `revoked` is not 0
        uint64 quota;
        uint32 issuer;
        uint16 scheme;
        uint64 revoked;
        bytes32 content;
    }

    struct Scheme {
        uint16 issuers;
        uint8 kind;
    }

    IParties private immutable PARTIES;
    mapping(bytes32 certificate => Right) private _rights;
    mapping(uint16 scheme => Scheme) private _schemes;
    address private _spender;

    constructor(
        address authority,
        IParties parties
    ) AccessManaged(authority) EIP712("Plotline Certificates", "1") {
        PARTIES = parties;
    }

    /// @inheritdoc ICertificates
    function setScheme(uint16 scheme, uint16 issuers, uint8 kind) external restricted {
        uint8 fixed_ = _schemes[scheme].kind;
        require(kind != 0 && (fixed_ == 0 || fixed_ == kind), CertificatesBadKind(scheme, kind));
        _schemes[scheme] = Scheme(issuers, kind);
        emit SchemeSet(scheme, issuers, kind);
    }

    /// @inheritdoc ICertificates
    function setSpender(address spender_) external restricted {
        _spender = spender_;
        emit SpenderSet(spender_);
    }

    /// @inheritdoc ICertificates
    function grant(Grant calldata granted, Proof calldata proof) external {
        _signed(granted.key, Statements.hash(granted), proof);
        (uint32 issuer, uint16 roles, bool delegated) = PARTIES.authorise(
            granted.party,
            granted.key,
            granted.number
        );
        Scheme memory scheme = _schemes[granted.scheme];
        require(scheme.kind != 0, CertificatesSchemeUnknown(granted.scheme));
        require(
            !delegated && roles.any(scheme.issuers),
            CertificatesMayNotIssue(granted.key, granted.scheme)
        );
        uint32 holder = PARTIES.indexOf(granted.holder);
        require(holder != 0, CertificatesUnknownHolder(granted.holder));
        require(holder != issuer, CertificatesOwnHolder(granted.holder));
        require(
            granted.from < granted.until && granted.until <= type(uint48).max,
            CertificatesBadPeriod(granted.from, granted.until)
        );
        Right storage right = _rights[granted.certificate];
        require(right.holder == 0, CertificatesExists(granted.certificate));
        (right.left, right.holder, right.kind) = (granted.quota, holder, scheme.kind);
        (right.from, right.until) = (uint48(granted.from), uint48(granted.until));
        (right.quota, right.issuer, right.scheme) = (granted.quota, issuer, granted.scheme);
        (right.area, right.content) = (granted.area, granted.content);
        emit CertificateGranted(
            granted.certificate,
            granted.party,
            granted.holder,
            granted.scheme,
            granted.quota,
            granted.content
        );
    }

    /// @inheritdoc ICertificates
    function revoke(Revocation calldata revocation, Proof calldata proof) external {
        (bytes32 certificate, bytes32 party) = (revocation.certificate, revocation.party);
        _signed(revocation.key, Statements.hash(revocation), proof);
        (uint32 by, uint16 roles, bool delegated) = PARTIES.authorise(
            party,
            revocation.key,
            revocation.number
        );
        Right storage right = _rights[certificate];
        (uint32 issuer, uint64 revoked) = (right.issuer, right.revoked);
        require(issuer != 0, CertificatesUnknown(certificate));
        require(
            !delegated && (by == issuer || roles.any(Roles.AUTHORITY)),
            CertificatesMayNotRevoke(certificate, party)
        );
        require(revoked == 0, CertificatesRevoked(certificate, revoked));
        (right.ended, right.revoked) = (true, uint64(block.timestamp));
        emit CertificateRevoked(certificate, party, revocation.content);
    }

    /// @inheritdoc ICertificates
    function spend(
        bytes32 certificate,
        uint8 kind,
        uint32 holder,
        uint64 mass
    ) external returns (bytes6 area) {
        require(msg.sender == _spender, CertificatesNotASpender(msg.sender));
        Right storage right = _rights[certificate];
        require(right.holder != 0, CertificatesUnknown(certificate));
        // What only a refusal says lies in the second slot, and `require` would read it in any case.
        if (right.kind != kind) revert CertificatesWrongKind(certificate, right.scheme);
        if (right.ended) revert CertificatesRevoked(certificate, right.revoked);
        (uint64 from, uint64 until, uint64 left) = (right.from, right.until, right.left);
        require(
            from <= block.timestamp && block.timestamp < until,
            CertificatesNotValid(certificate, from, until, block.timestamp)
        );
        if (right.holder != holder) {
            revert CertificatesWrongHolder(certificate, PARTIES.partyAt(holder));
        }
        require(mass <= left, CertificatesQuotaExceeded(certificate, mass, left));
        area = right.area;
        right.left = left - mass;
    }

    /// @inheritdoc ICertificates
    function certificatesOf(
        bytes32[] calldata certificates
    ) external view returns (Certificate[] memory views) {
        views = new Certificate[](certificates.length);
        for (uint256 i = 0; i < certificates.length; ++i) {
            Right memory right = _rights[certificates[i]];
            views[i] = Certificate({
                issuer: PARTIES.partyAt(right.issuer),
                holder: PARTIES.partyAt(right.holder),
                scheme: right.scheme,
                area: right.area,
                quota: right.quota,
                spent: right.quota - right.left, // what is left only falls
                from: right.from,
                until: right.until,
                revoked: right.revoked,
                content: right.content
            });
        }
    }

    /// @inheritdoc ICertificates
    function schemeOf(uint16 scheme) external view returns (uint16 issuers, uint8 kind) {
        return (_schemes[scheme].issuers, _schemes[scheme].kind);
    }

    /// @inheritdoc ICertificates
    function spender() external view returns (address) {
        return _spender;
    }
}
