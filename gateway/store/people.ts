import type { Hex } from "../core/bytes.ts";
import type { Opening } from "../core/sealed.ts";
import { TraceError } from "../core/trace-error.ts";
import type { CodeRow, EnrolmentRow, Sql } from "./schema.ts";

/** Remembers which URI a hash on chain stands for. */
export async function saveUris(
  sql: Sql,
  uris: readonly { readonly hash: Hex; readonly uri: string }[],
): Promise<void> {
  if (uris.length === 0) return;
  await sql
    .insertInto("uris")
    .values([...uris])
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The URI behind a hash, if anybody ever told us. */
export async function uriOf(sql: Sql, hash: Hex): Promise<string | undefined> {
  const row = await sql
    .selectFrom("uris")
    .select("uri")
    .where("hash", "=", hash)
    .executeTakeFirst();
  return row?.uri;
}

/** The URIs behind several hashes; those that nobody told us are absent. */
export async function urisOf(sql: Sql, hashes: readonly Hex[]): Promise<ReadonlyMap<Hex, string>> {
  if (hashes.length === 0) return new Map();
  const rows = await sql.selectFrom("uris").selectAll().where("hash", "in", hashes).execute();
  return new Map(rows.map(({ hash, uri }) => [hash, uri]));
}

/** Remembers the point (65 bytes) behind a key id, which its hash proves. */
export async function savePublicKey(sql: Sql, keyId: Hex, publicKey: Hex): Promise<void> {
  await sql
    .insertInto("keys")
    .values({ key_id: keyId, public_key: publicKey })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The point behind a key id, if anybody ever showed it. */
export async function publicKeyOf(sql: Sql, keyId: Hex): Promise<Hex | undefined> {
  const row = await sql
    .selectFrom("keys")
    .select("public_key")
    .where("key_id", "=", keyId)
    .executeTakeFirst();
  return row?.public_key;
}

/** A code that lets one stranger ask for one key. The code itself is never stored, only its hash. */
export type Code = {
  readonly codeHash: Hex;
  readonly subject: unknown; // {uri, name}
  readonly roles: number;
  readonly label: string;
  readonly byParty: Hex;
  readonly createdAt: number;
  readonly usedBy: Hex | null; // key id
};

/** Throws REPLAYED where the code exists. */
export async function insertCode(sql: Sql, code: Omit<Code, "usedBy">): Promise<void> {
  const { numInsertedOrUpdatedRows } = await sql
    .insertInto("codes")
    .values({
      code_hash: code.codeHash,
      subject: JSON.stringify(code.subject),
      roles: code.roles,
      label: code.label,
      by_party: code.byParty,
      created_at: code.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 0n) throw new TraceError("REPLAYED", "this code exists already");
}

export async function codeByHash(sql: Sql, codeHash: Hex): Promise<Code | undefined> {
  const row = await sql
    .selectFrom("codes")
    .selectAll()
    .where("code_hash", "=", codeHash)
    .executeTakeFirst();
  return row && codeFrom(row);
}

/** A key that asked to be enrolled, with the code that allows it to ask. */
export type PendingEnrolment = {
  readonly keyId: Hex;
  readonly publicKey: Hex;
  readonly state: EnrolmentRow["state"];
  readonly at: number;
  readonly code: Code;
};

/**
 * Spends a code on a key, once; the same key again is the same answer. Throws NOT_ALLOWED for a code
 * that nobody handed out, REPLAYED for one that another key has used.
 */
export async function useCode(
  transaction: Sql,
  given: {
    readonly codeHash: Hex;
    readonly keyId: Hex;
    readonly publicKey: Hex;
    readonly at: number;
  },
): Promise<Code> {
  const { codeHash, keyId, publicKey, at } = given;
  await transaction
    .updateTable("codes")
    .set({ used_by: keyId })
    .where("code_hash", "=", codeHash)
    .where("used_by", "is", null)
    .execute();
  const code = await codeByHash(transaction, codeHash);
  if (code === undefined) throw new TraceError("NOT_ALLOWED", "nobody handed out this code");
  if (code.usedBy !== keyId) throw new TraceError("REPLAYED", "another key has used this code");
  await savePublicKey(transaction, keyId, publicKey);
  await transaction
    .insertInto("enrolments")
    .values({ key_id: keyId, public_key: publicKey, code_hash: codeHash, state: "pending", at })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return code;
}

export async function enrolmentOf(sql: Sql, keyId: Hex): Promise<PendingEnrolment | undefined> {
  const row = await enrolments(sql).where("key_id", "=", keyId).executeTakeFirst();
  return row && enrolmentFrom(row);
}

/** Requests that wait for the party that handed out their codes, oldest first. */
export async function pendingEnrolments(
  sql: Sql,
  byParty: Hex,
): Promise<readonly PendingEnrolment[]> {
  const rows = await enrolments(sql)
    .where("by_party", "=", byParty)
    .where("state", "=", "pending")
    .orderBy("at")
    .execute();
  return rows.map(enrolmentFrom);
}

export async function markEnrolment(
  sql: Sql,
  keyId: Hex,
  state: EnrolmentRow["state"],
): Promise<void> {
  await sql.updateTable("enrolments").set({ state }).where("key_id", "=", keyId).execute();
}

/** Keeps what opens a statement's sealed fields; the same again changes nothing. */
export async function saveOpenings(
  sql: Sql,
  digest: Hex,
  openings: readonly Opening[],
): Promise<void> {
  if (openings.length === 0) return;
  await sql
    .insertInto("openings")
    .values(
      openings.map(({ name, value, salt }) => ({
        digest,
        name,
        value: JSON.stringify(value),
        salt,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** What opens the sealed fields of these statements. */
export async function openingsOf(
  sql: Sql,
  digests: readonly Hex[],
): Promise<readonly (Opening & { readonly digest: Hex })[]> {
  if (digests.length === 0) return [];
  const rows = await sql
    .selectFrom("openings")
    .selectAll()
    .where("digest", "in", digests)
    .orderBy("digest")
    .orderBy("name")
    .execute();
  return rows.map((row) => ({ ...row, value: JSON.parse(row.value) as unknown }));
}

/** Erases a person from a statement: without value and salt the seal says nothing, and every proof still holds. */
export async function eraseOpenings(sql: Sql, digest: Hex): Promise<void> {
  await sql.deleteFrom("openings").where("digest", "=", digest).execute();
}

const enrolments = (sql: Sql) =>
  sql
    .selectFrom("enrolments")
    .innerJoin("codes", "codes.code_hash", "enrolments.code_hash")
    .selectAll();

const codeFrom = (row: CodeRow): Code => ({
  codeHash: row.code_hash,
  subject: JSON.parse(row.subject) as unknown,
  roles: row.roles,
  label: row.label,
  byParty: row.by_party,
  createdAt: row.created_at,
  usedBy: row.used_by,
});

const enrolmentFrom = (row: EnrolmentRow & CodeRow): PendingEnrolment => ({
  keyId: row.key_id,
  publicKey: row.public_key,
  state: row.state,
  at: row.at,
  code: codeFrom(row),
});
