import { BrowserProvider, Network, type JsonRpcApiProvider } from "ethers";

import type { Request } from "../core/chain-state.ts";
import { requestOver } from "./request.ts";
import { RpcError } from "../core/rpc-error.ts";

/** ethers' way to a chain; its answers are never cached, as the next nonce depends on them. */
export const providerOver = (request: Request, chainId: number): JsonRpcApiProvider =>
  new BrowserProvider(
    { request: ({ method, params = [] }) => request(method, Array.isArray(params) ? params : []) },
    chainId,
    { staticNetwork: Network.from(chainId), cacheTimeout: -1, pollingInterval: 50 },
  );

/** What nodes say who would answer somebody else, or later. */
const BUSY = /rate|too many|limit exceeded|timeout|busy|unavailable/i;

const THROTTLING = /\b429\b|rate limit|too many requests|limit exceeded/i;

/** Whether a node, somewhere behind this failure, said that it was asked too often. */
export const isThrottling = (failure: unknown): boolean =>
  failure instanceof Error && (THROTTLING.test(failure.message) || isThrottling(failure.cause));

/** Asks the first of these nodes that answers at all. Throws RpcError for what a node refuses. */
export const requestAt = (urls: readonly string[]): Request => {
  const nodes = urls.map(requestOver);
  return async (method, params) => {
    let trouble: unknown = new Error("no node was named");
    for (const node of nodes)
      try {
        return await node(method, params);
      } catch (error) {
        // A revert's words are the contract's, and may be anything.
        if (error instanceof RpcError && (error.data !== undefined || !BUSY.test(error.message)))
          throw error;
        trouble = error;
      }
    throw trouble;
  };
};
