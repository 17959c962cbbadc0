import type { Hex } from "../bytes.ts";
import type { CertificateState, ChainState } from "../chain-state.ts";
import type { Recorded } from "../bundle.ts";
import { applyOperation, EMPTY, type Terms, type World } from "../lineage.ts";
import { kindName } from "../agreement.ts";
import { FLAGS, SCHEMES } from "../operations.ts";
import { NOTHING } from "../recording.ts";
import { TraceError } from "../trace-error.ts";
import type { Step } from "./histories.ts";
import { check, type Check } from "./report.ts";

/** How a record is named to people: its kind and the beginning of its digest. */
export const stepName = ({ operation, digest }: Step): string => {
  const kind = operation.kind >= 1 && operation.kind <= 10 ? kindName(operation.kind) : "operation";
  return `${kind} ${digest.slice(0, 10)}…`;
};

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
  let ledger = EMPTY;
  const checks: Check[] = [];
  for (const step of steps) {
    const { operation, time, digest } = step;
    const key = state.keys[operation.key];
    const matter = { question: "plausible", record: stepName(step), subject: digest } as const;
    const ruled = await check(matter, () => {
      const [signer, roles] = [key?.party ?? NOTHING, key?.roles ?? 0];
      ledger = applyOperation(ledger, { operation, time, signer, roles }, world);
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
 * may have ended since its harvest. What people read of it is what its issuer signed.
 */
export const judgeCertificates = (
  state: ChainState,
  steps: readonly Step[],
  statements: readonly Recorded[],
): Promise<Check[]> =>
  Promise.all(
    [...new Set(steps.map(({ operation }) => operation.certificate))]
      .filter((id) => id !== NOTHING)
      .map((id) =>
        check(
          { question: "current", record: `certificate ${id.slice(0, 10)}…`, subject: id },
          () => {
            const known = state.certificates[id];
            if (known === undefined) throw new TraceError("UNAVAILABLE", "the chain was not asked");
            if (known.until === 0)
              throw new TraceError("NOT_FOUND", "the chain has no such certificate");
            if (known.revoked > 0) throw new TraceError("NOT_CURRENT", "revoked");
            if (known.scheme !== SCHEMES.growingArea && state.block.time >= known.until)
              throw new TraceError("NOT_CURRENT", "expired");
            if (known.spent > known.quota)
              throw new TraceError("RULE_BROKEN", "more was spent than its quota");
            const shown = statements.find(
              ({ name, statement }) => name === "Grant" && statement.certificate === id,
            );
            if (shown === undefined)
              throw new TraceError("WITHHELD", "the certificate is not shown");
            if (shown.name === "Grant" && shown.statement.content !== known.content)
              throw new TraceError(
                "OTHER_CHAIN",
                "the certificate shown is not the one on the chain",
              );
          },
        ),
      ),
  );
