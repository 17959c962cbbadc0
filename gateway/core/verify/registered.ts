import type { Founder, Recorded } from "../bundle.ts";
import { toHex, type Hex } from "../bytes.ts";
import { contentHash } from "../canonical.ts";
import type { ChainState } from "../chain-state.ts";
import { ROLES, type StatementName, type Statements } from "../operations.ts";
import { idOf } from "../recording.ts";
import { TraceError } from "../trace-error.ts";

const unasked = (): TraceError => new TraceError("UNAVAILABLE", "the chain was not asked");
const other = (what: string): TraceError =>
  new TraceError("OTHER_CHAIN", `the chain has no such ${what.toLowerCase()}`);

const OVERSEERS = ROLES.cooperative | ROLES.authority;

type Signer = { readonly party: Hex; readonly key: Hex };

const hasRole = ({ keys }: ChainState, { key }: Signer, roles: number): boolean =>
  ((keys[key]?.roles ?? 0) & roles) !== 0;

/** Who signed answers for party `of`: it is that party, or its sponsor. Undefined where the chain was not asked. */
function answers({ sponsors }: ChainState, { party }: Signer, of: Hex): boolean | undefined {
  if (party === of) return true;
  const sponsor = sponsors[of];
  return sponsor && sponsor === party;
}

/** What the chain has of each kind of statement. An Operation's proof is its lots' heads. */
const ON_CHAIN: {
  readonly [N in Exclude<StatementName, "Operation">]: (
    state: ChainState,
    statement: Statements[N],
    time: number,
  ) => boolean | undefined;
} = {
  Grant(state, { certificate, party, ...terms }) {
    const known = state.certificates[certificate];
    return (
      known &&
      known.issuer === party &&
      (["holder", "scheme", "area", "quota", "from", "until", "content"] as const).every(
        (member) => known[member] === terms[member],
      )
    );
  },
  Revocation(state, { certificate, ...signer }, time) {
    const known = state.certificates[certificate];
    const may = known?.issuer === signer.party || hasRole(state, signer, ROLES.authority);
    return known && may && known.revoked > 0 && known.revoked === time;
  },
  Enrolment(state, { subjectKey, subject, roles, from, until, content, ...signer }) {
    const known = state.keys[subjectKey];
    const same =
      known &&
      hasRole(state, signer, OVERSEERS) &&
      known.party === subject &&
      known.roles === roles &&
      known.from === from &&
      known.until <= until && // earlier where it was revoked
      known.content === content;
    return same && (hasRole(state, signer, ROLES.authority) || answers(state, signer, subject));
  },
  KeyRevocation(state, { subjectKey, until, ...signer }) {
    const known = state.keys[subjectKey];
    const ended = known && known.roles !== 0 && known.until <= until;
    return (
      ended && (hasRole(state, signer, ROLES.authority) || answers(state, signer, known.party))
    );
  },
  Watch(state, { place, device, from, until, interval, content, ...signer }, time) {
    const found = state.watches[place]?.some(
      (known) =>
        known.taken === time &&
        known.device === device &&
        known.from === from &&
        known.until <= until && // earlier where a later watch ended it
        known.interval === interval &&
        known.content === content,
    );
    const owner = state.keys[device]?.party;
    return found && owner && answers(state, signer, owner);
  },
  Delegation(state, { party, agent }) {
    const until = state.delegations[`${party}:${agent}`];
    return until === undefined ? undefined : until > 0;
  },
};

/**
 * The chain took this very statement, as far as it remembers it: whoever has a key could sign a grant, and only the chain knows
 * which one counted. Throws OTHER_CHAIN, UNAVAILABLE.
 */
export function requireRegistered(
  state: ChainState,
  { name, statement, time }: Exclude<Recorded, { name: "Operation" }>,
): void {
  const judge = ON_CHAIN[name] as (
    state: ChainState,
    statement: unknown,
    time: number,
  ) => boolean | undefined;
  const found = judge(state, statement, time);
  if (found === undefined) throw unasked();
  if (!found) throw other(name);
}

/**
 * The founder's document is the one that the key was enrolled with, for the party that it names; and governance founded that
 * party, so nobody sponsors it: others would introduce themselves so. Throws OTHER_CHAIN, UNAVAILABLE.
 */
export function requireFounder(state: ChainState, { key, document }: Founder): void {
  const known = state.keys[key];
  if (known === undefined) throw unasked();
  const { uri } = document;
  if (known.content !== toHex(contentHash(document)))
    throw new TraceError("OTHER_CHAIN", "the chain enrolled this key with another document");
  if (typeof uri !== "string" || idOf(uri) !== known.party)
    throw new TraceError("OTHER_CHAIN", "the chain enrolled this key for another party");
  const sponsor = state.sponsors[known.party];
  if (sponsor === undefined) throw unasked();
  if (sponsor !== known.party)
    throw new TraceError("OTHER_CHAIN", "governance did not found this party: another enrolled it");
}
