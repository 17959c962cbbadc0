import { CompiledQuery, sql as raw } from "kysely";

import { sameBytes, type Hex } from "../core/bytes.ts";
import type { PackForm, PackRow, Sql } from "./schema.ts";

/** A judged reading pack, on its way into the store. Times in ms. */
export type NewPack = {
  readonly device: Hex;
  readonly epoch: number;
  readonly seq: number;
  readonly form: PackForm;
  readonly envelope: Uint8Array;
  readonly contentHash: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly receivedAt: number;
};

/** A pack as kept. `leafIndex` is null until the sequencer has placed it in the log. */
export type StoredPack = NewPack & { readonly leafIndex: number | null };

/**
 * `duplicate`: known already, kept once. `equivocation`: the number stands for something else; kept once and logged all the
 * same, as evidence that every reader sees.
 */
export type PackFate = "new" | "duplicate" | "equivocation";

/** Stores a batch within the caller's transaction, and says of each pack, in order, what became of it. */
export async function insertPacks(
  transaction: Sql,
  batch: readonly NewPack[],
): Promise<readonly PackFate[]> {
  const fresh = new Set<string>();
  // In one order for all gateways: two that wait for each other's rows would both lose their batch.
  const ordered = batch.toSorted(
    (a, b) => order(a.device, b.device) || a.epoch - b.epoch || a.seq - b.seq,
  );
  for (const rows of chunks(ordered))
    for (const row of await insert(transaction, rows, 0)) fresh.add(nameOf(row));
  const seen = new Map<string, Uint8Array>();
  const fates: PackFate[] = [];
  for (const pack of batch) {
    const name = nameOf(pack);
    if (fresh.delete(name)) {
      seen.set(name, pack.contentHash);
      fates.push("new");
      continue;
    }
    const known = seen.get(name) ?? (await contentOf(transaction, pack));
    seen.set(name, known);
    const same = sameBytes(known, pack.contentHash);
    if (!same) await insert(transaction, [pack], 1);
    fates.push(same ? "duplicate" : "equivocation");
  }
  return fates;
}

/**
 * A device's packs with a reading between two times (ms), and all that it numbered between these,
 * with one neighbour on each side: the reader sees that nothing was left out, and what was said twice. By epoch and seq.
 * With `room`, of those between only the first whose envelopes it holds (bytes): the rest is not read at all.
 */
export async function packsOfDevice(
  sql: Sql,
  device: Hex,
  { fromTime, toTime, room }: Stretch,
): Promise<readonly StoredPack[]> {
  const of = sql.selectFrom("packs").selectAll().where("device", "=", device);
  const first = await endOf(sql, device, { fromTime, toTime }, "asc");
  const last = await endOf(sql, device, { fromTime, toTime }, "desc");
  if (first === undefined || last === undefined) {
    const one = of.where("again", "=", 0).limit(1);
    const before = one.where("last_time", "<", fromTime).orderBy("last_time", "desc");
    return [...(await before.execute()), ...(await firstAfter(sql, device, toTime))].map(fromRow);
  }
  const before = await of
    .where("again", "=", 0)
    .where(raw<boolean>`(epoch, seq) < (${first.epoch}, ${first.seq})`)
    .orderBy("epoch", "desc")
    .orderBy("seq", "desc")
    .limit(1)
    .execute();
  const between = of
    .where(raw<boolean>`(epoch, seq) >= (${first.epoch}, ${first.seq})`)
    .where(raw<boolean>`(epoch, seq) <= (${last.epoch}, ${last.seq})`);
  const filled = raw<number>`SUM(LENGTH(envelope)) OVER (ORDER BY epoch, seq, again)`.as("filled");
  const fitting = sql
    .selectFrom(between.clearSelect().select(["id", filled]).as("each"))
    .select("id")
    .where("filled", "<=", room ?? 0);
  const rest = await (room === undefined ? between : between.where("id", "in", fitting))
    .orderBy("epoch")
    .orderBy("seq")
    .orderBy("again")
    .execute();
  const after = await of
    .where("again", "=", 0)
    .where(raw<boolean>`(epoch, seq) > (${last.epoch}, ${last.seq})`)
    .orderBy("epoch")
    .orderBy("seq")
    .limit(1)
    .execute();
  return [...before, ...rest, ...after].map(fromRow);
}

