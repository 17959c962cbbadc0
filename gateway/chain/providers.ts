import { BrowserProvider, Network, type JsonRpcApiProvider } from "ethers";

import type { Request } from "../core/chain-state.ts";
import { RpcError } from "./rpc-error.ts";

/** ethers' way to a chain; its answers are never cached, as the next nonce depends on them. */
export const providerOver = (request: Request, chainId: number): JsonRpcApiProvider =>
  new BrowserProvider(
    { request: ({ method, params = [] }) => request(method, Array.isArray(params) ? params : []) },
    chainId,
    { staticNetwork: Network.from(chainId), cacheTimeout: -1, pollingInterval: 50 },
  );

const PATIENCE = 20_000;

/** Asks the first of these nodes that answers at all. Throws RpcError for what a node refuses. */
export const requestAt =
  (urls: readonly string[]): Request =>
  async (method, params) => {
    let trouble: unknown = new Error("no node was named");
    for (const url of urls)
      try {
        return await askNode(url, method, params);
      } catch (error) {
        if (error instanceof RpcError) throw error;
        trouble = error;
      }
    throw trouble;
  };

async function askNode(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(PATIENCE),
  });
  const answer = (await response.json()) as Answer;
  if (answer.error !== undefined)
    throw new RpcError(answer.error.code, answer.error.message, answer.error.data);
  if (!response.ok || !("result" in answer))
    throw new Error(`the node answered ${response.status}`);
  return answer.result;
}

type Answer = {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: string };
};
