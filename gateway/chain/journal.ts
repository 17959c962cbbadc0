import { constants } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";

import { TraceError } from "../core/trace-error.ts";
import type { Hex } from "../core/bytes.ts";

/** In the place of a transaction: a block of none, which says only that the chain still goes on. */
export const EMPTY: Hex = "0x";

/**
 * One line of the journal: where the chain begins, a transaction with the time (seconds) of the block that shall hold it,
 * or the block that it then made. A transaction that no block follows was refused by the chain.
 */
export type JournalLine =
  | { readonly chainId: number; readonly genesis: Hex }
  | { readonly time: number; readonly raw: Hex }
  | { readonly block: number; readonly hash: Hex };

/** The file that the embedded chain can be made from again. */
export type Journal = {
  /** Adds a line; with `sync` it is on disk when this returns. After any failure nothing is ever added again. */
  readonly append: (line: JournalLine, sync: boolean) => Promise<void>;
  readonly close: () => Promise<void>;
};

const isHex = (value: unknown): value is Hex =>
  typeof value === "string" && /^0x(?:[0-9a-f]{2})+$/.test(value);

/** A line as it was written, or undefined where that cannot be. */
function parseLine(text: string): JournalLine | undefined {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (line === null || typeof line !== "object") return undefined;
  const { chainId, genesis, time, raw, block, hash } = line as Record<string, unknown>;
  if (Number.isSafeInteger(chainId) && isHex(genesis)) return { chainId: Number(chainId), genesis };
  if (Number.isSafeInteger(time) && (raw === EMPTY || isHex(raw)))
    return { time: Number(time), raw };
  if (Number.isSafeInteger(block) && isHex(hash)) return { block: Number(block), hash };
  return undefined;
}

type Place = { readonly text: string; readonly number: number; readonly start: number };

/** The lines of a file with the byte at which each begins; what no line feed ends is not a line. */
async function* linesOf(file: FileHandle): AsyncGenerator<Place> {
  const chunk = Buffer.alloc(1 << 20);
  let held = Buffer.alloc(0);
  let [start, number] = [0, 1];
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    held = Buffer.concat([held, chunk.subarray(0, bytesRead)]);
    let from = 0;
    for (let end = held.indexOf(10); end >= 0; end = held.indexOf(10, from)) {
      yield { text: held.toString("utf8", from, end), number, start };
      [start, number, from] = [start + end + 1 - from, number + 1, end + 1];
    }
    held = held.subarray(from);
  }
}

/**
 * Hands every whole line of the file at `path` to `replay`, in order and with the share of the file that is read, and opens it
 * to go on. What a crash left half written is cut off: none of it was synced, so none of it was ever mined. Damage in front of a
 * block that was made is something else, and is refused: BAD_ENCODING.
 */
export async function openJournal(
  path: string,
  replay: (line: JournalLine, share: number) => Promise<void>,
): Promise<Journal> {
  const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const { size } = await file.stat();
    const length = await replayLines(path, file, size, replay);
    if (length < size) await file.truncate(length);
    await file.sync();
    return { append: appender(path, file, length), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The longest first line. It is synced before there is another. */
const FIRST = 256;

/** Replays the whole lines and gives the bytes that they take. */
async function replayLines(
  path: string,
  file: FileHandle,
  size: number,
  replay: (line: JournalLine, share: number) => Promise<void>,
): Promise<number> {
  let [length, damaged] = [0, 0];
  for await (const { text, number, start } of linesOf(file)) {
    const line = parseLine(text);
    // A block is written after its transaction was synced: whatever lies before it was whole once.
    if (damaged > 0 && line !== undefined && "block" in line) throw damage(path, damaged);
    if (line === undefined && damaged === 0) damaged = number;
    if (line === undefined || damaged > 0) continue;
    length = start + Buffer.byteLength(text) + 1;
    await replay(line, length / size);
  }
  if (length === 0 && size > FIRST) throw damage(path, 1);
  return length;
}

const damage = (path: string, line: number): TraceError =>
  new TraceError("BAD_ENCODING", `${path} is damaged at line ${line}: restore a copy`);

function appender(path: string, file: FileHandle, start: number): Journal["append"] {
  let [length, broken] = [start, false];
  return async (line, sync) => {
    if (broken) throw new TraceError("UNAVAILABLE", `${path} could not be written; start again`);
    // After a failed write or sync nobody knows what is on disk, and a second sync would say "good" of lost bytes.
    broken = true;
    // The store's lock keeps a second process out; should it fail, two histories must not mix.
    if ((await stat(path)).size !== length)
      throw new TraceError("UNAVAILABLE", `${path} was changed by somebody else`);
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    const { bytesWritten } = await file.write(bytes, 0, bytes.length, length);
    if (bytesWritten !== bytes.length)
      throw new TraceError("UNAVAILABLE", `${path}: only ${bytesWritten} of ${bytes.length} bytes`);
    if (sync) await file.datasync();
    length += bytes.length;
    broken = false;
  };
}
