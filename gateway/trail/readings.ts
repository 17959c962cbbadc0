import { LIMITS, type Bundle, type LoggedPack } from "../core/bundle.ts";
import { toBase64Url, type Hex } from "../core/bytes.ts";
import { proveInclusionFromTiles, type ReadTile } from "../core/tiles.ts";
import { grouped } from "../core/verify/grouped.ts";
import { LATE } from "../core/verify/lateness.ts";
import { firstFrom } from "../core/verify/series.ts";
import { checkpointAt, tileReader } from "../store/log.ts";
import { publicKeyOf } from "../store/people.ts";
import { packsOfDevice, type StoredPack } from "../store/packs.ts";
import type { Sql } from "../store/schema.ts";
import { anchorsBetween } from "../store/transactions.ts";

/** What a bundle shows of the sensors. */
export type Readings = Pick<Bundle, "checkpoint" | "anchors" | "packs" | "devices">;

/** When a device's packs matter and when its key ended, in seconds, and whether they count against the goods. */
type Window = {
  readonly device: Hex;
  readonly from: number;
  readonly until: number;
  readonly ended: number;
  readonly counts: boolean;
};

/**
 * The packs of these windows, with a neighbour on each side, and their proofs in the log of `size` entries, which is the one
 * that the chain has; what is newer cannot be proven yet. Of devices that do not count a share is shown: a verifier remarks on
 * what is missing.
 */
export async function readingsOf(
  sql: Sql,
  windows: readonly Window[],
  size: number,
): Promise<Readings> {
  const note = (await checkpointAt(sql, size))?.note;
  const packs = await packsIn(sql, windows, size);
  if (packs.length === 0 || note === undefined)
    return { checkpoint: null, anchors: [], packs: [], devices: [] };
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
  const ends = new Map(windows.map(({ device, ended }) => [device, ended * 1000]));
  const anchors = await anchorsOver(sql, packs, ends);
  return {
    checkpoint: note,
    anchors,
    packs: shown,
    devices: keys.filter((key) => key !== undefined),
  };
}

// Bytes that strangers' devices may fill, each and together: anybody may set one at anybody's place, and a bundle that no
// reader can load would judge nothing.
const SHARE = 2_000_000;
const ROOM = 8_000_000;
const PROOF = 1_000; // what a pack takes beside its envelope

/** All packs of devices that count, and of each other device the first ones that its share holds: no more of them is read. */
async function packsIn(
  sql: Sql,
  windows: readonly Window[],
  size: number,
): Promise<readonly StoredPack[]> {
  const counting = new Set(windows.filter(({ counts }) => counts).map(({ device }) => device));
  const found = new Map<number, StoredPack>();
  const left = new Map<Hex, number>();
  let room = ROOM;
  const byDevice = [...grouped(windows, ({ device }) => device).values()];
  for (const { device, from, until } of byDevice.flatMap(merged)) {
    const counts = counting.has(device);
    if (!counts && left.get(device) === 0) continue;
    const times = { fromTime: from * 1000, toTime: until * 1000 };
    const packs = await packsOfDevice(sql, device, { ...times, ...(!counts && { room: SHARE }) });
    for (const pack of packs) {
      const { leafIndex, envelope } = pack;
      if (leafIndex === null || leafIndex >= size || found.has(leafIndex)) continue;
      if (!counts) {
        const [share, takes] = [left.get(device) ?? SHARE, envelope.length + PROOF];
        const fits = takes <= Math.min(room, share);
        left.set(device, fits ? share - takes : 0);
        if (!fits) break;
        room -= takes;
      }
      found.set(leafIndex, pack);
    }
  }
  return [...found.values()].toSorted(
    (a, b) => compare(a.device, b.device) || a.epoch - b.epoch || a.seq - b.seq,
  );
}

/** One device's windows, those that overlap as one: however many look back over one time, its packs are read once. */
function merged(windows: readonly Window[]): readonly Window[] {
  const out: Window[] = [];
  for (const next of windows.toSorted((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last !== undefined && next.from <= last.until)
      out[out.length - 1] = { ...last, until: Math.max(last.until, next.until) };
    else out.push(next);
  }
  return out;
}

const SLACK = (LATE * 1000) / 2; // ms: an anchor is mined some time after it was sent

/** The fewest anchored sizes that show of each pack that it came in time, and before its key ended (ms), or how late it came. */
async function anchorsOver(
  sql: Sql,
  packs: readonly StoredPack[],
  ends: ReadonlyMap<Hex, number>,
): Promise<readonly number[]> {
  const arrivals = packs.map(({ receivedAt }) => receivedAt);
  const first = arrivals.reduce((a, b) => Math.min(a, b), Infinity);
  const last = arrivals.reduce((a, b) => Math.max(a, b), 0);
  const anchors = await anchorsBetween(sql, first, last + SLACK);
  const chosen = new Set<number>();
  let covered = { size: 0, at: 0 };
  for (const { device, leafIndex, firstTime } of packs.toSorted(byLeaf)) {
    const due = Math.min(firstTime + SLACK, ends.get(device) ?? Infinity);
    if (leafIndex === null || (covered.size > leafIndex && covered.at <= due)) continue;
    const earliest = firstFrom(anchors, ({ size }) => size <= leafIndex);
    const latest = firstFrom(anchors, ({ at }) => at <= due) - 1;
    covered = anchors[Math.max(earliest, latest)] ?? covered;
    if (covered.size > leafIndex) chosen.add(covered.size);
  }
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
