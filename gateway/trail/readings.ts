import { LIMITS, type Bundle, type LoggedPack } from "../core/bundle.ts";
import { toBase64Url, type Hex } from "../core/bytes.ts";
import { proveInclusionFromTiles, type ReadTile } from "../core/tiles.ts";
import { LATE } from "../core/verify/lateness.ts";
import { firstFrom } from "../core/verify/series.ts";
import { allCheckpoints, checkpointAt, tileReader } from "../store/log.ts";
import { publicKeyOf } from "../store/people.ts";
import { packsOfDevice, type StoredPack } from "../store/packs.ts";
import type { Sql } from "../store/schema.ts";
import { anchoredSizes } from "../store/transactions.ts";

/** What a bundle shows of the sensors. */
export type Readings = Pick<Bundle, "checkpoint" | "anchors" | "packs" | "devices">;

/** When a device's packs matter, in seconds. */
type Window = { readonly device: Hex; readonly from: number; readonly until: number };

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
  if (found.size === 0 || note === undefined)
    return { checkpoint: null, anchors: [], packs: [], devices: [] };
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
  const anchors = await anchorsOver(sql, [...found.values()], size);
  return {
    checkpoint: note,
    anchors,
    packs: shown,
    devices: keys.filter((key) => key !== undefined),
  };
}

const SLACK = LATE / 2; // seconds: an anchor is mined some time after its checkpoint was signed

/** The fewest anchored sizes that show of each pack that it came in time, or how late it came. */
async function anchorsOver(
  sql: Sql,
  packs: readonly StoredPack[],
  size: number,
): Promise<readonly number[]> {
  const sizes = new Set([...(await anchoredSizes(sql)), size]);
  const anchors = (await allCheckpoints(sql)).filter((one) => sizes.has(one.size));
  const chosen = new Set<number>();
  let covered = { size: 0, signed_at: 0 };
  for (const { leafIndex, firstTime } of packs.toSorted(byLeaf)) {
    const due = firstTime + SLACK * 1000;
    if (leafIndex === null || (covered.size > leafIndex && covered.signed_at <= due)) continue;
    const first = firstFrom(anchors, (anchor) => anchor.size <= leafIndex);
    const last = firstFrom(anchors, ({ signed_at }) => signed_at <= due) - 1;
    covered = anchors[Math.max(first, last)] ?? covered;
    chosen.add(covered.size);
  }
  chosen.delete(0);
  return [...chosen].slice(0, LIMITS.anchors);
}

const byLeaf = (a: StoredPack, b: StoredPack): number => (a.leafIndex ?? 0) - (b.leafIndex ?? 0);
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
