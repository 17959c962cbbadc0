import type { Hex } from "../core/bytes.ts";
import type { SignedStatement } from "../core/statement.ts";
import { TraceError } from "../core/trace-error.ts";
import type { Sql, StatementRow, StatementState } from "./schema.ts";
import { subjectsOf } from "./subjects.ts";

/** A statement as the gateway keeps it, with what the chain has made of it. */
export type StoredStatement = {
  readonly digest: Hex;
  readonly signed: SignedStatement;
  readonly state: StatementState;
  readonly reason: string | null; // why the contract refused it
  readonly receivedAt: number; // ms
  readonly block: {
    readonly number: number;
    readonly time: number;
    readonly position: number;
  } | null;
};

/**
 * Stores a judged statement, once: the same digest again gives back what is known of it. Throws
 * EQUIVOCATION where its key used the number for something else, REPLAYED where it has used a higher one.
 */
export async function insertStatement(
  transaction: Sql,
  given: { readonly digest: Hex; readonly signed: SignedStatement; readonly receivedAt: number },
): Promise<StoredStatement> {
  const known = await statementByDigest(transaction, given.digest);
  if (known !== undefined) return known;
  const { digest, signed, receivedAt } = given;
  const { party, key, number } = signed.statement;
  const highest = await highestNumber(transaction, key);
  if (number < highest) throw await reused(transaction, given.signed, highest);
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto("statements")
    .values({
      digest,
      name: signed.name,
      party,
      key,
      number,
      kind: signed.name === "Operation" ? signed.statement.kind : null,
      body: JSON.stringify(signed),
      state: "stored",
      received_at: receivedAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 0n) {
    // Another gateway was faster with this digest, or the number is taken.
    const stored = await statementByDigest(transaction, digest);
    if (stored !== undefined) return stored;
    throw await reused(transaction, signed, highest);
  }
  await transaction
    .insertInto("statement_subjects")
    .values(subjectsOf(signed).map(({ subject, role }) => ({ digest, subject, role })))
    .execute();
  return { digest, signed, state: "stored", reason: null, receivedAt, block: null };
}

/** How many statements of this kind, which were not refused, a party made about one thing. */
export async function countAlike(
  sql: Sql,
  { name, statement, about }: Pick<SignedStatement, "name" | "statement"> & { readonly about: Hex },
): Promise<number> {
  const { count } = await sql
    .selectFrom("statements")
    .select((of) => of.fn.countAll<number>().as("count"))
    .where("party", "=", statement.party)
    .where("name", "=", name)
    .where((of) => ("kind" in statement ? of("kind", "=", statement.kind) : of("kind", "is", null)))
    .where("state", "!=", "refused")
    .where("digest", "in", (of) =>
      of.selectFrom("statement_subjects").select("digest").where("subject", "=", about),
    )
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function reused(
  sql: Sql,
  { statement: { key, number } }: SignedStatement,
  highest: number,
): Promise<TraceError> {
  const twin = await sql
    .selectFrom("statements")
    .select("digest")
    .where("key", "=", key)
    .where("number", "=", number)
    .executeTakeFirst();
  return twin === undefined
    ? new TraceError("REPLAYED", `${key} has used number ${highest}, ${number} comes late`)
    : new TraceError("EQUIVOCATION", `number ${number} of ${key} stands for ${twin.digest}`);
}

export async function statementByDigest(
  sql: Sql,
  digest: Hex,
): Promise<StoredStatement | undefined> {
  const row = await sql
    .selectFrom("statements")
    .selectAll()
    .where("digest", "=", digest)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** Statements that name a lot, certificate, party, place or key; confirmed ones in the order of the chain, then the others as they came. */
export async function statementsBySubject(
  sql: Sql,
  subject: Hex,
  filter: { readonly role?: string; readonly state?: StatementState } = {},
): Promise<readonly StoredStatement[]> {
  let query = sql
    .selectFrom("statements")
    .selectAll()
    .where("digest", "in", (of) => {
      const digests = of
        .selectFrom("statement_subjects")
        .select("digest")
        .where("subject", "=", subject);
      return filter.role === undefined ? digests : digests.where("role", "=", filter.role);
    });
  if (filter.state !== undefined) query = query.where("state", "=", filter.state);
  const rows = await query.orderBy("arrival").execute();
  return rows
    .toSorted(
      (a, b) => (a.position ?? Infinity) - (b.position ?? Infinity) || a.arrival - b.arrival,
    )
    .map(fromRow);
}

/** What the chain has not settled yet, in the order of arrival. */
export async function pendingStatements(
  sql: Sql,
  limit: number,
  states: readonly StatementState[] = ["stored"],
): Promise<readonly StoredStatement[]> {
  const rows = await sql
    .selectFrom("statements")
    .selectAll()
    .where("state", "in", ["stored", "sent"])
    .where("state", "in", states)
    .orderBy("arrival")
    .limit(limit)
    .execute();
  return rows.map(fromRow);
}

/** They ride in a transaction that is about to be broadcast. */
export const markSent = (sql: Sql, digests: readonly Hex[]): Promise<void> =>
  update(sql, digests, { state: "sent" });

/** Back in the queue: the transaction that carried them is gone, or the refusal may not hold any more. */
export const markStored = (sql: Sql, digests: readonly Hex[]): Promise<void> =>
  update(sql, digests, {
    state: "stored",
    reason: null,
    block_number: null,
    block_time: null,
    position: null,
  });

/** The chain took it; `blockTime` in seconds, `position` is block * 1e6 + log index. */
export const markConfirmed = (
  sql: Sql,
  { digest, blockNumber, blockTime, position }: Confirmation,
): Promise<void> =>
  update(sql, [digest], {
    state: "confirmed",
    reason: null,
    block_number: blockNumber,
    block_time: blockTime,
    position,
  });

type Confirmation = {
  readonly digest: Hex;
  readonly blockNumber: number;
  readonly blockTime: number;
  readonly position: number;
};

/** A refused one comes again: nothing where it is under way, or on the chain, by now. */
export async function markAgain(sql: Sql, digest: Hex): Promise<void> {
  await sql
    .updateTable("statements")
    .set({ state: "stored", reason: null })
    .where("digest", "=", digest)
    .where("state", "=", "refused")
    .execute();
}

/**
 * The contract turned it down; `reason` is its error's name, with arguments as JSON if the caller likes. A key that it would have
 * enrolled waits for an approval again.
 */
export async function markRefused(sql: Sql, digest: Hex, reason: string): Promise<void> {
  await update(sql, [digest], { state: "refused", reason });
  await sql
    .updateTable("enrolments")
    .set({ state: "pending" })
    .where("key_id", "in", (of) =>
      of
        .selectFrom("statement_subjects")
        .select("subject")
        .where("digest", "=", digest)
        .where("role", "=", "subjectKey"),
    )
    .execute();
}

/** The highest number that `key` has used for anything the chain did not refuse; 0 for none. */
export async function highestNumber(sql: Sql, key: Hex): Promise<number> {
  const row = await sql
    .selectFrom("statements")
    .select((of) => of.fn.max("number").as("highest"))
    .where("key", "=", key)
    .where("state", "!=", "refused")
    .executeTakeFirst();
  return row?.highest ?? 0;
}

/** How many statements there are, by name and state; of those received since a time (ms), if one is given. */
export async function countStatements(sql: Sql, since = 0) {
  return sql
    .selectFrom("statements")
    .select(["name", "state", (of) => of.fn.countAll<number>().as("count")])
    .where("received_at", ">=", since)
    .groupBy(["name", "state"])
    .execute();
}

/** When (ms) the oldest statement came that the chain has neither taken nor refused; null where there is none. */
export async function oldestUnsettled(sql: Sql): Promise<number | null> {
  const { oldest } = await sql
    .selectFrom("statements")
    .select((of) => of.fn.min<number | null>("received_at").as("oldest"))
    .where("state", "in", ["stored", "sent"])
    .executeTakeFirstOrThrow();
  return oldest;
}

/** The newest statements first, of one name, state or some kinds of operation if asked for. */
export async function recentStatements(
  sql: Sql,
  filter: {
    readonly limit: number;
    readonly name?: StatementRow["name"];
    readonly kinds?: readonly number[];
    readonly state?: StatementState;
    readonly since?: number;
  },
): Promise<readonly StoredStatement[]> {
  let query = sql.selectFrom("statements").selectAll();
  if (filter.name !== undefined) query = query.where("name", "=", filter.name);
  if (filter.kinds !== undefined) query = query.where("kind", "in", filter.kinds);
  if (filter.state !== undefined) query = query.where("state", "=", filter.state);
  if (filter.since !== undefined) query = query.where("received_at", ">=", filter.since);
  const rows = await query.orderBy("arrival", "desc").limit(filter.limit).execute();
  return rows.map(fromRow);
}

/** Statements in the order of their arrival, after the one that arrived as number `after`. */
export async function statementsAfter(
  sql: Sql,
  after: number,
  limit: number,
): Promise<readonly (StoredStatement & { readonly arrival: number })[]> {
  const rows = await sql
    .selectFrom("statements")
    .selectAll()
    .where("arrival", ">", after)
    .orderBy("arrival")
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...fromRow(row), arrival: row.arrival }));
}

async function update(
  sql: Sql,
  digests: readonly Hex[],
  set: Partial<Omit<StatementRow, "digest" | "arrival">>,
): Promise<void> {
  if (digests.length === 0) return;
  await sql.updateTable("statements").set(set).where("digest", "in", digests).execute();
}

/** A row as the program has it. */
export const fromRow = (row: StatementRow): StoredStatement => ({
  digest: row.digest,
  signed: JSON.parse(row.body) as SignedStatement, // judged before it was stored
  state: row.state,
  reason: row.reason,
  receivedAt: row.received_at,
  block:
    row.block_number === null || row.block_time === null || row.position === null
      ? null
      : { number: row.block_number, time: row.block_time, position: row.position },
});
