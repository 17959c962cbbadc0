import type { Request } from "../../../gateway/core/chain-state.ts";
import { membersOf } from "../../../gateway/core/rpc-answers.ts";
import { RpcError } from "../../../gateway/core/rpc-error.ts";
import { isObject } from "../../../gateway/core/statement.ts";
import { TraceError } from "../../../gateway/core/trace-error.ts";

/** So long may the chain take to answer one question before it counts as not reachable. */
const PATIENCE = 15_000;

/** Asks a chain's JSON-RPC 2.0 endpoint from this browser. Throws RpcError for what it refuses, UNAVAILABLE. */
export const requestOver =
  (url: string): Request =>
  async (method, params) => {
    const answer = await ask(url, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
    if (isObject(answer) && "result" in answer) return answer["result"];
    const { code } = membersOf(membersOf(answer)["error"]);
    if (typeof code === "number") throw new RpcError(code, `${url} refuses ${method}`);
    throw new TraceError("UNAVAILABLE", `${url} does not answer ${method}`);
  };

async function ask(url: string, body: string): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      headers: { "content-type": "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    return (await response.json()) as unknown;
  } catch (cause) {
    throw new TraceError("UNAVAILABLE", `${url} cannot be reached`, { cause });
  }
}
