import { parseDeployment, parseLog } from "../../../gateway/core/bundle.ts";
import { canonicalize, parseJson } from "../../../gateway/core/canonical.ts";
import { parseChainState } from "../../../gateway/core/chain-state-file.ts";
import { judgeOutgrown } from "../../../gateway/core/outgrown.ts";
import { TraceError } from "../../../gateway/core/trace-error.ts";
import { readTrust, type Asking } from "../../../gateway/core/trust.ts";
import { verifyTrail } from "../../../gateway/core/verify.ts";
import type { Report } from "../../../gateway/core/verify/report.ts";
import { requestOver } from "./request.ts";

/** As many as the command takes. */
const MOST_CHARACTERS = 64 * 1024 * 1024;
/** The value of a bundle's or a saved state's text. Throws BAD_ENCODING, TOO_LARGE. */
export const parse = (text: string): unknown => parseJson(text, { length: MOST_CHARACTERS });

/** What the page says to judge by: which lot was asked for, which contracts, and where the chain answers. */
export interface Asked {
  readonly lot: string;
  readonly deployment: unknown;
  readonly log: unknown;
  readonly rpcUrls: readonly string[];
}

const askingOf = ({ lot, deployment, log, rpcUrls }: Asked): Asking => ({
  lot,
  deployment: parseDeployment(deployment),
  log: parseLog(log),
  requests: rpcUrls.map(requestOver),
  now: Math.floor(Date.now() / 1000),
});

/** Judges a bundle's text by what the chain's endpoints say now. Throws TraceError where they cannot be asked. */
export async function judgeOnline(text: string, asked: Asked): Promise<Report> {
  const bundle = parse(text);
  return verifyTrail(bundle, await readTrust(bundle, askingOf(asked)));
}

/** The same for a bundle that was kept: where the chain has newer records by now, as of the block when it had not. */
export async function judgeKept(text: string, asked: Asked): Promise<Report> {
  const [bundle, asking] = [parse(text), askingOf(asked)];
  const trust = await readTrust(bundle, asking);
  const report = await verifyTrail(bundle, trust);
  return (await judgeOutgrown(bundle, { trust, report }, asking)) ?? report;
}

/**
 * The same by a chain state that the reader saved earlier, with no network at all. Throws OTHER_CHAIN where it is of other
 * contracts: anybody can deploy their like, and make records that match them.
 */
export async function judgeOffline(
  text: string,
  saved: string,
  { lot, log, deployment }: Pick<Asked, "lot" | "log" | "deployment">,
): Promise<Report> {
  const state = parseChainState(parse(saved));
  if (canonicalize(state.deployment) !== canonicalize(parseDeployment(deployment)))
    throw new TraceError("OTHER_CHAIN", "the saved state is of other contracts than the file");
  return verifyTrail(parse(text), { lot, log: parseLog(log), state });
}
