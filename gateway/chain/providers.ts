import { BrowserProvider, Network, type JsonRpcApiProvider } from "ethers";

import type { Request } from "../core/chain-state.ts";
import { requestOver } from "./request.ts";
import { RpcError } from "./rpc-error.ts";

/** ethers' way to a chain; its answers are never cached, as the next nonce depends on them. */
export const providerOver = (request: Request, chainId: number): JsonRpcApiProvider =>
  new BrowserProvider(
    { request: ({ method, params = [] }) => request(method, Array.isArray(params) ? params : []) },
    chainId,
    { staticNetwork: Network.from(chainId), cacheTimeout: -1, pollingInterval: 50 },
  );

/** Asks the first of these nodes that answers at all. Throws RpcError for what a node refuses. */
export const requestAt =
  (urls: readonly string[]): Request =>
  async (method, params) => {
    let trouble: unknown = new Error("no node was named");
    for (const url of urls)
      try {
        return await requestOver(url)(method, params);
      } catch (error) {
        if (error instanceof RpcError) throw error;
        trouble = error;
      }
    throw trouble;
  };
