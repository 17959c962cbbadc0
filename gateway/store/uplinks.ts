import type { Hex } from "../core/bytes.ts";
import type { Uplink } from "../core/uplink.ts";
import type { Sql } from "./schema.ts";

/** What was kept of a message of a network server, if it came before. */
export const uplinkNamed = (sql: Sql, device: Hex, name: string) =>
  sql
    .selectFrom("uplinks")
    .select(["seq", "body"])
    .where("device", "=", device)
    .where("name", "=", name)
    .executeTakeFirst();

/** The message behind an attested pack. */
export const uplinkOfPack = (sql: Sql, device: Hex, seq: number) =>
  sql
    .selectFrom("uplinks")
    .select("body")
    .where("device", "=", device)
    .where("seq", "=", seq)
    .executeTakeFirst();

/** How many messages are missing between the last of a series that came and this one. */
export async function lostBefore(
  sql: Sql,
  device: Hex,
  counter: Uplink["counter"],
): Promise<number> {
  if (counter === undefined) return 0;
  const last = await sql
    .selectFrom("uplinks")
    .select("counter")
    .where("device", "=", device)
    .where("series", "=", counter.series)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return last?.counter == null ? 0 : Math.max(0, counter.value - last.counter - 1);
}

/** How many messages of a device are missing without a pack that says so. */
export async function unsealedLoss(sql: Sql, device: Hex): Promise<number> {
  const query = sql.selectFrom("losses").select("lost").where("device", "=", device);
  return (await query.executeTakeFirst())?.lost ?? 0;
}

/** Remembers what the next pack of a device has to say. */
export async function saveUnsealedLoss(transaction: Sql, device: Hex, lost: number): Promise<void> {
  await transaction
    .insertInto("losses")
    .values({ device, lost })
    .onConflict((known) => known.column("device").doUpdateSet({ lost }))
    .execute();
}

/** The number of a source's next pack: they are numbered from 0 without gaps, in one epoch for ever. */
export async function nextPack(sql: Sql, device: Hex): Promise<number> {
  const { last } = await sql
    .selectFrom("packs")
    .select((of) => of.fn.max<number | null>("seq").as("last"))
    .where("device", "=", device)
    .where("epoch", "=", 0)
    .executeTakeFirstOrThrow();
  return last === null ? 0 : last + 1;
}

/** Keeps a message; a second one of its name is refused by the unique constraint. */
export async function insertUplink(
  transaction: Sql,
  row: {
    readonly device: Hex;
    readonly name: string;
    readonly counter: Uplink["counter"];
    readonly seq: number | null;
    readonly body: Uint8Array;
    readonly receivedAt: number;
  },
): Promise<void> {
  await transaction
    .insertInto("uplinks")
    .values({
      device: row.device,
      name: row.name,
      series: row.counter?.series ?? null,
      counter: row.counter?.value ?? null,
      seq: row.seq,
      body: row.body,
      received_at: row.receivedAt,
    })
    .execute();
}
