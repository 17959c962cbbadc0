import type { Hex } from "../core/bytes.ts";
import type { Request } from "../core/chain-state.ts";
import { searchEvents } from "../core/event-search.ts";
import { askNumber, blockAt, membersOf, quantity, strictHex } from "../core/rpc-answers.ts";
import type { BlockTag } from "../core/rpc-answers.ts";
import { TraceError } from "../core/trace-error.ts";
import { RpcError } from "../core/rpc-error.ts";
import { isThrottling } from "./providers.ts";

/** An event as a receipt tells it. */
export type Event = {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly index: number; // within its block
};

/** What became of a transaction in a block. */
export type Receipt = {
  readonly hash: Hex;
  readonly ok: boolean;
  readonly block: { readonly number: number; readonly hash: Hex };
  readonly events: readonly Event[];
};

/** What a node made of a raw transaction. Nothing but `refused` says that it will never be mined. */
export type Sent =
  | "taken" // it has it, now or before
  | "spent" // the nonce is used: by this transaction, another attempt, or somebody else
  | "cheap" // it wants higher fees
  | "poor" // the account cannot pay
  | "unknown" // it did not answer, and may have taken it
  | { readonly refused: string };

/** A chain as a relayer sees it. Every method throws UNAVAILABLE where the node answers nothing or nonsense, but `send`. */
export type Node = {
  readonly chainId: () => Promise<number>;
  readonly block: (at: BlockTag) => Promise<Block>;
  /** The number of the newest block that cannot be undone. */
  readonly finalized: (latest: number) => Promise<number>;
  readonly hasCode: (address: Hex) => Promise<boolean>;
  readonly nonce: (address: Hex) => Promise<number>;
  readonly balance: (address: Hex) => Promise<bigint>;
  readonly receipt: (hash: Hex) => Promise<Receipt | null>;
  readonly fees: () => Promise<Fees>;
  readonly call: (to: Hex, data: Hex) => Promise<unknown>;
  /** The newest events of a contract with these topics: of the last ten thousand blocks. */
  readonly events: (address: Hex, topics: readonly (Hex | null)[]) => Promise<readonly Found[]>;
  readonly send: (raw: Hex) => Promise<Sent>;
};
/** An event with the block that holds it. */
export type Found = Event & { readonly block: number };
export type Block = Awaited<ReturnType<typeof blockAt>>;

/** Fees per gas in wei (EIP-1559). */
export type Fees = { readonly base: bigint; readonly tip: bigint };

const SEARCHED = 9_999;

/** Blocks until a chain that knows no finality is taken at its word. */
const DEEP = 64;

export function nodeOver(request: Request): Node {
  const ask = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (cause) {
      if (cause instanceof TraceError && cause.code === "UNAVAILABLE") throw cause;
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new TraceError("UNAVAILABLE", `the node does not tell ${what}: ${said}`, { cause });
    }
  };
  const big = async (method: string, params: readonly unknown[]): Promise<bigint> =>
    BigInt(String(await request(method, params)));
  return {
    chainId: () => ask("its chain", () => askNumber(request, "eth_chainId")),
    block: (at) => ask("a block", () => blockAt(request, at)),
    finalized: (latest) =>
      ask("what is final", async () => {
        try {
          return (await blockAt(request, "finalized")).number;
        } catch (error) {
          const knowsNone = error instanceof RpcError && !isThrottling(error);
          if (knowsNone || error instanceof TraceError) return Math.max(0, latest - DEEP);
          throw error;
        }
      }),
    hasCode: (address) =>
      ask("a contract's code", async () => {
        const code = await request("eth_getCode", [address, "latest"]);
        return typeof code === "string" && code.length > 2;
      }),
    nonce: (address) =>
      // Never "pending": what the node has not mined it may forget.
      ask("the next nonce", async () =>
        quantity(await request("eth_getTransactionCount", [address, "latest"])),
      ),
    balance: (address) => ask("the balance", () => big("eth_getBalance", [address, "latest"])),
    receipt: (hash) =>
      ask("a receipt", async () =>
        parseReceipt(await request("eth_getTransactionReceipt", [hash])),
      ),
    fees: () =>
      ask("its fees", async () => {
        const block = membersOf(await request("eth_getBlockByNumber", ["latest", false]));
        const tip = await big("eth_maxPriorityFeePerGas", []);
        return { base: BigInt(String(block["baseFeePerGas"])), tip };
      }),
    call: (to, data) => ask("a view", () => request("eth_call", [{ to, data }, "latest"])),
    events: (address, topics) =>
      ask("events", async () => {
        const latest = await askNumber(request, "eth_blockNumber");
        const range = { from: Math.max(0, latest - SEARCHED), to: latest };
        const found = await searchEvents(request, [{ address, topics }], range);
        return found.map((event) => ({
          ...parseEvent(event),
          block: quantity(membersOf(event)["blockNumber"]),
        }));
      }),
    send: (raw) => send(request, raw),
  };
}

function parseReceipt(value: unknown): Receipt | null {
  if (value === null) return null;
  const { transactionHash, status, blockNumber, blockHash, logs } = membersOf(value);
  if (!Array.isArray(logs)) throw new TraceError("BAD_ENCODING", "a receipt without events");
  return {
    hash: strictHex(transactionHash, 32),
    ok: quantity(status) === 1,
    block: { number: quantity(blockNumber), hash: strictHex(blockHash, 32) },
    events: logs.map(parseEvent),
  };
}

function parseEvent(value: unknown): Event {
  const { address, topics, data, logIndex } = membersOf(value);
  return {
    address: String(address).toLowerCase(),
    topics: Array.isArray(topics) ? topics.map(String) : [],
    data: String(data),
    index: quantity(logIndex),
  };
}

/** How nodes say the same thing (geth, Nethermind, Besu, Erigon, reth, EDR), in the order of looking. */
const MEANINGS: readonly (readonly [RegExp, Exclude<Sent, object>])[] = [
  [/already known|known transaction|already imported|already exists|alreadyknown/i, "taken"],
  [/nonce too low|nonce is too low|oldnonce|nonce has already been used/i, "spent"],
  [/insufficient funds|enough funds|upfront cost|insufficientfunds/i, "poor"],
  [/underpriced|fee too low|feetoolow|too low for the next block|less than block base/i, "cheap"],
  [/gas price below|below configured minimum|max fee per gas less/i, "cheap"],
  [/limit exceeded|too many|rate|timeout|busy|txpool is full|mempool is full/i, "unknown"],
];

async function send(request: Request, raw: Hex): Promise<Sent> {
  try {
    await request("eth_sendRawTransaction", [raw]);
    return "taken";
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: string };
    if (typeof code !== "number" || message === undefined) return "unknown";
    const meaning = MEANINGS.find(([words]) => words.test(message));
    return meaning?.[1] ?? { refused: message };
  }
}
