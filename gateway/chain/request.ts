import type { Request } from "../core/chain-state.ts";
import { RpcError } from "../core/rpc-error.ts";

const PATIENCE = 20_000;

/** JSON-RPC over HTTP to one node. Throws RpcError for what the node refuses, anything else where it does not answer. */
export const requestOver =
  (url: string): Request =>
  async (method, params) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    // Its body is often no JSON.
    if (response.status === 429) throw new Error("the node answered 429: too many requests");
    const answer = (await response.json()) as Answer;
    if (answer.error !== undefined)
      throw new RpcError(answer.error.code, answer.error.message, dataOf(answer.error.data));
    if (!response.ok || !("result" in answer))
      throw new Error(`the node answered ${response.status}`);
    return answer.result;
  };

type Answer = {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
};

/** The ABI-encoded error of a revert, where nodes put it: as the data, or as a member of it. */
export function dataOf(data: unknown): string | undefined {
  if (typeof data === "string") return data;
  const inner = (data as { data?: unknown } | null | undefined)?.data;
  return typeof inner === "string" ? inner : undefined;
}
