import type { Hex } from "../core/bytes.ts";
import type { Sql, TransactionState } from "./schema.ts";

/** One nonce of a sending account: what it is for, and every raw transaction that was signed for it. */
export type StoredTransaction = {
  readonly sender: Hex;
  readonly nonce: number;
  readonly purpose: string;
  readonly payload: unknown;
  readonly state: TransactionState;
  readonly hash: Hex; // of the newest attempt; once settled, of the one that counted
  readonly createdAt: number;
  readonly attempts: readonly Attempt[]; // oldest first
};
/** `payload`: what this one is for, where it differs from attempt to attempt: an anchor is raised together with its size. */
export type Attempt = {
  readonly hash: Hex;
  readonly raw: Hex;
  readonly createdAt: number;
  readonly payload: unknown;
};

/** The next nonce by our own books. The database owns the nonce; the chain is only asked whether it agrees. */
export async function nextNonce(sql: Sql, sender: Hex): Promise<number | undefined> {
  const row = await sql
    .selectFrom("transactions")
    .select((of) => of.fn.max<number | null>("nonce").as("nonce"))
    .where("sender", "=", sender)
    .executeTakeFirst();
  return row?.nonce === null || row === undefined ? undefined : row.nonce + 1;
}

/** Stores a signed transaction before anybody sees it, in state `stored`. A nonce that is taken is refused by the key. */
export async function insertTransaction(
  transaction: Sql,
  given: {
    readonly sender: Hex;
    readonly nonce: number;
    readonly purpose: string;
    readonly payload: unknown;
    readonly raw: Hex;
    readonly hash: Hex;
    readonly createdAt: number;
  },
): Promise<void> {
  const { sender, nonce, purpose, payload, raw, hash, createdAt } = given;
  await transaction
    .insertInto("transactions")
    .values({
      sender,
      nonce,
      purpose,
      payload: JSON.stringify(payload),
      state: "stored",
      hash,
      created_at: createdAt,
    })
    .execute();
  await transaction
    .insertInto("attempts")
    .values({ hash, sender, nonce, raw, payload: JSON.stringify(payload), created_at: createdAt })
    .execute();
}

/** Stores another raw transaction for the same nonce (higher fees, perhaps a newer payload), before it is broadcast. */
export async function addAttempt(
  transaction: Sql,
  given: {
    readonly sender: Hex;
    readonly nonce: number;
    readonly raw: Hex;
    readonly hash: Hex;
    readonly createdAt: number;
    readonly payload?: unknown;
  },
): Promise<void> {
  const { sender, nonce, raw, hash, createdAt, payload } = given;
  const told = payload === undefined ? null : JSON.stringify(payload);
  await transaction
    .insertInto("attempts")
    .values({ hash, sender, nonce, raw, payload: told, created_at: createdAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await transaction
    .updateTable("transactions")
    .set(payload === undefined ? { hash } : { hash, payload: JSON.stringify(payload) })
    .where("sender", "=", sender)
    .where("nonce", "=", nonce)
    .execute();
}

/** Says how a nonce ended or how far it has come; `hash` names the attempt that counted, whose payload counts then too. */
export async function markTransaction(
  sql: Sql,
  given: {
    readonly sender: Hex;
    readonly nonce: number;
    readonly state: TransactionState;
    readonly hash?: Hex;
  },
): Promise<void> {
  const { sender, nonce, state, hash } = given;
  await sql
    .updateTable("transactions")
    .set((of) =>
      hash === undefined
        ? { state }
        : {
            state,
            hash,
            payload: of.fn.coalesce(
              of
                .selectFrom("attempts")
                .select("attempts.payload")
                .where("attempts.hash", "=", hash),
              "transactions.payload",
            ) as never,
          },
    )
    .where("sender", "=", sender)
    .where("nonce", "=", nonce)
    .execute();
}

/** Whatever is neither confirmed nor failed, by nonce: what a restart broadcasts again. */
export const openTransactions = (sql: Sql, sender: Hex): Promise<readonly StoredTransaction[]> =>
  transactionsIn(sql, sender, ["stored", "sent"]);

/**
 * The sizes of the log that were anchored between two times and the next one behind, with when (ms) we set about it, oldest
 * first; as far as our own books know.
 */
export async function anchorsBetween(
  sql: Sql,
  from: number,
  until: number,
): Promise<readonly { readonly size: number; readonly at: number }[]> {
  const anchors = sql
    .selectFrom("transactions")
    .select(["payload", "created_at"])
    .where("purpose", "=", "anchor")
    .where("state", "=", "confirmed")
    .orderBy("created_at");
  const within = anchors.where("created_at", ">=", from).where("created_at", "<=", until);
  const next = anchors.where("created_at", ">", until).limit(1);
  return [...(await within.execute()), ...(await next.execute())].map(
    ({ payload, created_at }) => ({
      size: (JSON.parse(payload) as { readonly size: number }).size,
      at: created_at,
    }),
  );
}

/** All transactions of an account in these states, by nonce. */
export async function transactionsIn(
  sql: Sql,
  sender: Hex,
  states: readonly TransactionState[],
): Promise<readonly StoredTransaction[]> {
  const rows = await sql
    .selectFrom("transactions")
    .selectAll()
    .where("sender", "=", sender)
    .where("state", "in", states)
    .orderBy("nonce")
    .execute();
  if (rows.length === 0) return [];
  const attempts = await sql
    .selectFrom("attempts")
    .selectAll()
    .where("sender", "=", sender)
    .where(
      "nonce",
      "in",
      rows.map(({ nonce }) => nonce),
    )
    .orderBy("created_at")
    .execute();
  return rows.map(({ created_at, payload, ...row }) => ({
    ...row,
    payload: JSON.parse(payload) as unknown,
    createdAt: created_at,
    attempts: attempts
      .filter(({ nonce }) => nonce === row.nonce)
      .map(({ hash, raw, payload: told, created_at: createdAt }) => ({
        hash,
        raw,
        createdAt,
        payload: JSON.parse(told ?? payload) as unknown,
      })),
  }));
}
