import type { Bundle, LoggedPack } from "../core/bundle.ts";
import { toBase64Url, type Hex } from "../core/bytes.ts";
import type { Watching } from "../core/chain-state.ts";
import { proveInclusionFromTiles, type ReadTile } from "../core/tiles.ts";
import { idOf } from "../core/recording.ts";
import type { Dwelling } from "../core/verify/dwellings.ts";
import { checkpointAt, tileReader } from "../store/log.ts";
import { publicKeyOf } from "../store/people.ts";
import { packsOfDevice, type StoredPack } from "../store/packs.ts";
import type { Sql } from "../store/schema.ts";

/** What a bundle shows of the sensors. */
export type Readings = Pick<Bundle, "checkpoint" | "packs" | "devices">;

/** When a device's packs matter, in seconds. */
type Window = { readonly device: Hex; readonly from: number; readonly until: number };

/** The times in which a device watched a place where the goods stood. */
export const windowsOf = (
  dwellings: readonly Dwelling[],
  watches: ReadonlyMap<Hex, readonly Watching[]>,
): readonly Window[] =>
  dwellings.flatMap(({ place, from, until }) =>
    (watches.get(idOf(place)) ?? []).flatMap((watch) => {
      const window = {
        device: watch.device,
        from: Math.max(from, watch.from),
        until: Math.min(until, watch.until),
      };
      return window.from < window.until ? [window] : [];
    }),
  );

/**
 * The packs of these windows, with a neighbour on each side, and their proofs in the log of `size` entries, which is the one
 * that the chain has; what is newer cannot be proven yet.
 */
export async function readingsOf(
  sql: Sql,
  windows: readonly Window[],
  size: number,
): Promise<Readings> {
  const found = new Map<number, StoredPack>();
  for (const { device, from, until } of windows) {
    const packs = await packsOfDevice(sql, device, { fromTime: from * 1000, toTime: until * 1000 });
    for (const pack of packs)
      if (pack.leafIndex !== null && pack.leafIndex < size) found.set(pack.leafIndex, pack);
  }
  const note = (await checkpointAt(sql, size))?.note;
  if (found.size === 0 || note === undefined) return { checkpoint: null, packs: [], devices: [] };
  const packs = [...found.values()].toSorted(
    (a, b) => compare(a.device, b.device) || a.epoch - b.epoch || a.seq - b.seq,
  );
  const readTile = remembering(tileReader(sql));
  const shown: LoggedPack[] = [];
  for (const { envelope, leafIndex, receivedAt } of packs)
    if (leafIndex !== null) {
      const proof = await proveInclusionFromTiles(leafIndex, size, readTile);
      shown.push({
        envelope: toBase64Url(envelope),
        index: leafIndex,
        received: receivedAt,
        proof: proof.map(toBase64Url),
      });
    }
  const keys = await Promise.all(
    [...new Set(packs.map(({ device }) => device))].map((device) => publicKeyOf(sql, device)),
  );
  return { checkpoint: note, packs: shown, devices: keys.filter((key) => key !== undefined) };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Packs of one device lie close together, so their proofs share most of their tiles. */
function remembering(readTile: ReadTile): ReadTile {
  const known = new Map<string, Uint8Array | Promise<Uint8Array>>();
  return (tile) => {
    const name = `${tile.level}/${tile.index}`;
    const tiles = known.get(name) ?? readTile(tile);
    known.set(name, tiles);
    return tiles;
  };
}
