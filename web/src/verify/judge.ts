import { parseDeployment } from "../../../gateway/core/bundle.ts";
import { parseJson } from "../../../gateway/core/canonical.ts";
import { parseChainState } from "../../../gateway/core/chain-state-file.ts";
import { readTrust } from "../../../gateway/core/trust.ts";
import { verifyTrail } from "../../../gateway/core/verify.ts";
import type { Report } from "../../../gateway/core/verify/report.ts";
import { requestOver } from "./request.ts";

/** What the page says to judge by: which lot was asked for, which contracts, and where the chain answers. */
export interface Asked {
  readonly lot: string;
  readonly deployment: unknown;
  readonly rpcUrls: readonly string[];
}

/** Judges a bundle's text by what the chain's endpoints say now. Throws TraceError where they cannot be asked. */
export async function judgeOnline(text: string, asked: Asked): Promise<Report> {
  const bundle = parseJson(text);
  const trust = await readTrust(bundle, {
    lot: asked.lot,
    deployment: parseDeployment(asked.deployment),
    requests: asked.rpcUrls.map(requestOver),
  });
  return verifyTrail(bundle, trust);
}

/** The same by a chain state that the reader saved earlier, with no network at all. */
export const judgeOffline = async (text: string, state: string, lot: string): Promise<Report> =>
  verifyTrail(parseJson(text), { lot, state: parseChainState(parseJson(state)) });
