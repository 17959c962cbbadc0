import type { Hex } from "../core/bytes.ts";
import type { Request } from "../core/chain-state.ts";
import { TraceError } from "../core/trace-error.ts";
import { EMPTY, openJournal, type JournalLine } from "./journal.ts";
import { EMBEDDED_CHAIN_ID } from "./simulated.ts";

export type Log = { readonly info: (details: object, message: string) => void };

/** A block; `time` in seconds. */
export type Block = { readonly number: number; readonly hash: Hex; readonly time: number };

/** A simulated chain that outlives its process. */
export type Ledger = {
  readonly newest: () => Block;
  /** Puts a transaction (or EMPTY) on disk, then into a block of its own at `time` (seconds); gives its hash. One at a time. */
  readonly mine: (time: number, raw: Hex) => Promise<Hex>;
  readonly close: () => Promise<void>;
};

/**
 * Makes the chain behind `request` again from the journal at `path`, and keeps that journal from there on. Every block is compared
 * with the one that was noted. Throws OTHER_CHAIN where they differ, BAD_ENCODING where the journal is damaged.
 */
export async function openLedger(path: string, request: Request, log: Log): Promise<Ledger> {
  let newest = await newestBlock(request);
  const first = newest;
  const mine = async (time: number, raw: Hex): Promise<Hex> => {
    await request("evm_setNextBlockTimestamp", [time]);
    const [method, params] = raw === EMPTY ? ["evm_mine", []] : ["eth_sendRawTransaction", [raw]];
    const hash = (await request(method, params)) as Hex;
    newest = await newestBlock(request);
    return hash;
  };

  const progress = progressOf(log);
  let begun = false;
  let unmined = null as readonly [number, Hex] | null;
  const replay = async (line: JournalLine, share: number): Promise<void> => {
    if ("genesis" in line) {
      begun = true;
      sameBlock(path, { number: 0, hash: line.genesis }, newest);
    } else if ("raw" in line) unmined = [line.time, line.raw];
    else {
      if (unmined !== null) await mine(...unmined).catch(() => undefined); // then the block differs
      unmined = null;
      sameBlock(path, { number: line.block, hash: line.hash }, newest);
      progress(newest, share);
    }
  };
  const journal = await openJournal(path, replay);
  const note = (): Promise<void> =>
    // Not synced: a crash leaves a transaction without its block, and the next start makes that same block.
    journal.append({ block: newest.number, hash: newest.hash }, false);

  if (!begun) await journal.append({ chainId: EMBEDDED_CHAIN_ID, genesis: first.hash }, true);
  // Here the crash came between the journal and the block. What the chain refuses now, it refused then.
  else if (unmined !== null && (await mine(...unmined).catch(() => null)) !== null) await note();
  log.info({ block: newest.number, hash: newest.hash }, "the chain is up");
  return {
    newest: () => newest,
    mine: async (time, raw) => {
      await journal.append({ time, raw }, true);
      const hash = await mine(time, raw);
      await note();
      return hash;
    },
    close: journal.close,
  };
}

/** Blocks after which a long replay says how far it has come: a fraction of a second. */
const SAYS = 500;

const progressOf =
  (log: Log) =>
  ({ number }: Block, share: number): void => {
    const percent = Math.floor(share * 100);
    if (number % SAYS === 0) log.info({ block: number, percent }, "replaying the chain");
  };

async function newestBlock(request: Request): Promise<Block> {
  const block = (await request("eth_getBlockByNumber", ["latest", false])) as Record<string, Hex>;
  const { number, hash = "0x", timestamp } = block;
  return { number: Number(number), hash, time: Number(timestamp) };
}

function sameBlock(path: string, noted: Omit<Block, "time">, made: Block): void {
  if (noted.number === made.number && noted.hash === made.hash) return;
  throw new TraceError(
    "OTHER_CHAIN",
    `${path} notes block ${noted.number} as ${noted.hash}, but replays to ${made.hash} at ` +
      `${made.number}: another account, another version of Hardhat, or a changed journal`,
  );
}
