/** Records that were kept, when the chain has newer ones by now: judged as of the block of the last record that is shown. */
import { parseBundle, type Bundle } from "./bundle.ts";
import type { Request } from "./chain-state.ts";
import { askNumber, blockAt } from "./rpc-answers.ts";
import { TraceError } from "./trace-error.ts";
import { readTrust, type Asking } from "./trust.ts";
import { verifyTrail, type Trust } from "./verify.ts";
import { historiesOf, lineageIn } from "./verify/histories.ts";
import { withChecks, type Check, type Report } from "./verify/report.ts";

/** Judged now, and what came of it. */
type Now = { readonly trust: Trust; readonly report: Report };

/**
 * The verdict as of the block of the last record shown, where that was all that the chain had then; what it says of the present is
 * left open. Undefined where `now` is the last word: nothing is newer, a lot was recalled or a certificate ended since, something
 * was missing already then, or no endpoint remembers that block.
 */
export async function judgeOutgrown(
  untrusted: unknown,
  { trust, report }: Now,
  asking: Asking,
): Promise<Report | undefined> {
  const bundle = parseBundle(untrusted);
  const newer = newerThan(bundle, trust);
  const lapsed = report.checks.some(({ code }) => code === "NOT_CURRENT");
  const [request] = asking.requests;
  if (newer === 0 || lapsed || request === undefined) return undefined;
  try {
    const at = await blockOf(request, lastTimeIn(bundle, trust));
    const then = await readTrust(untrusted, { ...asking, at });
    const past = await verifyTrail(untrusted, then);
    return past.outcome === "fails" ? undefined : leftOpen(past, newer);
  } catch (failure) {
    if (failure instanceof TraceError) return undefined;
    throw failure;
  }
}

/** How many more records of its lots the chain has. */
function newerThan(bundle: Bundle, trust: Trust): number {
  const { steps, lineage } = lineageIn(bundle, trust);
  const shown = historiesOf(steps);
  return [...lineage].reduce((sum, lot) => {
    const more = (trust.state.lots[lot]?.count ?? 0) - (shown.get(lot)?.length ?? 0);
    return sum + Math.max(0, more);
  }, 0);
}

const lastTimeIn = (bundle: Bundle, trust: Trust): number =>
  lineageIn(bundle, trust).steps.reduce((last, { time }) => Math.max(last, time), 0);

/** The newest block that is not after this time: one question for each halving of the chain. */
async function blockOf(request: Request, time: number): Promise<number> {
  let [low, high] = [0, await askNumber(request, "eth_blockNumber")];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((await blockAt(request, middle)).time <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What was complete and current then is neither known to be so now, nor known not to be. */
function leftOpen(past: Report, newer: number): Report {
  const reason = `as of block ${past.asOf.block}; the chain has ${newer} newer records of these lots`;
  const open = (["complete", "current"] as const).map((question): Check => ({
    question,
    record: "the bundle",
    subject: null,
    outcome: "unchecked",
    code: "UNAVAILABLE",
    reason,
  }));
  return { ...withChecks(past, open), newer };
}
