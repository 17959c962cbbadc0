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
  "contracts/libraries/Shapes.sol": ["Shapes.t.sol"],
};

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

/** What deleting checks one by one cannot show. */
export const MUTANTS: readonly Mutant[] = [
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
    "require(mass <= left, CertificatesQuotaExceeded(certificate, mass, left));",
  ),
  unchecked(
    "invariant_NoQuotaIsExceeded",
    SEASON,
    "Certificates",
    `require(revoked == 0, CertificatesRevoked(certificate, revoked));
        require(
            from`,
    "require(from",
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
  change("Parties", "[index] > block.timestamp", "[index] >= block.timestamp"),
  change("Parties", "from == until && ended", "from == until"),
  change("Parties", "from == until && ended", "ended"),
  change("libraries/Shapes", "type(uint16).max |\n            ((OUT", "((OUT"),
  change("libraries/Shapes", "DELEGABLE & (1 << uint256(kind)) != 0 &&", ""),
  change("libraries/Balance", "0 < mass_ && mass_", "mass_"),
];
