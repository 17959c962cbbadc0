/** All that SQLite and PostgreSQL do differently. */
import { Socket } from "node:net";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

import { Kysely, PostgresDialect, sql, SqliteDialect, type SqliteDatabase } from "kysely";

import type { Schema, Sql } from "./schema.ts";

export type Dialect = "sqlite" | "postgres";

/** A statement of PostgreSQL's data definition, in the words of `dialect`. */
export function ddl(dialect: Dialect, statement: string): string {
  if (dialect === "postgres") return statement;
  const words = statement
    .replaceAll("BIGSERIAL PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT")
    .replaceAll("BIGINT", "INTEGER")
    .replaceAll("BYTEA", "BLOB");
  return words.startsWith("CREATE TABLE") ? `${words} STRICT` : words;
}

/** A file of SQLite behind Kysely. WAL and FULL: a commit returns when it is on the disk. */
export function sqlite(path: string): Sql {
  const database = new DatabaseSync(path, { timeout: 5_000 });
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA foreign_keys = ON");
  // A thousand devices write to as many places of each index: these stay in memory, and reach the file less often.
  database.exec("PRAGMA cache_size = -32768"); // KiB
  database.exec("PRAGMA wal_autocheckpoint = 4000"); // pages
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database: adapt(database) }) });
}

/** The same file for reading, also while its gateway writes. */
export function sqliteForReading(path: string): Sql {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database: adapt(database) }) });
}

/** Runs over one moment of the store, however long it takes and whoever writes meanwhile. */
export const inOneMoment = <T>(
  dialect: Dialect,
  db: Sql,
  run: (snapshot: Sql) => Promise<T>,
): Promise<T> =>
  dialect === "postgres"
    ? db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute(run)
    : db.transaction().execute(run);

// Longer than any lock of ours is held; a network that swallows everything would hold a commit for ever.
const SILENCE = 60_000;

/**
 * A pool of connections to PostgreSQL. `onLost` hears of connections that broke, or on which nothing was heard for
 * `silence` ms; the pool makes new ones.
 */
export function postgres(
  connectionString: string,
  onLost: (error: Error) => void,
  silence = SILENCE,
): Sql {
  const connect = async () => {
    const { Pool, types } = await import("pg"); // a gateway on SQLite needs none of its memory
    const pool = new Pool({
      connectionString,
      max: 10,
      stream: () => {
        const socket = new Socket();
        return socket.setTimeout(silence, () =>
          socket.destroy(new Error(`the database was silent for ${silence} ms`)),
        );
      },
      // A commit that returns before the disk has it would make every acknowledgement a lie. And who waits for a lock has to
      // see what its holder did, which a database whose default is stricter would hide.
      options: "-c synchronous_commit=on -c default_transaction_isolation=read\\ committed",
      // Our integers stay below 2^53 by their checks, so a number is exact where pg would give text.
      types: {
        getTypeParser: ((oid: number, format?: "text") =>
          oid === INT8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
      },
    });
    pool.on("error", onLost); // of idle connections; one that breaks between two queries has only its own
    pool.on("connect", (client) => client.on("error", onLost));
    return pool;
  };
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: connect }) });
}

/**
 * Makes the transaction the only holder of `name` until it ends. On SQLite it is the only
 * transaction there is: one process holds the folder, and Kysely hands its connection out in turn.
 */
export async function lockName(dialect: Dialect, transaction: Sql, name: string): Promise<void> {
  if (dialect === "postgres")
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(transaction);
}

/** Asks the store for a trivial answer; rejects when it cannot give one. */
export async function ping(db: Sql): Promise<void> {
  await sql`SELECT 1`.execute(db);
}

const INT8 = 20; // PostgreSQL's number for BIGINT

function adapt(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, ReturnType<typeof statementOf>>();
  return {
    close: () => {
      prepared.clear();
      database.close();
    },
    prepare: (text) => {
      // SQLite has rolled back what the disk refused. Doing it again would fail, and hide the reason.
      if (text === "rollback" && !database.isTransaction) return NOTHING;
      const statement = prepared.get(text) ?? statementOf(database.prepare(text));
      if (prepared.size > 500) prepared.clear();
      prepared.set(text, statement);
      return statement;
    },
  };
}

const NOTHING = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [][Symbol.iterator](),
};

const statementOf = (statement: StatementSync) => ({
  reader: statement.columns().length > 0,
  all: (values: readonly unknown[]) => statement.all(...(values as readonly SQLInputValue[])),
  run: (values: readonly unknown[]) => statement.run(...(values as readonly SQLInputValue[])),
  iterate: (values: readonly unknown[]) =>
    statement.iterate(...(values as readonly SQLInputValue[])),
});
