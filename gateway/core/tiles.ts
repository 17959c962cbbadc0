import { concatBytes } from "./bytes.ts";
import { emptyRoot, hashNode, rootOf, splitOf } from "./merkle.ts";
import { TILE_WIDTH, tilePath, tileWidth } from "./tile-path.ts";
import type { HashNode } from "./merkle.ts";
import type { Tile } from "./tile-path.ts";
import { TraceError } from "./trace-error.ts";

/** A tile of hashes, 32 bytes each. */
export type HashTile = Tile & { readonly level: number };

/**
 * Gives at least the first `width` hashes of a stored tile, from wherever tiles are kept; more may
 * come (a partial tile that has filled up since) and are not looked at.
 */
export type ReadTile = (tile: HashTile) => Uint8Array | Promise<Uint8Array>;

/** A tile to be written, with all of its bytes. It replaces the narrower one of the same place. */
export type WrittenTile = HashTile & { readonly bytes: Uint8Array };

/** The root over the first `size` leaves, from stored tiles. Throws BAD_PROOF if tiles are cut. */
export const rootFromTiles = (size: number, readTile: ReadTile): Promise<Uint8Array> =>
  size === 0 ? Promise.resolve(emptyRoot) : rootOfRange({ from: 0, to: size }, size, readTile);

/** `proveInclusion` of merkle.ts from stored tiles: at most two tiles a level are read. */
export function proveInclusionFromTiles(
  index: number,
  size: number,
  readTile: ReadTile,
): Promise<readonly Uint8Array[]> {
  requireOrder(index + 1, size);
  return rootsOf(inclusionRanges(index, { from: 0, to: size }), size, readTile);
}

/** `proveConsistency` of merkle.ts from stored tiles. */
export function proveConsistencyFromTiles(
  older: number,
  newer: number,
  readTile: ReadTile,
): Promise<readonly Uint8Array[]> {
  requireOrder(older, newer);
  const ranges = older === 0 ? [] : consistencyRanges(older, { from: 0, to: newer }, true);
  return rootsOf(ranges, newer, readTile);
}

/**
 * The tiles that change when `leaves` (hashes) join a log of `size`, lowest level first; of the old
 * log only the unfinished tiles at its right edge are read. The same input gives the same bytes.
 */
export async function growTiles(
  size: number,
  leaves: readonly Uint8Array[],
  readTile: ReadTile,
  node?: HashNode,
): Promise<readonly WrittenTile[]> {
  const written: WrittenTile[] = [];
  let [level, had, added] = [0, size, leaves];
  while (added.length > 0) {
    const first = Math.floor(had / TILE_WIDTH);
    const kept = had % TILE_WIDTH;
    const hashes =
      kept === 0
        ? added
        : [...(await hashesOf({ level, index: first, width: kept }, readTile)), ...added];
    const full: Uint8Array[] = [];
    for (let at = 0; at < hashes.length; at += TILE_WIDTH) {
      const tile = hashes.slice(at, at + TILE_WIDTH);
      const place = { level, index: first + at / TILE_WIDTH, width: tile.length };
      written.push({ ...place, bytes: concatBytes(...tile) });
      if (tile.length === TILE_WIDTH) full.push(rootOf(tile, node));
    }
    [level, had, added] = [level + 1, first, full];
  }
  return written;
}

/** Leaves `from` up to but not `to`. */
type Range = { readonly from: number; readonly to: number };

function inclusionRanges(index: number, { from, to }: Range): readonly Range[] {
  if (to - from === 1) return [];
  const cut = from + splitOf(to - from);
  return index < cut
    ? [...inclusionRanges(index, { from, to: cut }), { from: cut, to }]
    : [...inclusionRanges(index, { from: cut, to }), { from, to: cut }];
}

function consistencyRanges(older: number, { from, to }: Range, known: boolean): readonly Range[] {
  if (older === to) return known ? [] : [{ from, to }];
  const cut = from + splitOf(to - from);
  return older <= cut
    ? [...consistencyRanges(older, { from, to: cut }, known), { from: cut, to }]
    : [...consistencyRanges(older, { from: cut, to }, false), { from, to: cut }];
}

/** Reads each tile once, however many of the ranges lie in it. */
function rootsOf(ranges: readonly Range[], size: number, readTile: ReadTile) {
  const seen = new Map<string, Uint8Array | Promise<Uint8Array>>();
  const readOnce: ReadTile = (tile) => {
    const path = tilePath(tile);
    const bytes = seen.get(path) ?? readTile(tile);
    seen.set(path, bytes);
    return bytes;
  };
  return Promise.all(ranges.map((range) => rootOfRange(range, size, readOnce)));
}

async function rootOfRange(range: Range, size: number, readTile: ReadTile): Promise<Uint8Array> {
  const { from, to } = range;
  const k = to - from === 1 ? 1 : splitOf(to - from);
  const cut = from + k;
  // Only what is a whole power of two may stand in tiles: `from` is a multiple of it by then.
  if (k > 1 && k * 2 !== to - from)
    return hashNode(
      await rootOfRange({ from, to: cut }, size, readTile),
      await rootOfRange({ from: cut, to }, size, readTile),
    );
  let [level, unit] = [0, 1];
  while (unit * TILE_WIDTH <= to - from) [level, unit] = [level + 1, unit * TILE_WIDTH];
  const index = Math.floor(from / unit / TILE_WIDTH);
  const start = from / unit - index * TILE_WIDTH;
  const tile = { level, index, width: tileWidth(size, level, index) };
  return rootOf((await hashesOf(tile, readTile)).slice(start, start + (to - from) / unit));
}

async function hashesOf(tile: HashTile, readTile: ReadTile): Promise<readonly Uint8Array[]> {
  const bytes = await readTile(tile);
  if (bytes.length < tile.width * 32)
    throw new TraceError("BAD_PROOF", `${tilePath(tile)} has ${bytes.length} bytes`);
  return Array.from({ length: tile.width }, (_, i) => bytes.slice(i * 32, i * 32 + 32));
}

function requireOrder(older: number, newer: number): void {
  if (!Number.isSafeInteger(older) || !Number.isSafeInteger(newer) || older < 0 || older > newer)
    throw new TraceError("BAD_PROOF", `${older} of ${newer} leaves are not the past of this log`);
}
