// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Proof} from "./ISigned.sol";

/// @notice Rights to a quantity: growing-area codes, GI rights, organic certificates, packing codes. Spent in grams, once.
interface ICertificates {
    /// @notice Issues `certificate` (SHA-256 of its canonical URI) to `holder`.
    /// @param area bytes6 text of ISO 3166-1 or -2 ("VN-58"); zero: any. `content` is SHA-256(JCS(document)).
    struct Grant {
        bytes32 party;
        bytes32 key;
        uint64 number;
        bytes32 certificate;
        uint16 scheme;
        bytes32 holder;
        bytes6 area;
        uint64 quota;
        uint64 from;
        uint64 until;
        bytes32 content;
    }

    /// @notice Ends `certificate` from the block that takes it; signed by a key of its issuer, or of an authority.
    struct Revocation {
        bytes32 party;
        bytes32 key;
        uint64 number;
        bytes32 certificate;
        bytes32 content;
    }

    /// @notice What a reader sees. `revoked` is the block time of the revocation, 0 if none.
    struct Certificate {
        bytes32 issuer;
        bytes32 holder;
        uint16 scheme;
        bytes6 area;
        uint64 quota;
        uint64 spent;
        uint64 from;
        uint64 until;
        uint64 revoked;
        bytes32 content;
    }

    /// @notice `issuer` granted `certificate`; its document, area and period are what the issuer signed.
    event CertificateGranted(
        bytes32 indexed certificate,
        bytes32 indexed issuer,
        bytes32 indexed holder,
        uint16 scheme,
        uint64 quota,
        bytes32 content
    );
    /// @notice `certificate` ended in this block, by the party `by`.
    event CertificateRevoked(bytes32 indexed certificate, bytes32 indexed by, bytes32 content);
    /// @notice From now on `spender` alone may spend.
    event SpenderSet(address indexed spender);
    /// @notice Keys with one of the roles `issuers` (bits) issue `scheme` from now on; 0: nobody does.
    event SchemeSet(uint16 indexed scheme, uint16 issuers, uint8 kind);

    /// @notice `sender` is not the contract that governance named.
    error CertificatesNotASpender(address sender);
    /// @notice Kind 0 is none, and a scheme keeps its kind.
    error CertificatesBadKind(uint16 scheme, uint8 kind);
    /// @notice Governance named no such scheme.
    error CertificatesSchemeUnknown(uint16 scheme);
    /// @notice `key` has no role that issues `scheme`, or signs for another party.
    error CertificatesMayNotIssue(bytes32 key, uint16 scheme);
    /// @notice A certificate is granted once.
    error CertificatesExists(bytes32 certificate);
    /// @notice Nobody granted `certificate`.
    error CertificatesUnknown(bytes32 certificate);
    /// @notice `holder` is not a party.
    error CertificatesUnknownHolder(bytes32 holder);
    /// @notice Nobody grants itself anything; `holder` is the issuer.
    error CertificatesOwnHolder(bytes32 holder);
    /// @notice A period has a second at least, and ends before 2^48.
    error CertificatesBadPeriod(uint64 from, uint64 until);
    /// @notice `party` neither issued `certificate` nor signs with an authority's key.
    error CertificatesMayNotRevoke(bytes32 certificate, bytes32 party);
    /// @notice `certificate` was revoked in the block of time `revoked`.
    error CertificatesRevoked(bytes32 certificate, uint64 revoked);
    /// @notice At `time`, the block's, `certificate` is not yet or no longer valid.
    error CertificatesNotValid(bytes32 certificate, uint64 from, uint64 until, uint256 time);
    /// @notice `party` does not hold `certificate`.
    error CertificatesWrongHolder(bytes32 certificate, bytes32 party);
    /// @notice `certificate` is of `scheme`, whose kind is not for this.
    error CertificatesWrongKind(bytes32 certificate, uint16 scheme);
    /// @notice `mass` grams were wanted and `left` are left.
    error CertificatesQuotaExceeded(bytes32 certificate, uint64 mass, uint64 left);

    /// @notice Governance names a scheme: which roles (bits) may issue it, and its kind (1: a plot, drawn on by harvests; 2: a claim, spent on lots).
    function setScheme(uint16 scheme, uint16 issuers, uint8 kind) external;

    /// @notice Governance names the one contract that may call `spend`.
    function setSpender(address spender_) external;

    /// @notice Takes a grant from a key of its issuer. A certificate is never changed afterwards but by spending and revocation.
    function grant(Grant calldata granted, Proof calldata proof) external;
    /// @notice Takes a revocation: nothing can be spent any more, from the next call of the same block on. Final.
    function revoke(Revocation calldata revocation, Proof calldata proof) external;

    /// @notice Spends `mass` grams for `holder` (dense index); only for the contract that governance named.
    /// @return area the certificate's area.
    function spend(
        bytes32 certificate,
        uint8 kind,
        uint32 holder,
        uint64 mass
    ) external returns (bytes6 area);

    /// @notice The contract that may spend.
    function spender() external view returns (address);

    /// @notice What is known of each certificate, in the same order, for hundreds in one call; zeros: of an unknown one.
    function certificatesOf(
        bytes32[] calldata certificates
    ) external view returns (Certificate[] memory);

    /// @notice Which roles (bits) may issue `scheme`, and its kind; kind 0: no such scheme.
    function schemeOf(uint16 scheme) external view returns (uint16 issuers, uint8 kind);
}
