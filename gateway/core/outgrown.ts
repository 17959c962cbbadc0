/** Records that were kept, when the chain has newer ones by now: judged as of the last block that had no more than they show. */
import { parseBundle } from "./bundle.ts";
import type { Hex } from "./bytes.ts";
import { asking, readAgreed } from "./chain-reader.ts";
import type { ChainState } from "./chain-state.ts";
import { blockAt } from "./rpc-answers.ts";
import { TraceError } from "./trace-error.ts";
import { NOBODY, readTrust, type Asking } from "./trust.ts";
import { verifyTrail, type Trust } from "./verify.ts";
import { historiesOf, lineageIn } from "./verify/histories.ts";
import { unchecked, withChecks, type Report } from "./verify/report.ts";

/** Judged now, and what came of it. */
type Now = { readonly trust: Trust; readonly report: Report };

/**
 * The verdict as of the last block that had no newer records, where that one holds; what it says of the present is left open.
 * Undefined where `now` is the last word: nothing is newer, a lot was recalled, a certificate or, for the past too, a key ended since, something was missing
 * already then, or no endpoint remembers that block.
 */
export async function judgeOutgrown(
  untrusted: unknown,
  { trust, report }: Now,
  asking: Asking,
): Promise<Report | undefined> {
  const { steps, lineage } = lineageIn(parseBundle(untrusted), trust);
  const shown = historiesOf(steps);
  const newerIn = (lots: ChainState["lots"]): number =>
    [...lineage].reduce((sum, lot) => {
      return sum + Math.max(0, (lots[lot]?.count ?? 0) - (shown.get(lot)?.length ?? 0));
    }, 0);
  const newer = newerIn(trust.state.lots);
  const lapsed = report.checks.some(
    ({ question, outcome, code }) =>
      outcome === "fails" &&
      (question === "authentic" || (question === "current" && code === "NOT_CURRENT")),
  );
  if (newer === 0 || lapsed) return undefined;
  try {
    const at = await lastBlock(asking, {
      newest: trust.state.block.number,
      shownUntil: steps.reduce((last, { time }) => Math.max(last, time), 0),
      lots: [...lineage],
      isOutgrown: (lots) => newerIn(lots) > 0,
    });
    const { now: _, ...then } = asking; // judged as of that block, not as of now
    const past = await verifyTrail(untrusted, await readTrust(untrusted, { ...then, at }));
    return past.outcome === "fails" ? undefined : leftOpen(past, newer);
  } catch (failure) {
    if (failure instanceof TraceError) return undefined;
    throw failure;
  }
}

type Sought = {
  readonly newest: number;
  /** The time of the last record shown: no block up to then is asked for its lots. */
  readonly shownUntil: number;
  readonly lots: readonly Hex[];
  readonly isOutgrown: (lots: ChainState["lots"]) => boolean;
};

/** The last block before the records were outgrown. Counts never fall, so each halving of the chain takes one question. */
async function lastBlock(
  { requests, deployment }: Asking,
  { newest, shownUntil, lots, isOutgrown }: Sought,
): Promise<number> {
  const [request] = requests;
  if (request === undefined) throw new TraceError("UNAVAILABLE", "there is no endpoint to ask");
  const wanted = { ...NOBODY, lots };
  let [low, high] = [0, newest];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const early = (await blockAt(asking(request), middle)).time <= shownUntil;
    if (early || !isOutgrown((await readAgreed(requests, { deployment, wanted, at: middle })).lots))
      low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What was complete and current then is neither known to be so now, nor known not to be. */
function leftOpen(past: Report, newer: number): Report {
  const reason = `as of block ${past.asOf.block}; the chain has ${newer} newer records of these lots`;
  const open = (["complete", "current"] as const).map((question) =>
    unchecked({ question, record: "the bundle", subject: null }, "UNAVAILABLE", reason),
  );
  return { ...withChecks(past, open), newer };
}
