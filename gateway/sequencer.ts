import { toHex, type Hex } from "./core/bytes.ts";
import { signCheckpoint } from "./core/checkpoint.ts";
import { growTiles, rootFromTiles } from "./core/tiles.ts";
import { TraceError } from "./core/trace-error.ts";
import { hashNode } from "./native-hash.ts";
import type { LogSigner } from "./log-signer.ts";
import {
  insertCheckpoint,
  loggedAmong,
  loggedSeqs,
  newestCheckpoint,
  nextSeqs,
  saveNextSeqs,
  saveTiles,
  tileReader,
} from "./store/log.ts";
import type { Store } from "./store/open.ts";
import { assignLeaves, type PlacedPack } from "./store/packs.ts";
import type { CheckpointRow, Sql } from "./store/schema.ts";

export type SequencerParts = {
  readonly store: Store;
  readonly signer: LogSigner;
  readonly now: () => number; // ms
};

/** One step of the log: its newest checkpoint, and how far each device's packs are in it now. */
export type Sequenced = {
  readonly checkpoint: CheckpointRow;
  readonly placed: number; // packs that got a leaf
  readonly waited: number; // ms, the newest of these
  readonly progress: readonly Progress[];
};

/** Everything of `epoch` below `next` is in the log. */
export type Progress = { readonly device: Hex; readonly epoch: number; readonly next: number };

/** Bounds the memory of a step, and how long others wait for the store: no acknowledgement goes out meanwhile. */
export const MOST_LEAVES = 512;

/**
 * Moves pending packs into the log. One transaction: either the leaves, the tiles and the checkpoint over
 * them exist, or none of it. Throws UNAVAILABLE where the store has less than `floor` leaves: such a store
 * was rolled back, and signing on top of it would be a second history.
 */
export const sequence = (
  { store, signer, now }: SequencerParts,
  floor: Floor = { size: 0 },
): Promise<Sequenced> =>
  store.write(async (transaction) => {
    await store.lock(transaction, "log"); // a second sequencer waits here, so indexes have no gaps
    const newest = await newestCheckpoint(transaction);
    requireNotBehind(newest, floor);
    const size = newest?.size ?? 0;
    const placed = await assignLeaves(transaction, { first: size, limit: MOST_LEAVES });
    if (placed.length === 0 && newest !== undefined)
      return { checkpoint: newest, placed: 0, waited: 0, progress: [] };
    const grown = size + placed.length;
    const leaves = placed.map(({ leafHash }) => leafHash);
    await saveTiles(transaction, await growTiles(size, leaves, tileReader(transaction), hashNode));
    const root = await rootFromTiles(grown, tileReader(transaction));
    const note = await signCheckpoint(
      { origin: signer.origin, size: grown, root },
      signer.publicKey,
      signer.sign,
    );
    const checkpoint = { size: grown, root: toHex(root), note, signed_at: now() };
    await insertCheckpoint(transaction, checkpoint); // refused if this size was ever signed before
    const progress = await advance(transaction, placed);
    const waited = now() - (placed.at(-1)?.receivedAt ?? now());
    return { checkpoint, placed: placed.length, waited, progress };
    // A crash before the commit leaves the packs pending and the note unseen; after it, nothing to do.
  });

/** What was signed or anchored before, as far as somebody outside of the store remembers. */
export type Floor = { readonly size: number; readonly root?: Hex };

function requireNotBehind(newest: CheckpointRow | undefined, floor: Floor): void {
  const size = newest?.size ?? 0;
  if (size < floor.size)
    throw new TraceError(
      "UNAVAILABLE",
      `the store has ${size} leaves, ${floor.size} were signed: it lost some, or is an old copy; restore a newer one`,
    );
  if (size === floor.size && size > 0 && floor.root !== undefined && newest?.root !== floor.root)
    throw new TraceError("UNAVAILABLE", `the store has another root over ${size} leaves`);
}

/** Devices whose unbroken run of packs grew. A lost pack holds its epoch's run where it is. */
async function advance(
  transaction: Sql,
  placed: readonly PlacedPack[],
): Promise<readonly Progress[]> {
  const series = new Map<string, { device: Hex; epoch: number; seqs: number[] }>();
  for (const { device, epoch, seq } of placed) {
    const known = series.get(`${device}/${epoch}`);
    if (known === undefined) series.set(`${device}/${epoch}`, { device, epoch, seqs: [seq] });
    else known.seqs.push(seq);
  }
  const reached = new Map<string, number>();
  for (const { device, epoch, next } of await nextSeqs(transaction, [...series.values()]))
    reached.set(`${device}/${epoch}`, next);
  const grown = new Map<string, Progress>();
  for (const [name, { device, epoch, seqs }] of series) {
    const from = reached.get(name) ?? 0;
    const next = endOfRun(
      from,
      seqs.toSorted((a, b) => a - b),
    );
    if (next > from) grown.set(name, { device, epoch, next });
  }
  // Packs behind a gap that is closed now have been in the log for long.
  const ends = [...grown.values()].map(({ device, epoch, next }) => ({ device, epoch, seq: next }));
  for (const { device, epoch } of await loggedAmong(transaction, ends)) {
    const from = grown.get(`${device}/${epoch}`)?.next ?? 0;
    const next = endOfRun(from, await loggedSeqs(transaction, { device, epoch, from }));
    grown.set(`${device}/${epoch}`, { device, epoch, next });
  }
  const progress = [...grown.values()];
  await saveNextSeqs(transaction, progress);
  return progress;
}

/** The first number from `from` on that is not in `seqs`, which rise. */
function endOfRun(from: number, seqs: readonly number[]): number {
  let next = from;
  for (const seq of seqs) if (seq === next) next += 1;
  return next;
}