/** A day: hardly any pack lasts longer. Those that do have an index of their own, so that the others are found by when they ended. */
const LONG = 86_400_000; // as in the migrations
const isLong = raw<boolean>`last_time - first_time > 86400000`;

type Span = { readonly fromTime: number; readonly toTime: number };

/** The first or the last number among the packs of a device with a reading between two times. */
async function endOf(sql: Sql, device: Hex, { fromTime, toTime }: Span, end: "asc" | "desc") {
  const within = sql
    .selectFrom("packs")
    .select(["epoch", "seq"])
    .where("device", "=", device)
    .where("last_time", ">=", fromTime)
    .where("first_time", "<=", toTime)
    .orderBy("epoch", end)
    .orderBy("seq", end)
    .limit(1);
  const found = [
    ...(await within.where("last_time", "<=", toTime + LONG).execute()),
    ...(await within.where(isLong).execute()),
  ].toSorted((a, b) => a.epoch - b.epoch || a.seq - b.seq);
  return end === "asc" ? found[0] : found.at(-1);
}

/** Of the packs that begin after a time the one that begins first. */
async function firstAfter(sql: Sql, device: Hex, time: number): Promise<readonly PackRow[]> {
  const after = sql
    .selectFrom("packs")
    .selectAll()
    .where("device", "=", device)
    .where("again", "=", 0)
    .where("first_time", ">", time)
    .limit(1);
  const some = await after.where("last_time", ">", time).orderBy("last_time").executeTakeFirst();
  if (some === undefined) return [];
  // What begins before this one does, and is not long, ends within a day of its beginning.
  const near = after.where("last_time", ">", time).where("last_time", "<=", some.first_time + LONG);
  const found = [
    some,
    ...(await near.orderBy("first_time").execute()),
    ...(await after.where(isLong).orderBy("first_time").execute()),
  ];
  return found.toSorted((a, b) => a.first_time - b.first_time).slice(0, 1);
}

type Stretch = { readonly fromTime: number; readonly toTime: number; readonly room?: number };

/** How many packs wait for the sequencer, and since when (ms) the oldest of them does. */
export async function packsPending(
  sql: Sql,
): Promise<{ readonly count: number; readonly oldest: number | null }> {
  const row = await sql
    .selectFrom("packs")
    .select((of) => [
      of.fn.countAll<number>().as("count"),
      of.fn.min<number | null>("received_at").as("oldest"),
    ])
    .where("leaf_index", "is", null)
    .executeTakeFirstOrThrow();
  return row;
}

/** Gives up to `limit` pending packs, oldest first, the leaf indexes from `first` on, in one stroke. */
export async function assignLeaves(
  transaction: Sql,
  { first, limit }: { readonly first: number; readonly limit: number },
): Promise<readonly PlacedPack[]> {
  const { rows } = await raw<PackRow>`
    UPDATE packs SET leaf_index = pending.leaf
    FROM (
      SELECT id AS pending_id, CAST(${first} AS BIGINT) + row_number() OVER (ORDER BY id) - 1 AS leaf
      FROM packs WHERE leaf_index IS NULL ORDER BY id LIMIT CAST(${limit} AS BIGINT)
    ) AS pending
    WHERE id = pending.pending_id
    RETURNING leaf_index, device, epoch, seq, leaf_hash, received_at
  `.execute(transaction);
  return rows
    .map((row) => ({
      leafIndex: Number(row.leaf_index),
      device: row.device,
      epoch: row.epoch,
      seq: row.seq,
      leafHash: row.leaf_hash,
      receivedAt: Number(row.received_at),
    }))
    .toSorted((a, b) => a.leafIndex - b.leafIndex);
}

/** A pack's place in the log. */
export type PlacedPack = {
  readonly leafIndex: number;
  readonly device: Hex;
  readonly epoch: number;
  readonly seq: number;
  readonly leafHash: Uint8Array;
  readonly receivedAt: number; // ms
};

/** Log entries from leaf `from` up to but not `to`, as received, in order. */
export async function entriesBetween(
  sql: Sql,
  from: number,
  to: number,
): Promise<readonly Uint8Array[]> {
  const rows = await sql
    .selectFrom("packs")
    .select("envelope")
    .where("leaf_index", ">=", from)
    .where("leaf_index", "<", to)
    .orderBy("leaf_index")
    .execute();
  return rows.map(({ envelope }) => envelope);
}

