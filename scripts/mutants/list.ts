/** One change of a source that must turn a test red. */
export type Mutant = {
  readonly file: string;
  readonly name: string;
  readonly find: string; // must occur once, unless `at` says where
  readonly put: string;
  readonly at?: number;
  /** The one test that must fail, where it is not enough that any does. */
  readonly by?: { readonly name: string; readonly files: readonly string[] };
};

const SEASON = ["Invariants.t.sol", "Actors.sol"];
const LOG = ["LogInvariants.t.sol"];

/** Which tests judge the changes of a source. */
export const TESTS: Readonly<Record<string, readonly string[]>> = {
  "contracts/Lots.sol": ["Lots.t.sol", "Processes.t.sol"],
  "contracts/Certificates.sol": ["Certificates.t.sol"],
  "contracts/Checkpoints.sol": ["Checkpoints.t.sol"],
  "contracts/Keys.sol": ["Parties.t.sol", "NetworkServers.t.sol"],
  "contracts/Parties.sol": ["Parties.t.sol", "NetworkServers.t.sol", "Lots.t.sol"],
  "contracts/Signed.sol": ["Signed.t.sol", "Parties.t.sol"],
  "contracts/libraries/Balance.sol": ["Lots.t.sol", "Processes.t.sol"],
  "contracts/libraries/MerkleLog.sol": ["Checkpoints.t.sol"],
  "contracts/libraries/Roles.sol": ["Roles.t.sol", "Parties.t.sol"],
  "contracts/libraries/Shapes.sol": ["Shapes.t.sol"],
  "contracts/libraries/Signature.sol": ["Signed.t.sol"],
  "contracts/libraries/Statements.sol": ["Statements.t.sol"],
};

/** What is built alone, and its tests, for changes of what is no function. */
export const LIBRARIES = [
  ...["ICertificates", "ILots", "IParties", "ISigned"].map((n) => `contracts/interfaces/${n}.sol`),
  ...["Roles", "Shapes", "Statements"].map((name) => `contracts/libraries/${name}.sol`),
];
export const LIBRARY_TESTS = ["Test.sol", "Roles.t.sol", "Shapes.t.sol", "Statements.t.sol"];

const change = (file: string, find: string, put: string): Mutant => ({
  file: `contracts/${file}.sol`,
  name: `"${put}" for "${find}"`,
  find,
  put,
});

/** Without the check, the invariant of that name must be seen red. */
const unchecked = (
  name: string,
  files: readonly string[],
  file: string,
  find: string,
  put = "",
): Mutant => ({
  ...change(file, find, put),
  name: `${name} without its check`,
  by: { name, files },
});

/** Every type, every member of an operation, and every statement with another one's type. */
const STATEMENTS: readonly Mutant[] = [
  ...["Grant", "Revocation", "Enrolment", "KeyRevocation", "Watch", "Delegation"].map((name) =>
    change("libraries/Statements", `"${name}(bytes32`, `"${name}(bytes`),
  ),
  change("libraries/Statements", '"Operation(uint8 kind', '"Operation(uint16 kind'),
  change("libraries/Statements", 'keccak256("Portion(', 'keccak256("Portions('),
  change("libraries/Statements", "content)Portion(bytes32 lot,", "content)Portion(bytes32 lots,"),
  ...["kind", "party", "key", "number", "time", "certificate", "counterparty", "area"].map((name) =>
    change("libraries/Statements", `operation.${name},\n`, "\n"),
  ),
  change("libraries/Statements", "operation.segregated,", "false,"),
  change("libraries/Statements", "operation.content\n", "bytes32(0)\n"),
  change("libraries/Statements", "_hash(inputs),", "_hash(outputs),"),
  change("libraries/Statements", "_hash(outputs),", "_hash(inputs),"),
  change("libraries/Statements", "(GRANT, granted)", "(REVOCATION, granted)"),
  change("libraries/Statements", "(REVOCATION, revocation)", "(KEY_REVOCATION, revocation)"),
  change("libraries/Statements", "(ENROLMENT, enrolment)", "(GRANT, enrolment)"),
  change("libraries/Statements", "(KEY_REVOCATION, revocation)", "(REVOCATION, revocation)"),
  change("libraries/Statements", "(WATCH, watching)", "(DELEGATION, watching)"),
  change("libraries/Statements", "(DELEGATION, delegation)", "(WATCH, delegation)"),
  change("libraries/Statements", 'keccak256("");', "0;"),
  change("libraries/Statements", "bytes.concat(_hash(portions[0]))", "abi.encode(portions[0])"),
  change("libraries/Statements", "i = 0; i < portions.length", "i = 1; i < portions.length"),
  change("libraries/Statements", "portion.lot, portion.mass", "portion.lot"),
  change("libraries/Statements", "portion.lot, portion.mass", "portion.mass"),
];

