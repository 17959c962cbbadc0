import type { Request } from "../core/chain-state.ts";
import { askNumber, blockAt } from "../core/rpc-answers.ts";
import { isThrottling } from "./providers.ts";

/** A node by its host: a URL's path may hold a token. */
export type NamedNode = { readonly host: string; readonly request: Request };

/** How one of several nodes fares. `contradicted`: another one tells of the same height what cannot be true as well. */
export type NodeReport = {
  readonly host: string;
  readonly state: "ready" | "unreachable" | "throttled" | "other-chain" | "behind" | "contradicted";
  readonly block: number | null;
};

// What lies deeper is not reorganised in a chain that finalises.
const SETTLED = 8;
const MOST_BEHIND = 120; // seconds

/** Asks every node for itself, and whether they tell one story. */
export async function surveyNodes(
  nodes: readonly NamedNode[],
  chainId: number,
): Promise<readonly NodeReport[]> {
  const looks = await Promise.all(nodes.map((node) => look(node, chainId)));
  const newest = Math.max(...looks.map(({ time }) => time));
  const reports = looks.map(({ time, ...report }): NodeReport =>
    report.state === "ready" && newest - time > MOST_BEHIND
      ? { ...report, state: "behind" }
      : report,
  );
  const ready = reports.filter(({ state }) => state === "ready");
  const height = Math.max(0, Math.min(...ready.map(({ block }) => block ?? 0)) - SETTLED);
  const hashes = await Promise.all(
    nodes.map(({ request }, i) =>
      reports[i]?.state === "ready"
        ? blockAt(request, height).then(
            ({ hash }) => [hash],
            () => [],
          )
        : [],
    ),
  );
  const stories = new Set(hashes.flat()).size;
  return reports.map((report) =>
    report.state === "ready" && stories > 1 ? { ...report, state: "contradicted" } : report,
  );
}

type Look = NodeReport & { readonly time: number };

async function look({ host, request }: NamedNode, chainId: number): Promise<Look> {
  const failed = { host, block: null, time: -Infinity } as const;
  try {
    if ((await askNumber(request, "eth_chainId")) !== chainId)
      return { ...failed, state: "other-chain" };
    const { number, time } = await blockAt(request, "latest");
    return { host, state: "ready", block: number, time };
  } catch (failure) {
    return { ...failed, state: isThrottling(failure) ? "throttled" : "unreachable" };
  }
}
