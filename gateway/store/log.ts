import { sql as raw } from "kysely";

import type { Hex } from "../core/bytes.ts";
import type { ReadTile, WrittenTile } from "../core/tiles.ts";
import type { CheckpointRow, Sql } from "./schema.ts";

/** The newest checkpoint that was signed, if any. */
export const newestCheckpoint = (sql: Sql): Promise<CheckpointRow | undefined> =>
  sql.selectFrom("checkpoints").selectAll().orderBy("size", "desc").limit(1).executeTakeFirst();

/** The first checkpoint that was signed over more than `size` leaves, if any. */
export const firstCheckpointAfter = (sql: Sql, size: number): Promise<CheckpointRow | undefined> =>
  sql
    .selectFrom("checkpoints")
    .selectAll()
    .where("size", ">", size)
    .orderBy("size")
    .limit(1)
    .executeTakeFirst();

/** The checkpoint over exactly `size` leaves. */
export const checkpointAt = (sql: Sql, size: number): Promise<CheckpointRow | undefined> =>
  sql.selectFrom("checkpoints").selectAll().where("size", "=", size).executeTakeFirst();

/** Every checkpoint, smallest first. */
export const allCheckpoints = (sql: Sql): Promise<readonly CheckpointRow[]> =>
  sql.selectFrom("checkpoints").selectAll().orderBy("size").execute();

/** Keeps a signed checkpoint; a second one of its size is refused by the primary key. */
export async function insertCheckpoint(transaction: Sql, checkpoint: CheckpointRow): Promise<void> {
  await transaction.insertInto("checkpoints").values(checkpoint).execute();
}

const AT_ONCE = 1_000;

/**
 * Forgets checkpoints over fewer than `size` leaves that were signed before a time (ms), the oldest first: what the chain holds
 * proves all that they could. So many at once that others do not wait long for the store meanwhile.
 */
export async function forgetCheckpoints(
  sql: Sql,
  { size, before }: { readonly size: number; readonly before: number },
): Promise<void> {
  const old = sql
    .selectFrom("checkpoints")
    .select("size")
    .where("size", "<", size)
    .where("signed_at", "<", before)
    .orderBy("size")
    .limit(AT_ONCE);
  const forgotten = await sql.deleteFrom("checkpoints").where("size", "in", old).executeTakeFirst();
  if (Number(forgotten.numDeletedRows) === AT_ONCE) await forgetCheckpoints(sql, { size, before });
}

/** Writes tiles over the narrower ones in their places. */
export async function saveTiles(transaction: Sql, tiles: readonly WrittenTile[]): Promise<void> {
  for (const { level, index, width, bytes } of tiles)
    await transaction
      .insertInto("tiles")
      .values({ level, index, width, bytes })
      .onConflict((conflict) => conflict.columns(["level", "index"]).doUpdateSet({ width, bytes }))
      .execute();
}

/** Reads stored tiles for `core/tiles.ts`; what is not there comes as no bytes, which proofs refuse. */
export const tileReader =
  (sql: Sql): ReadTile =>
  async ({ level, index }) =>
    (await storedTile(sql, level, index)) ?? new Uint8Array();

/** The hashes of a tile as far as it is filled. */
export async function storedTile(
  sql: Sql,
  level: number,
  index: number,
): Promise<Uint8Array | undefined> {
  const row = await sql
    .selectFrom("tiles")
    .select("bytes")
    .where("level", "=", level)
    .where("index", "=", index)
    .executeTakeFirst();
  return row?.bytes;
}

/** The first seq of an epoch that is not yet in the log. */
export async function nextSeq(sql: Sql, device: Hex, epoch: number): Promise<number> {
  const row = await sql
    .selectFrom("receipts")
    .select("next")
    .where("device", "=", device)
    .where("epoch", "=", epoch)
    .executeTakeFirst();
  return row?.next ?? 0;
}

/** The packs of one boot of a device. */
export type Series = { readonly device: Hex; readonly epoch: number };

/** `nextSeq` of many, in one stroke; those that are 0 are left out. */
export async function nextSeqs(
  sql: Sql,
  series: readonly Series[],
): Promise<readonly (Series & { readonly next: number })[]> {
  if (series.length === 0) return [];
  const wanted = series.map(({ device, epoch }) => raw`(${device}, CAST(${epoch} AS BIGINT))`);
  return sql
    .selectFrom("receipts")
    .selectAll()
    .where(raw<boolean>`(device, epoch) IN (VALUES ${raw.join(wanted)})`)
    .execute();
}

/** Sets it, once more packs are in the log. */
export async function saveNextSeqs(
  transaction: Sql,
  rows: readonly (Series & { readonly next: number })[],
): Promise<void> {
  if (rows.length === 0) return;
  await transaction
    .insertInto("receipts")
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(["device", "epoch"]).doUpdateSet({ next: raw`excluded.next` }),
    )
    .execute();
}

/** Which of these packs are in the log. */
export async function loggedAmong(
  sql: Sql,
  packs: readonly (Series & { readonly seq: number })[],
): Promise<readonly Series[]> {
  if (packs.length === 0) return [];
  const wanted = packs.map(
    ({ device, epoch, seq }) => raw`(${device}, CAST(${epoch} AS BIGINT), CAST(${seq} AS BIGINT))`,
  );
  return sql
    .selectFrom("packs")
    .select(["device", "epoch"])
    .where(raw<boolean>`(device, epoch, seq) IN (VALUES ${raw.join(wanted)})`)
    .where("leaf_index", "is not", null)
    .execute();
}

/** Of one epoch, the seqs from `from` on that are in the log, in order. */
export async function loggedSeqs(
  sql: Sql,
  { device, epoch, from }: { readonly device: Hex; readonly epoch: number; readonly from: number },
): Promise<readonly number[]> {
  const rows = await sql
    .selectFrom("packs")
    .select("seq")
    .where("device", "=", device)
    .where("epoch", "=", epoch)
    .where("seq", ">=", from)
    .where("again", "=", 0)
    .where("leaf_index", "is not", null)
    .orderBy("seq")
    .execute();
  return rows.map(({ seq }) => seq);
}

/** A device's newest epochs, with the first seq of each that is not yet in the log. */
export const newestEpochs = (sql: Sql, device: Hex, limit: number) =>
  sql
    .selectFrom("receipts")
    .selectAll()
    .where("device", "=", device)
    .where("next", ">", 0)
    .orderBy("epoch", "desc")
    .limit(limit)
    .execute();
