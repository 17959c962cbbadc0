import type { Request } from "../core/chain-state.ts";
import { RpcError } from "../core/rpc-error.ts";

/** The most that a stranger's call may burn: five hundred lots read at once, and no endless loop. */
export const CALL_GAS = 5_000_000;

/** The most requests that may wait; the rest is told to come back. */
const WAITING = 64;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const asIs = (params: readonly unknown[]): readonly unknown[] => params;

/** A call of a contract that exists, without overrides of the state and within CALL_GAS. */
function bounded([call, block = "latest"]: readonly unknown[]): readonly unknown[] {
  if (!isObject(call) || typeof call["to"] !== "string")
    throw new RpcError(-32602, "a call needs the contract that it is for");
  const asked = Number(call["gas"] ?? CALL_GAS);
  const gas = asked >= 0 && asked < CALL_GAS ? Math.floor(asked) : CALL_GAS;
  const data = call["input"] ?? call["data"] ?? "0x";
  const from = call["from"] === undefined ? {} : { from: call["from"] };
  return [{ ...from, to: call["to"], data, gas: `0x${gas.toString(16)}` }, block];
}

function fees([count, newest, percentiles]: readonly unknown[]): readonly unknown[] {
  if (!(Number(count) <= 1024) || (Array.isArray(percentiles) && percentiles.length > 10))
    throw new RpcError(-32602, "at most 1024 blocks and 10 percentiles");
  return [count, newest, percentiles ?? []];
}

/** Slots in one proof: more than a trail of thousands of lots has, fewer than would keep anybody waiting. */
const MOST_SLOTS = 20_000;

function proofOf([address, slots, block = "latest"]: readonly unknown[]): readonly unknown[] {
  if (!Array.isArray(slots) || slots.length > MOST_SLOTS)
    throw new RpcError(-32602, `a proof is of a list of at most ${MOST_SLOTS} slots`);
  return [address, slots, block];
}

/** All that a stranger may ask, each with what makes its parameters harmless. */
const ALLOWED: ReadonlyMap<string, (params: readonly unknown[]) => readonly unknown[]> = new Map([
  ["eth_chainId", asIs],
  ["net_version", asIs],
  ["eth_blockNumber", asIs],
  ["eth_getBlockByNumber", asIs],
  ["eth_call", bounded],
  ["eth_estimateGas", bounded],
  ["eth_getLogs", asIs],
  ["eth_getCode", asIs],
  ["eth_getStorageAt", asIs],
  ["eth_getProof", proofOf],
  ["eth_getBalance", asIs],
  ["eth_getTransactionCount", asIs],
  ["eth_getTransactionReceipt", asIs],
  ["eth_getTransactionByHash", asIs],
  ["eth_gasPrice", asIs],
  ["eth_maxPriorityFeePerGas", asIs],
  ["eth_feeHistory", fees],
  ["eth_sendRawTransaction", asIs],
]);

/** `request`, for anyone in the world: reading, and sending what is signed elsewhere. Throws RpcError. */
export function publicRequest(request: Request): Request {
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const run: Request = async (method, params) => {
    const rule = ALLOWED.get(method);
    const judged = rule?.(params) ?? [];
    // Without code there is nothing to run but precompiles, whose price in time is not their price in gas.
    if (rule === bounded && (await isEmpty(request, judged))) return noCode(method);
    return request(method, judged);
  };
  return async (method, params) => {
    if (!ALLOWED.has(method)) throw new RpcError(-32601, `${method} is not offered here`);
    if (waiting >= WAITING) throw new RpcError(-32005, "too many requests at once; try again");
    waiting += 1;
    // One at a time, so that the gateway's own requests wait for one stranger and never for all of them.
    const result = turn.then(() => run(method, params));
    turn = result.catch(() => undefined);
    return result.finally(() => (waiting -= 1));
  };
}

const noCode = (method: string): string => (method === "eth_call" ? "0x" : "0x5208");

const isEmpty = async (request: Request, [call]: readonly unknown[]): Promise<boolean> =>
  (await request("eth_getCode", [(call as { to: string }).to, "latest"])) === "0x";