const SIGNATURES: readonly Mutant[] = [
  change("libraries/Signature", "bytes1(0x04), ", ""),
  change("libraries/Signature", "proof.x, proof.y));", "proof.y, proof.x));"),
  change("libraries/Signature", "signature.length == 64", "signature.length >= 64"),
  change("libraries/Signature", "sha256(abi.encodePacked(digest))", "digest"),
  change(
    "libraries/Signature",
    "P256.verify(hash, r, s,",
    "P256.verify(hash, r, uint256(s) > P256.N / 2 ? bytes32(P256.N - uint256(s)) : s,",
  ),
  change("libraries/Signature", "P256.verify(hash, r, s, proof.x, proof.y)", "true"),
  change("libraries/Signature", "return decoded && WebAuthn.verify", "return WebAuthn.verify"),
  change("libraries/Signature", "verify(abi.encodePacked(digest),", 'verify("",'),
  change(
    "libraries/Signature",
    "assertion, proof.x, proof.y)",
    "assertion, proof.x, proof.y, false)",
  ),
];

const MERKLE_LOG: readonly Mutant[] = [
  ["while (first & 1 == 1) (first, second) = (first >> 1, second >> 1);", ""],
  ["first == 0 ? 0 : 1", "0"],
  ["first == 0 ? 0 : 1", "1"],
  ["if (proof.length < next) return (0, 0, false);", ""],
  ["first == 0 ? root : proof[0]", "root"],
  ["if (second == 0) return (0, 0, false);", "if (second == 0) break;"],
  ["first & 1 == 1 || first == second", "first & 1 == 1"],
  ["first & 1 == 1 || first == second", "first == second"],
  ["olderRoot = hashNode(node, olderRoot);", ""],
  ["newerRoot = hashNode(node, newerRoot);", ""],
  ["while (first & 1 == 0) (first, second) = (first >> 1, second >> 1);", ""],
  ["newerRoot = hashNode(newerRoot, node);", "newerRoot = hashNode(node, newerRoot);"],
  ["fits = second == 0;", "fits = true;"],
  ["if (last == 0) return (0, false);", "if (last == 0) break;"],
  ["index & 1 == 1 || index == last", "index & 1 == 1"],
  ["index & 1 == 1 || index == last", "index == last"],
  ["while (index & 1 == 0) (index, last) = (index >> 1, last >> 1);", ""],
  ["root = hashNode(root, node);", "root = hashNode(node, root);"],
  ["fits = last == 0;", "fits = true;"],
  ["mstore8(free, 0x01)", "mstore8(free, 0x00)"],
  ["add(free, 0x01), left", "add(free, 0x01), right"],
  ["add(free, 0x21), right", "add(free, 0x21), left"],
  ["free, 0x41, 0x00", "free, 0x40, 0x00"],
].map(([find = "", put = ""]) => change("libraries/MerkleLog", find, put));

