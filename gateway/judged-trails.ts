import type { Bundle } from "./core/bundle.ts";
import type { Request } from "./core/chain-state.ts";
import type { Deployment } from "./core/operations.ts";
import { idOf } from "./core/recording.ts";
import { TraceError } from "./core/trace-error.ts";
import { readTrust } from "./core/trust.ts";
import { verifyTrail } from "./core/verify.ts";
import type { Outcome } from "./core/verify/report.ts";
import type { ChainView } from "./index/chain-view.ts";
import type { Store } from "./store/open.ts";
import { statementsBySubject } from "./store/statements.ts";
import type { Trails } from "./trail-cache.ts";

/** A lot as the gateway knows it. Without a bundle nothing about it is on the chain yet. */
export type JudgedTrail = {
  readonly bundle?: Bundle;
  /** How many records about the lot are stored but not on the chain yet. */
  readonly waiting: number;
  /** What the gateway's own check came to; readers make theirs. */
  readonly outcome: Outcome;
  /** The time of the newest block, in seconds. */
  readonly time: number;
};

export type JudgedTrails = (lotUri: string) => Promise<JudgedTrail | undefined>;

type Parts = {
  readonly trails: Trails;
  readonly store: Store;
  readonly chain: ChainView;
  readonly deployment: Deployment;
  readonly request: Request;
};

/**
 * Trails with the gateway's own verdict, for pages that must be readable without a script. A bundle is judged once: it
 * is another one as soon as the chain has changed. Undefined for a lot of which nothing is known.
 */
export function judgedTrails({ trails, store, chain, deployment, request }: Parts): JudgedTrails {
  const outcomes = new WeakMap<Bundle, Promise<Outcome>>();
  const judge = async (bundle: Bundle): Promise<Outcome> => {
    try {
      const { lot, log } = bundle; // our own: whoever asks us for a trail wants ours
      const trust = await readTrust(bundle, { lot, log, deployment, requests: [request] });
      return (await verifyTrail(bundle, trust)).outcome;
    } catch (failure) {
      if (!(failure instanceof TraceError)) throw failure;
      // That the node serves another chain, or none, says nothing of the records.
      return ["UNAVAILABLE", "OTHER_CHAIN"].includes(failure.code) ? "unchecked" : "fails";
    }
  };
  return async (lotUri) => {
    const about = await statementsBySubject(store.db, idOf(lotUri));
    const waiting = about.filter(({ state }) => state === "stored" || state === "sent").length;
    const { time } = await chain.block();
    const bundle = await trails(lotUri).catch((failure: unknown) => {
      if (failure instanceof TraceError && failure.code === "NOT_FOUND") return undefined;
      throw failure;
    });
    if (bundle === undefined)
      return waiting > 0 ? { waiting, outcome: "unchecked", time } : undefined;
    const judging = outcomes.get(bundle) ?? judge(bundle);
    outcomes.set(bundle, judging);
    const outcome = await judging;
    if (outcome === "unchecked") outcomes.delete(bundle); // ask again next time
    return { bundle, waiting, outcome, time };
  };
}