/** Packs of the log with all that is kept of them, from leaf `from` on, in order. */
export const loggedPacks = (sql: Sql, from: number, limit: number): Promise<PackRow[]> =>
  sql
    .selectFrom("packs")
    .selectAll()
    .where("leaf_index", ">=", from)
    .orderBy("leaf_index")
    .limit(limit)
    .execute();

/** Packs that say something else under a number that was used: evidence against their device. */
export async function equivocationsOf(sql: Sql, device?: Hex) {
  const query = sql.selectFrom("packs").selectAll().where("again", "=", 1).orderBy("id");
  return (device === undefined ? query : query.where("device", "=", device)).execute();
}

/** When (ms) a device's newest reading was taken; null where it was never heard. Found by its index, however many there are. */
export async function newestReading(sql: Sql, device: Hex): Promise<number | null> {
  const row = await sql
    .selectFrom("packs")
    .select((of) => of.fn.max<number | null>("last_time").as("newest"))
    .where("device", "=", device)
    .executeTakeFirst();
  return row?.newest ?? null;
}

const order = (a: Hex, b: Hex): number => (a < b ? -1 : a > b ? 1 : 0);

const nameOf = (pack: Numbered): string => `${pack.device}/${pack.epoch}/${pack.seq}`;

// SQLite takes 32,766 parameters in one statement, PostgreSQL 65,535; few distinct texts stay prepared.
const SIZES = [256, 64, 8, 1];
function* chunks(batch: readonly NewPack[]): Generator<readonly NewPack[]> {
  for (let at = 0; at < batch.length;) {
    const size = SIZES.find((each) => each <= batch.length - at) ?? 1;
    yield batch.slice(at, at + size);
    at += size;
  }
}

type Numbered = Pick<NewPack, "device" | "epoch" | "seq">;

/** Stores what is not there yet, and gives the numbers of that. */
async function insert(
  transaction: Sql,
  packs: readonly NewPack[],
  again: 0 | 1,
): Promise<readonly Numbered[]> {
  const rows = packs.map((pack) => toRow(pack, again));
  const text = textFor(transaction, rows.length, () => insertion(transaction, rows));
  const values = rows.flatMap((row) => Object.values(row));
  return (await transaction.executeQuery<Numbered>(CompiledQuery.raw(text, values))).rows;
}

const insertion = (transaction: Sql, rows: readonly ReturnType<typeof toRow>[]) =>
  transaction
    .insertInto("packs")
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .returning(["device", "epoch", "seq"])
    .compile();

/** The columns of `insertion`, always in this order. */
const toRow = (pack: NewPack, again: 0 | 1) => ({
  device: pack.device,
  epoch: pack.epoch,
  seq: pack.seq,
  again,
  form: pack.form,
  envelope: pack.envelope,
  content_hash: pack.contentHash,
  leaf_hash: pack.leafHash,
  first_time: pack.firstTime,
  last_time: pack.lastTime,
  received_at: pack.receivedAt,
});

// Of the one statement that every reading passes through, making the text costs as much as running it.
const texts = new WeakMap<object, Map<number, string>>();

function textFor(transaction: Sql, rows: number, compile: () => CompiledQuery): string {
  const database = transaction.getExecutor().adapter;
  const known = texts.get(database) ?? new Map<number, string>();
  texts.set(database, known);
  const text = known.get(rows) ?? compile().sql;
  known.set(rows, text);
  return text;
}

async function contentOf(transaction: Sql, pack: NewPack): Promise<Uint8Array> {
  const row = await transaction
    .selectFrom("packs")
    .select("content_hash")
    .where("device", "=", pack.device)
    .where("epoch", "=", pack.epoch)
    .where("seq", "=", pack.seq)
    .where("again", "=", 0)
    .executeTakeFirstOrThrow();
  return row.content_hash;
}

const fromRow = (row: PackRow): StoredPack => ({
  device: row.device,
  epoch: row.epoch,
  seq: row.seq,
  form: row.form,
  envelope: row.envelope,
  contentHash: row.content_hash,
  leafHash: row.leaf_hash,
  firstTime: row.first_time,
  lastTime: row.last_time,
  receivedAt: row.received_at,
  leafIndex: row.leaf_index,
});