const ROLES: readonly Mutant[] = [
  ...["FARMER = 1", "PROCESSOR = 2", "EXPORTER = 4", "CERTIFIER = 8", "COOPERATIVE = 16"].map(
    (name) => change("libraries/Roles", `${name};`, `${name.replace(/\d+/, "256")};`),
  ),
  change("libraries/Roles", "AUTHORITY = 32;", "AUTHORITY = 256;"),
  change("libraries/Roles", "DEVICE = 64;", "DEVICE = 256;"),
  change("libraries/Roles", "NETWORK_SERVER = 128;", "NETWORK_SERVER = 256;"),
  change("libraries/Roles", "roles == DEVICE || ", ""),
  change("libraries/Roles", " || roles == NETWORK_SERVER", ""),
  change("libraries/Roles", "roles != 0 && ", ""),
  change("libraries/Roles", "&& roles & ~PERSON == 0", ""),
  change("libraries/Roles", "roles & wanted != 0", "roles & wanted == wanted"),
  change("libraries/Roles", "roles & wanted != 0", "roles != 0"),
];

/** What deleting checks one by one cannot show. */
export const MUTANTS: readonly Mutant[] = [
  ...STATEMENTS,
  ...SIGNATURES,
  ...MERKLE_LOG,
  ...ROLES,
  unchecked(
    "invariant_NoMassIsMadeOrLost",
    SEASON,
    "Lots",
    "require(made <= drawn, LotsMassCreated(drawn, made));",
  ),
  unchecked(
    "invariant_NoQuotaIsExceeded",
    SEASON,
    "Certificates",
    `require(mass <= left, CertificatesQuotaExceeded(certificate, mass, left));
        area = right.area;
        right.left = left - mass;`,
    // The subtraction checks once more.
    "area = right.area;\n        right.left = mass <= left ? left - mass : 0;",
  ),
  unchecked(
    "invariant_NoQuotaIsExceeded",
    SEASON,
    "Certificates",
    "if (right.ended) revert CertificatesRevoked(certificate, right.revoked);",
  ),
  unchecked("invariant_NoHeadForgetsAnOperation", SEASON, "Lots", "balance.counted()", "balance"),
  unchecked(
    "invariant_NoHeadForgetsAnOperation",
    SEASON,
    "Lots",
    "_extend(state, state.head, balance, by.digest);",
    "if (kind != Kind.Recall) _extend(state, state.head, balance, by.digest);\n" +
      "        else state.balance = balance;",
  ),
  unchecked(
    "invariant_NumbersOnlyRise",
    SEASON,
    "Keys",
    "require(number > last, PartiesNumberUsed(key, number, last));",
  ),
  unchecked(
    "invariant_NobodyActsWithoutTheRoleAtThatTime",
    SEASON,
    "Lots",
    "require(Shapes.allowed(kind, roles, delegated), LotsNotAllowed(uint8(kind), key));",
  ),
  unchecked(
    "invariant_NobodyActsWithoutTheRoleAtThatTime",
    SEASON,
    "Keys",
    "from <= block.timestamp && block.timestamp < until,",
    "from <= block.timestamp,",
  ),
  unchecked(
    "invariant_SegregatedLotsStayApart",
    SEASON,
    "Lots",
    "require((balance.flags() ^ flags) & SEGREGATED == 0, LotsMixed(lot));",
  ),
  unchecked(
    "invariant_ALogNeverShrinks",
    LOG,
    "Checkpoints",
    "require(size > newest.size, CheckpointsNotNewer(log, size, newest.size));",
  ),
  unchecked(
    "invariant_ALogNeverRewritesItsHistory",
    LOG,
    "Checkpoints",
    "require(older == newest.root && newer == root, CheckpointsHistoryRewritten(log, size));",
  ),
  change("Lots", "flags &= balance.flags();", ""),
  change("Lots", "if (balance.area() != area) area = 0;", ""),
  change("Lots", "balance.mass() - mass", "balance.mass()"),
  change("Lots", "delegated ? (PARTIES.indexOf(party), 0)", "delegated ? (signer, 0)"),
  change("Lots", "(PARTIES.indexOf(party), 0)", "(PARTIES.indexOf(party), roles)"),
  change("Lots", "block.timestamp + AHEAD", "block.timestamp + AHEAD + 1"),
  change("Lots", "party, PARTIES.partyAt(signer)", "party, party"),
  change("Lots", ".withHolder(by.party).withPending(0)", ".withHolder(by.party)"),
  change("Lots", ".withMass(0).withPending(0)", ".withMass(0)"),
  change("Lots", ".withPending(0).withFlag(RETIRED)", ".withPending(0)"),
  change("Lots", "&& balance.has(GROWN)", ""),
  change("Lots", "balance.area() == area &&", ""),
  change("Lots", "digest, uint64(block.timestamp)", "digest, uint64(0)"),
  change("Certificates", "from <= block.timestamp && block", "block"),
  change("Certificates", "&& block.timestamp < until", "&& block.timestamp <= until"),
  change("Certificates", "right.holder != holder", "false"),
  change("Certificates", "right.kind != kind", "false"),
  change("Certificates", "&& granted.until <= type(uint48).max", ""),
  change("Certificates", "right.quota - right.left", "right.left"),
  change("Certificates", "!delegated && roles.any", "roles.any"),
  change("Certificates", "!delegated && (by == issuer", "(by == issuer"),
  change("Certificates", "(by == issuer || roles.any(Roles.AUTHORITY))", "by == issuer"),
  change("Certificates", "by == issuer || roles", "roles"),
  change("Certificates", "(fixed_ == 0 || fixed_ == kind)", "true"),
  change("Checkpoints", "older == newest.root && newer", "newer"),
  change("Checkpoints", "&& newer == root", ""),
  change("Checkpoints", "if (index >= newest.size) return false;", ""),
  change("Checkpoints", "return fits && root", "return root"),
  change("Keys", "from <= block.timestamp && block", "block"),
  change("Keys", "block.timestamp < until,", "block.timestamp <= until,"),
  change("Keys", "by == party.index || by", "by"),
  change("Keys", "|| by == party.sponsor", ""),
  change("Keys", "|| roles.any(Roles.AUTHORITY)", ""),
  change("Keys", "if (_parties[subject].sponsor == 0) _parties", "_parties"),
  change("Keys", "until < before,", "until <= before,"),
  change("Keys", "Roles.SENSOR", "Roles.DEVICE"),
  change("Parties", "Roles.SENSOR", "Roles.DEVICE"),
  change("Parties", "_answers(by, 0, owner)", "_answers(by, Roles.AUTHORITY, owner)"),
  change("Parties", "time < block.timestamp ? uint64(block.timestamp) : time", "time"),
  change("Parties", "ended = end < open.until;", "ended = true;"),
  change("Parties", "uint64(block.timestamp),", "from,"),
  change("Parties", "Math.min(limit, Math.saturatingSub(all.length, offset))", "all.length"),
  change("Parties", "Math.saturatingSub(all.length, offset)", "all.length"),
  change("Parties", "all[offset + j]", "all[j]"),
  change("Parties", "[index] > block.timestamp", "[index] >= block.timestamp"),
  change("Parties", "from == until && ended", "from == until"),
  change("Parties", "from == until && ended", "ended"),
  change("libraries/Shapes", "type(uint16).max |\n            ((OUT", "((OUT"),
  change("libraries/Shapes", "DELEGABLE & (1 << uint256(kind)) != 0 &&", ""),
  change("libraries/Balance", "0 < mass_ && mass_", "mass_"),
  change("libraries/Balance", "& ~uint256(type(uint64).max)) | mass_", ") | mass_"),
  change("libraries/Balance", "& ~(uint256(type(uint32).max) << place)", ""),
  change(
    "libraries/Balance",
    "Balance.unwrap(balance) & ~(uint256(flag) << FLAGS)",
    "Balance.unwrap(balance)",
  ),
];
