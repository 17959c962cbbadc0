import { concatBytes } from "./bytes.ts";
import { TraceError } from "./trace-error.ts";

/**
 * A static piece of a log (C2SP tlog-tiles): 256 hashes of one level, or the 256 entries below
 * them, or the first `width` of these while the log has no more.
 */
export type Tile = {
  readonly level: number | "entries";
  readonly index: number;
  readonly width: number;
};

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;

/** The longest entry that a bundle can hold: its length is two bytes. */
export const MAX_ENTRY = 0xffff;

/** Where a tile is served, below the log's prefix: `tile/0/x001/234.p/7`, `tile/entries/000`. */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/\d{3}/g) ?? [];
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${path}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
}

/** The tile at a path, which has one spelling only. Throws NOT_FOUND. */
export function parseTilePath(path: string): Tile {
  const parts = PATH.exec(path);
  const [, level = "", groups = "", width] = parts ?? [];
  const tile: Tile = {
    level: level === "entries" ? level : Number(level),
    index: Number(groups.replaceAll(/[x/]/g, "")),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  const bounded = Number.isSafeInteger(tile.index) && tile.width <= TILE_WIDTH;
  if (parts === null || !bounded || tilePath(tile) !== path)
    throw new TraceError("NOT_FOUND", `"${path.slice(0, 80)}" is no tile`);
  return tile;
}

/** How many hashes (entries) the tile at `level` and `index` holds in a log of `size`; 0: none. */
export function tileWidth(size: number, level: Tile["level"], index: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** (level === "entries" ? 0 : level));
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** An entry bundle: each entry after its length in two big-endian bytes. Throws TOO_LARGE. */
export const bundleOf = (entries: readonly Uint8Array[]): Uint8Array =>
  concatBytes(
    ...entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY)
        throw new TraceError("TOO_LARGE", `an entry of ${entry.length} bytes; ${MAX_ENTRY} fit`);
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );

/** The entries of a bundle, to its last byte. Throws BAD_ENCODING. */
export function entriesOf(bundle: Uint8Array): readonly Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length;) {
    const [high, low] = bundle.subarray(at, at + 2);
    const start = at + 2;
    at = start + (high ?? 0) * 256 + (low ?? Infinity);
    if (at > bundle.length) throw new TraceError("BAD_ENCODING", "an entry bundle that is cut off");
    entries.push(bundle.slice(start, at));
  }
  return entries;
}

// A level's 64 values and an index's digits are bounded here, so that the numbers stay exact.
const PATH = /^tile\/(entries|[0-5]?\d|6[0-3])\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;
