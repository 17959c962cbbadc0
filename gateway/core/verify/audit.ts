/** What a bundle alone cannot prove: that no reading in the log was left out of it. It takes the whole log. */
import { parseBundle, type Bundle } from "../bundle.ts";
import { fromBase64Url, fromHex, toHex, type Hex } from "../bytes.ts";
import { parsePack, type Pack } from "../envelope.ts";
import { sha256 } from "../hash.ts";
import { hashLeaf, rootOf } from "../merkle.ts";
import { verifyP256Fast } from "../p256.ts";
import { entriesOf, TILE_WIDTH, tileWidth, type Tile } from "../tile-path.ts";
import { TraceError } from "../trace-error.ts";
import type { Trust } from "../verify.ts";
import { dwellingsOf } from "./dwellings.ts";
import { lineageIn } from "./histories.ts";
import { windowsOf } from "./readings.ts";
import { check, type Check } from "./report.ts";
import { packName } from "./series.ts";
import type { Window } from "./windows.ts";
import { witnessesOf } from "./witnesses.ts";

/** An entry bundle of the log, from whoever has it: the root on the chain says whether it is the log's. */
export type ReadEntries = (tile: Tile) => Promise<Uint8Array>;

/**
 * Reads every entry that the chain has anchored, and names each pack of a watching device that speaks of the goods' time and place
 * and is not shown. Throws UNAVAILABLE where entries cannot be had, BAD_BUNDLE and the like for what is no bundle.
 */
export async function auditLog(
  untrusted: unknown,
  trust: Trust,
  readEntries: ReadEntries,
): Promise<Check[]> {
  const bundle = parseBundle(untrusted);
  const { state } = trust;
  const about = { question: "complete", record: "the whole log", subject: null } as const;
  const newest = state.checkpoint;
  if (newest === null)
    return [
      await check(about, () => {
        throw new TraceError("UNAVAILABLE", "the chain told of no checkpoint of this log");
      }),
    ];
  const { steps, lineage } = lineageIn(bundle, trust);
  const { windows } = windowsOf(
    state,
    dwellingsOf(lineage, steps, state.lots, state.block.time),
    bundle.statements,
  );
  const witnesses = witnessesOf(lineage, steps, state);
  const leaves: Uint8Array[] = [];
  const missing: Check[] = [];
  const shown = shownIn(bundle);
  const points = new Map(bundle.devices.map((key) => [toHex(sha256(fromHex(key))), fromHex(key)]));
  for (let index = 0; index * TILE_WIDTH < newest.size; index++) {
    const tile = {
      level: "entries",
      index,
      width: tileWidth(newest.size, "entries", index),
    } as const;
    for (const entry of entriesOf(await readEntries(tile)).slice(0, tile.width)) {
      const leaf = hashLeaf(entry);
      leaves.push(leaf);
      const pack = shown.has(toHex(leaf)) ? undefined : packIn(entry);
      const spoken =
        pack === undefined ? [] : (windows.get(pack.keyId) ?? []).filter(speaksOf(pack));
      if (pack === undefined || spoken.length === 0) continue;
      if (await isSignedBy(points.get(pack.keyId), pack))
        missing.push({
          question: "complete",
          record: packName(pack),
          subject: pack.keyId,
          outcome: spoken.some(({ place }) => witnesses(place, pack.keyId)) ? "fails" : "remark",
          code: "WITHHELD",
          reason: "the log has this pack, and it is not shown",
        });
    }
  }
  const whole = await check(about, () => {
    if (leaves.length !== newest.size || toHex(rootOf(leaves)) !== newest.root)
      throw new TraceError("BAD_PROOF", "these entries do not lead to the root on the chain");
  });
  return [whole, ...missing];
}

const shownIn = ({ packs }: Bundle): ReadonlySet<Hex> =>
  new Set(packs.map(({ envelope }) => toHex(hashLeaf(fromBase64Url(envelope)))));

/** Whoever has the gateway can append what a device never signed. A key that is not shown tells nothing. */
const isSignedBy = async (point: Uint8Array | undefined, pack: Pack): Promise<boolean> =>
  point === undefined || verifyP256Fast(point, pack.signed, pack.signature);

/** The log may hold what is no pack of ours, or of a later kind. */
function packIn(entry: Uint8Array): Pack | undefined {
  try {
    return parsePack(entry);
  } catch (failure) {
    if (failure instanceof TraceError) return undefined;
    throw failure;
  }
}

const speaksOf =
  ({ records }: Pack) =>
  ({ from, until }: Window): boolean =>
    records.some(({ time }) => time >= from * 1000 && time <= until * 1000);
