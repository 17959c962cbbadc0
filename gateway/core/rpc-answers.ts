import { fromHex, type Hex } from "./bytes.ts";
import type { ChainState, Request } from "./chain-state.ts";
import { TraceError } from "./trace-error.ts";

/** Which block: the newest, the newest that cannot be undone, or one by its number. */
export type BlockTag = "latest" | "finalized" | number;

/** What an object says, or nothing of what is none. */
export const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** A number as JSON-RPC writes it (Ethereum execution APIs, "quantity"). Throws BAD_ENCODING. */
export function quantity(value: unknown): number {
  const text = typeof value === "string" ? value : typeof value;
  const number = /^0x(?:0|[1-9a-f][0-9a-f]*)$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(number))
    throw new TraceError("BAD_ENCODING", `"${text.slice(0, 80)}" is no quantity`);
  return number;
}

/** Bytes of a known length as JSON-RPC writes them. Throws BAD_ENCODING. */
export function strictHex(value: unknown, length: number): Hex {
  if (typeof value !== "string") throw new TraceError("BAD_ENCODING", `${typeof value} is no hex`);
  fromHex(value, length);
  return value as Hex;
}

/** The answer of a method without parameters that counts something. */
export const askNumber = async (request: Request, method: string): Promise<number> =>
  quantity(await request(method, []));

/** A block's number, hash and time (seconds). Throws UNAVAILABLE where the endpoint has none. */
export async function blockAt(request: Request, at: BlockTag): Promise<ChainState["block"]> {
  const tag = typeof at === "number" ? `0x${at.toString(16)}` : at;
  const block = await request("eth_getBlockByNumber", [tag, false]);
  if (block === null) throw new TraceError("UNAVAILABLE", `the endpoint has no block ${at}`);
  const { number, hash, timestamp } = membersOf(block);
  const found = {
    number: quantity(number),
    hash: strictHex(hash, 32),
    time: quantity(timestamp),
  };
  if (typeof at === "number" && found.number !== at)
    throw new TraceError("BAD_ENCODING", `block ${found.number} where ${at} was asked for`);
  return found;
}
