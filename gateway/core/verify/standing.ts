import type { Hex } from "../bytes.ts";
import type { CertificateState, ChainState } from "../chain-state.ts";
import { changesOf, type Balance, type Terms, type World } from "../lineage.ts";
import { kindName } from "../agreement.ts";
import { FLAGS, SCHEMES } from "../operations.ts";
import { NO_AREA, NOTHING } from "../recording.ts";
import { TraceError } from "../trace-error.ts";
import type { Trust } from "../verify.ts";
import { stepsAmong, type Digested, type SignedDigest, type Step } from "./histories.ts";
import { check, remark, unchecked, type Check } from "./report.ts";
import { endOf } from "./turns.ts";

/** How a record is named to people: its kind and the beginning of its digest. */
export const stepName = ({ operation, digest }: Pick<Step, "operation" | "digest">): string => {
  const kind = operation.kind >= 1 && operation.kind <= 10 ? kindName(operation.kind) : "operation";
  return `${kind} ${digest.slice(0, 10)}…`;
};

/** The same of any statement. */
export const recordName = ({ recorded, digest }: SignedDigest): string =>
  recorded.name === "Operation"
    ? stepName({ operation: recorded.statement, digest })
    : `${recorded.name.toLowerCase()} ${digest.slice(0, 10)}…`;

const termsOf = (state: CertificateState): Terms => ({
  ...state,
  kind: state.scheme === SCHEMES.growingArea ? 1 : 2,
});

/** Applies every rule to every operation, then compares what is left with what the chain says is left. */
export async function judgeRules(
  state: ChainState,
  steps: readonly Step[],
  lineage: ReadonlySet<Hex>,
): Promise<Check[]> {
  const world: World = {
    terms: (id) => {
      const known = state.certificates[id];
      return known === undefined || known.until === 0 ? undefined : termsOf(known);
    },
    // Allowed once is allowed then: the chain took the operation, and its head proves that it did.
    delegatedUntil: (party, agent) =>
      (state.delegations[`${party}:${agent}`] ?? 0) > 0 ? Infinity : 0,
    follows: (lot) => lineage.has(lot),
  };
  const unasked = steps.flatMap((step) => unaskedOf(state, step));
  if (unasked.length > 0) return unasked;
  const ledger = { lots: new Map<Hex, Balance>(), spent: new Map<Hex, number>() };
  const checks: Check[] = [];
  for (const step of steps) {
    const { operation, time, digest } = step;
    const key = state.keys[operation.key];
    const matter = { question: "plausible", record: stepName(step), subject: digest } as const;
    const ruled = await check(matter, () => {
      const [signer, roles] = [key?.party ?? NOTHING, key?.roles ?? 0];
      const changes = changesOf(ledger, { operation, time, signer, roles }, world);
      for (const [id, balance] of changes.lots) ledger.lots.set(id, balance);
      for (const [id, mass] of changes.spent) ledger.spent.set(id, mass);
    });
    checks.push(ruled.code === "NOT_ALLOWED" ? { ...ruled, question: "authentic" } : ruled);
  }
  for (const lot of lineage) {
    const [left, chain] = [ledger.lots.get(lot), state.lots[lot]];
    checks.push(
      await check(
        { question: "plausible", record: `lot ${lot.slice(0, 10)}…`, subject: lot },
        () => {
          if (left === undefined)
            throw new TraceError("WITHHELD", "no record shows where it came from");
          if (chain === undefined) throw new TraceError("UNAVAILABLE", "the chain was not asked");
          if (left.mass !== chain.mass)
            throw new TraceError(
              "RULE_BROKEN",
              `${left.mass} g are left by the records, ${chain.mass} g by the chain`,
            );
          if (
            left.holder !== chain.holder ||
            left.flags !== chain.flags ||
            left.area !== chain.area
          )
            throw new TraceError("RULE_BROKEN", "holder, origin or state differ from the chain's");
        },
      ),
    );
  }
  return checks;
}

/** What keeps the rules from being applied to a step, and to all that rests on it. */
function unaskedOf(state: ChainState, step: Step): Check[] {
  const { key, party, certificate } = step.operation;
  const signer = state.keys[key];
  const missing =
    signer === undefined ||
    (certificate !== NOTHING && state.certificates[certificate] === undefined) ||
    (signer.party !== party &&
      signer.party !== NOTHING &&
      state.delegations[`${party}:${signer.party}`] === undefined);
  const about = { question: "plausible", record: stepName(step), subject: step.digest } as const;
  const reason = "the chain was not asked who signed it, and on which certificate";
  return missing ? [unchecked(about, "UNAVAILABLE", reason)] : [];
}

