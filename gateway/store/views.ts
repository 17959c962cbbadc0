import type { Hex } from "../core/bytes.ts";
import type { Document } from "../core/statement.ts";
import type { Founder } from "../core/bundle.ts";
import { writeMeta } from "./meta.ts";
import type { Sql } from "./schema.ts";
import { fromRow, type StoredStatement } from "./statements.ts";
import type { SubjectRole } from "./subjects.ts";

/** The statements, other than `digest`, that name one of these subjects and that the chain has not settled yet. */
export async function unsettledAbout(
  sql: Sql,
  subjects: readonly Hex[],
  digest: Hex,
): Promise<readonly Hex[]> {
  const rows = await sql
    .selectFrom("statements")
    .innerJoin("statement_subjects", "statement_subjects.digest", "statements.digest")
    .select("statements.digest")
    .distinct()
    .where("state", "in", ["stored", "sent"])
    .where("statements.digest", "!=", digest)
    .where("statement_subjects.subject", "in", subjects)
    .execute();
  return rows.map((row) => row.digest);
}

/** The highest number that `key` has used here, refused or not: 0 for none. A client's next one has to be higher. */
export async function highestSeen(sql: Sql, key: Hex): Promise<number> {
  const row = await sql
    .selectFrom("statements")
    .select((of) => of.fn.max<number | null>("number").as("highest"))
    .where("key", "=", key)
    .executeTakeFirst();
  return row?.highest ?? 0;
}

/** What confirmed statements name in the roles `find`, where `subject` plays one of the roles `as`; the newest first, up to `limit`. */
export async function relatedSubjects(
  sql: Sql,
  subject: Hex,
  {
    as,
    find,
    limit,
  }: {
    readonly as: readonly SubjectRole[];
    readonly find: readonly SubjectRole[];
    readonly limit: number;
  },
): Promise<readonly Hex[]> {
  const rows = await sql
    .selectFrom("statement_subjects as mine")
    .innerJoin("statement_subjects as theirs", "theirs.digest", "mine.digest")
    .innerJoin("statements", "statements.digest", "mine.digest")
    .select("theirs.subject")
    .where("mine.subject", "=", subject)
    .where("mine.role", "in", as)
    .where("theirs.role", "in", find)
    .where("statements.state", "=", "confirmed")
    .groupBy("theirs.subject")
    .orderBy((of) => of.fn.max("statements.arrival"), "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => row.subject);
}

/** Keeps the document of a key that governance enrolled; that the chain holds its hash is for the caller to see. */
export async function saveFounder(sql: Sql, { key, document }: Founder): Promise<void> {
  await writeMeta(sql, `founder/${key}`, JSON.stringify(document));
}

/** The documents of all keys that governance enrolled. */
export async function foundersOf(sql: Sql): Promise<readonly Founder[]> {
  const rows = await sql
    .selectFrom("meta")
    .selectAll()
    .where("name", "like", "founder/%")
    .orderBy("name")
    .execute();
  return rows.map(({ name, value }) => ({
    key: name.slice("founder/".length) as Hex,
    document: JSON.parse(value) as Document,
  }));
}

/** Confirmed statements in which these subjects play one of these roles, in the order of the chain, each once. */
export async function confirmedAbout(
  sql: Sql,
  subjects: readonly Hex[],
  roles: readonly SubjectRole[],
): Promise<readonly StoredStatement[]> {
  const found = new Map<Hex, StoredStatement>();
  // SQLite bounds the parameters of a statement.
  for (let at = 0; at < subjects.length; at += 500) {
    const rows = await sql
      .selectFrom("statements")
      .selectAll()
      .where("state", "=", "confirmed")
      .where("digest", "in", (of) =>
        of
          .selectFrom("statement_subjects")
          .select("digest")
          .where("subject", "in", subjects.slice(at, at + 500))
          .where("role", "in", roles),
      )
      .execute();
    for (const row of rows) found.set(row.digest, fromRow(row));
  }
  return [...found.values()].toSorted(
    (a, b) => (a.block?.position ?? 0) - (b.block?.position ?? 0),
  );
}

/** Confirmed words of `party` on who may record for it, and of others that it may record for them, in the order of the chain. */
export async function delegationsAbout(sql: Sql, party: Hex): Promise<readonly StoredStatement[]> {
  const rows = await sql
    .selectFrom("statements")
    .selectAll()
    .where("name", "=", "Delegation")
    .where("state", "=", "confirmed")
    .where("digest", "in", (of) =>
      of
        .selectFrom("statement_subjects")
        .select("digest")
        .where("subject", "=", party)
        .where("role", "in", ["party", "agent"]),
    )
    .orderBy("position")
    .execute();
  return rows.map(fromRow);
}

/** The lots and all that was made of them, or (`up`) all that they were made of, by what the chain confirmed. */
export async function lineageFrom(
  sql: Sql,
  lots: readonly Hex[],
  direction: "up" | "down",
): Promise<readonly Hex[]> {
  const [near, far] = direction === "down" ? ["input", "output"] : ["output", "input"];
  const found = new Set(lots);
  let frontier = [...found];
  while (frontier.length > 0) {
    const rows = await sql
      .selectFrom("statement_subjects as near")
      .innerJoin("statement_subjects as far", "far.digest", "near.digest")
      .innerJoin("statements", "statements.digest", "near.digest")
      .select("far.subject")
      .distinct()
      .where("near.subject", "in", frontier.slice(0, 500))
      .where("near.role", "=", near)
      .where("far.role", "=", far)
      .where("statements.state", "=", "confirmed")
      .execute();
    const fresh = rows.map(({ subject }) => subject).filter((lot) => !found.has(lot));
    for (const lot of fresh) found.add(lot);
    frontier = [...frontier.slice(500), ...fresh];
  }
  return [...found];
}

/** The place on the chain of the newest statement that it confirmed; 0 before the first. */
export async function newestPosition(sql: Sql): Promise<number> {
  const row = await sql
    .selectFrom("statements")
    .select((of) => of.fn.max<number | null>("position").as("newest"))
    .executeTakeFirst();
  return row?.newest ?? 0;
}

/** Takes back the operator's codes that nobody has used. */
export async function withdrawOperatorsCodes(sql: Sql, operator: Hex): Promise<void> {
  await sql
    .deleteFrom("codes")
    .where("by_party", "=", operator)
    .where("used_by", "is", null)
    .execute();
}
