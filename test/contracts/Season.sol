// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {ICheckpoints} from "../../contracts/interfaces/ICheckpoints.sol";
import {ICertificates} from "../../contracts/interfaces/ICertificates.sol";
import {ILots} from "../../contracts/interfaces/ILots.sol";
import {IParties} from "../../contracts/interfaces/IParties.sol";
import {Proof} from "../../contracts/interfaces/ISigned.sol";
import {Roles} from "../../contracts/libraries/Roles.sol";
import {Statements} from "../../contracts/libraries/Statements.sol";
import {Test} from "./Test.sol";

/// @notice A key and whose it is; its secret is what its name hashes to.
struct Person {
    bytes32 party;
    bytes32 key;
    uint256 secret;
    bytes32 x;
    bytes32 y;
}

/// @notice The deployed contracts, people with a role each, and how they sign.
abstract contract Season is Test {
    uint64 internal constant NOW = 1_760_000_000;
    uint64 internal constant FOR_EVER = 4_000_000_000;
    uint64 internal constant QUOTA = 1_000_000;
    bytes6 internal constant AREA = "VN-58";
    bytes32 internal constant PLOT = "plot";
    bytes32 internal constant CLAIM = "claim";
    bytes32 internal constant CONTENT = "content";
    uint16 internal constant GROWING_AREA = 1;
    uint16 internal constant GI = 2;

    AccessManager internal _manager;
    IParties internal _parties;
    ICertificates internal _certificates;
    ILots internal _lots;
    ICheckpoints internal _checkpoints;

    Person internal _province;
    Person internal _coop;
    Person internal _farm;
    Person internal _factory;
    Person internal _certifier;
    Person internal _sensor;

    mapping(bytes32 key => uint64) internal _numbers;

    function setUp() public virtual {
        vm.warp(NOW);
        _manager = AccessManager(_deploy("AccessManager", abi.encode(address(this))));
        _parties = IParties(_deploy("Parties", abi.encode(_manager)));
        _certificates = ICertificates(_deploy("Certificates", abi.encode(_manager, _parties)));
        _lots = ILots(_deploy("Lots", abi.encode(_parties, _certificates)));
        _checkpoints = ICheckpoints(_deploy("Checkpoints", abi.encode(_manager)));
        _parties.admit(address(_lots), true);
        _parties.admit(address(_certificates), true);
        _certificates.setSpender(address(_lots));
        _parties.setGrants(4, Roles.FARMER | Roles.PROCESSOR | Roles.EXPORTER | Roles.SENSOR);
        _parties.setGrants(5, (Roles.PERSON ^ Roles.AUTHORITY) | Roles.SENSOR);
        _certificates.setScheme(GROWING_AREA, Roles.CERTIFIER | Roles.AUTHORITY, 1);
        _certificates.setScheme(GI, Roles.CERTIFIER | Roles.AUTHORITY, 2);

        _province = _person("province", "province");
        _coop = _person("coop", "coop");
        _farm = _person("farm", "farm");
        _factory = _person("factory", "factory");
        _certifier = _person("certifier", "certifier");
        _sensor = _person("sensor", "factory");
        _parties.found(_province.party, _province.key, Roles.AUTHORITY, 0, FOR_EVER, CONTENT);
        _enrol(_province, _coop, Roles.COOPERATIVE);
        _enrol(_province, _certifier, Roles.CERTIFIER);
        _enrol(_coop, _farm, Roles.FARMER);
        _enrol(_coop, _factory, Roles.PROCESSOR);
        _enrol(_coop, _sensor, Roles.DEVICE);
        _grant(_certifier, PLOT, GROWING_AREA, _farm.party);
        _grant(_certifier, CLAIM, GI, _factory.party);
    }

    function _person(string memory name, bytes32 party) internal pure returns (Person memory) {
        uint256 secret = uint256(keccak256(bytes(name))) % P256.N;
        (uint256 x, uint256 y) = vm.publicKeyP256(secret);
        bytes32 key = sha256(abi.encodePacked(bytes1(0x04), x, y));
        return Person(party, key, secret, bytes32(x), bytes32(y));
    }

    function _next(Person memory by) internal returns (uint64) {
        return ++_numbers[by.key];
    }

    /// @dev ES256 over the digest, with a low s.
    function _sign(
        Person memory by,
        address verifier,
        bytes32 structHash
    ) internal view returns (Proof memory) {
        (bytes32 r, bytes32 s) = vm.signP256(
            by.secret,
            sha256(abi.encodePacked(_digest(verifier, structHash)))
        );
        if (uint256(s) > P256.N / 2) s = bytes32(P256.N - uint256(s));
        return Proof(by.x, by.y, abi.encodePacked(r, s));
    }

    /// @dev What ERC-5267 says of the verifier is all that a signer knows.
    function _digest(address verifier, bytes32 structHash) internal view returns (bytes32) {
        (, string memory name, string memory version, uint256 chain, address self, , ) = IERC5267(
            verifier
        ).eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                chain,
                self
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    // Calldata is what the library hashes, so these are called from outside.
    function hashOf(ILots.Operation calldata value) external pure returns (bytes32) {
        return Statements.hash(value, value.inputs, value.outputs);
    }

    function hashOf(ICertificates.Grant calldata value) external pure returns (bytes32) {
        return Statements.hash(value);
    }

    function hashOf(ICertificates.Revocation calldata value) external pure returns (bytes32) {
        return Statements.hash(value);
    }

    function hashOf(IParties.Enrolment calldata value) external pure returns (bytes32) {
        return Statements.hash(value);
    }

    function hashOf(IParties.KeyRevocation calldata value) external pure returns (bytes32) {
        return Statements.hash(value);
    }

    function hashOf(IParties.Watch calldata value) external pure returns (bytes32) {
        return Statements.hash(value);
    }

    function hashOf(IParties.Delegation calldata value) external pure returns (bytes32) {
        return Statements.hash(value);
    }

    function _enrolment(
        Person memory by,
        Person memory subject,
        uint16 roles
    ) internal returns (IParties.Enrolment memory) {
        return
            IParties.Enrolment(
                by.party,
                by.key,
                _next(by),
                subject.party,
                subject.key,
                roles,
                0,
                FOR_EVER,
                CONTENT
            );
    }

    function _enrol(Person memory by, Person memory subject, uint16 roles) internal {
        IParties.Enrolment memory told = _enrolment(by, subject, roles);
        _parties.enrol(told, _sign(by, address(_parties), this.hashOf(told)));
    }

    function _granted(
        Person memory by,
        bytes32 certificate,
        uint16 scheme,
        bytes32 holder
    ) internal returns (ICertificates.Grant memory) {
        return
            ICertificates.Grant(
                by.party,
                by.key,
                _next(by),
                certificate,
                scheme,
                holder,
                AREA,
                QUOTA,
                0,
                FOR_EVER,
                CONTENT
            );
    }

    function _grant(Person memory by, bytes32 certificate, uint16 scheme, bytes32 holder) internal {
        ICertificates.Grant memory told = _granted(by, certificate, scheme, holder);
        _certificates.grant(told, _sign(by, address(_certificates), this.hashOf(told)));
    }

    function _revocation(
        Person memory by,
        bytes32 certificate
    ) internal returns (ICertificates.Revocation memory) {
        return ICertificates.Revocation(by.party, by.key, _next(by), certificate, CONTENT);
    }

    function _revoke(Person memory by, bytes32 certificate) internal {
        ICertificates.Revocation memory told = _revocation(by, certificate);
        _certificates.revoke(told, _sign(by, address(_certificates), this.hashOf(told)));
    }

    /// @dev An operation without lots or members; `kind` and who signs.
    function _operation(
        Person memory by,
        ILots.Kind kind
    ) internal returns (ILots.Operation memory told) {
        (told.kind, told.party, told.key) = (uint8(kind), by.party, by.key);
        (told.number, told.time, told.content) = (_next(by), NOW, CONTENT);
    }

    function _harvesting(
        Person memory by,
        bytes32 lot,
        uint64 mass
    ) internal returns (ILots.Operation memory told) {
        told = _operation(by, ILots.Kind.Harvest);
        (told.outputs, told.certificate) = (_portions(lot, mass), PLOT);
    }

    function _importing(
        Person memory by,
        bytes32 lot,
        uint64 mass
    ) internal returns (ILots.Operation memory told) {
        told = _operation(by, ILots.Kind.Intake);
        (told.outputs, told.area) = (_portions(lot, mass), "KH");
    }

    /// @dev The kinds that name one lot.
    function _touching(
        Person memory by,
        ILots.Kind kind,
        bytes32 lot,
        uint64 mass
    ) internal returns (ILots.Operation memory told) {
        told = _operation(by, kind);
        told.inputs = _portions(lot, mass);
    }

    function _signed(
        Person memory by,
        ILots.Operation memory told
    ) internal view returns (Proof memory) {
        return _sign(by, address(_lots), this.hashOf(told));
    }

    function _operate(Person memory by, ILots.Operation memory told) internal {
        _lots.operate(told, _signed(by, told));
    }

    /// @dev The operation must be refused with exactly this error.
    function _refused(Person memory by, ILots.Operation memory told, bytes memory reason) internal {
        Proof memory proof = _signed(by, told);
        vm.expectRevert(reason);
        _lots.operate(told, proof);
    }

    function _portions(
        bytes32 lot,
        uint64 mass
    ) internal pure returns (ILots.Portion[] memory one) {
        one = new ILots.Portion[](1);
        one[0] = ILots.Portion(lot, mass);
    }

    function _two(
        bytes32 a,
        uint64 massA,
        bytes32 b,
        uint64 massB
    ) internal pure returns (ILots.Portion[] memory both) {
        both = new ILots.Portion[](2);
        (both[0], both[1]) = (ILots.Portion(a, massA), ILots.Portion(b, massB));
    }

    function _lotOf(bytes32 lot) internal view returns (ILots.Lot memory) {
        return _lots.lotsOf(_ids(lot))[0];
    }

    function _certificateOf(
        bytes32 certificate
    ) internal view returns (ICertificates.Certificate memory) {
        return _certificates.certificatesOf(_ids(certificate))[0];
    }

    function _ids(bytes32 id) internal pure returns (bytes32[] memory ids) {
        ids = new bytes32[](1);
        ids[0] = id;
    }
}