/** No lot of the trail is recalled, as of the block. */
export const judgeRecalls = (state: ChainState, lineage: ReadonlySet<Hex>): Promise<Check[]> =>
  Promise.all(
    [...lineage].map((lot) =>
      check({ question: "current", record: `lot ${lot.slice(0, 10)}…`, subject: lot }, () => {
        const known = state.lots[lot];
        if (known === undefined) throw new TraceError("UNAVAILABLE", "the chain was not asked");
        if ((known.flags & FLAGS.recalled) !== 0) throw new TraceError("NOT_CURRENT", "recalled");
      }),
    ),
  );

/**
 * Every certificate of the trail stands, as of the block: none revoked, and no claim on the goods expired. A growing-area code
 * may have ended since its harvest. What people read of it is what its issuer signed. And no other certificate is shown.
 */
export function judgeCertificates(
  { state, now = 0 }: Pick<Trust, "state" | "now">,
  digested: readonly Digested[],
): Promise<Check[]> {
  const latest = Math.max(now, state.block.time); // an old block must not make what has expired valid again
  const steps = stepsAmong(digested);
  const spent = new Set(steps.map(({ operation }) => operation.certificate));
  spent.delete(NOTHING);
  const grants = digested.flatMap(({ recorded, digest }) =>
    recorded.name === "Grant" ? [{ ...recorded.statement, digest }] : [],
  );
  const shown = new Set(grants.map(({ certificate }) => certificate));
  const strays = grants.filter(({ certificate }) => !spent.has(certificate));
  // Whoever has a key that was ended early may date its grants back: only what was spent before proves one.
  const doubtful = grants.filter(({ key, certificate }) => {
    const ended = state.keys[key]?.until ?? Infinity;
    const proves = ({ operation, time }: Step): boolean =>
      operation.certificate === certificate && time < ended;
    return ended < endOf(digested, key) && !steps.some(proves);
  });
  return Promise.all([
    ...doubtful.map(({ digest }) =>
      remark(
        { question: "authentic", record: `grant ${digest.slice(0, 10)}…`, subject: digest },
        "CLOCK",
        "its key was ended early, and nothing proves that it was granted before",
      ),
    ),
    ...[...spent].map((id) =>
      check({ question: "current", record: `certificate ${id.slice(0, 10)}…`, subject: id }, () =>
        requireStanding(state, id, { shown, latest }),
      ),
    ),
    ...strays.map(({ certificate, digest }) =>
      check(
        { question: "complete", record: `grant ${digest.slice(0, 10)}…`, subject: digest },
        () => {
          throw new TraceError("BAD_BUNDLE", `no record of this trail rests on ${certificate}`);
        },
      ),
    ),
  ]);
}

/** Schemes that say where goods grew: without an area they would say it of anything. */
const AREA_BOUND: ReadonlySet<number> = new Set([SCHEMES.growingArea, SCHEMES.gi]);

/** That the grant shown is the chain's is `requireRegistered`'s to say. */
function requireStanding(
  state: ChainState,
  id: Hex,
  { shown, latest }: { readonly shown: ReadonlySet<Hex>; readonly latest: number },
): void {
  const known = state.certificates[id];
  if (known === undefined) throw new TraceError("UNAVAILABLE", "the chain was not asked");
  if (known.until === 0) throw new TraceError("NOT_FOUND", "the chain has no such certificate");
  if (known.revoked > 0) throw new TraceError("NOT_CURRENT", "revoked");
  if (known.scheme !== SCHEMES.growingArea && latest >= known.until)
    throw new TraceError("NOT_CURRENT", "expired");
  if (known.spent > known.quota)
    throw new TraceError("RULE_BROKEN", "more was spent than its quota");
  if (known.area === NO_AREA && AREA_BOUND.has(known.scheme))
    throw new TraceError("RULE_BROKEN", "a right to an origin that names no area");
  if (!shown.has(id)) throw new TraceError("WITHHELD", "the certificate is not shown");
}
