import { sql } from "kysely";

import { TraceError } from "../core/trace-error.ts";
import { ddl, lockName, type Dialect } from "./dialects.ts";
import type { Sql } from "./schema.ts";

/**
 * What the schema has become, in PostgreSQL's words; never edited once released. Bounds, uniqueness
 * and references stand here rather than in code.
 */
const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE statements (
      arrival BIGSERIAL PRIMARY KEY,
      digest TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      party TEXT NOT NULL,
      key TEXT NOT NULL,
      number BIGINT NOT NULL CHECK (number > 0),
      body TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('stored', 'sent', 'confirmed', 'refused')),
      reason TEXT,
      block_number BIGINT,
      block_time BIGINT,
      position BIGINT,
      received_at BIGINT NOT NULL,
      UNIQUE (key, number)
    )`,
    `CREATE INDEX statements_unsettled ON statements (arrival) WHERE state IN ('stored', 'sent')`,
    `CREATE INDEX statements_by_time ON statements (received_at)`,
    `CREATE TABLE statement_subjects (
      subject TEXT NOT NULL,
      digest TEXT NOT NULL REFERENCES statements (digest),
      role TEXT NOT NULL,
      PRIMARY KEY (subject, digest, role)
    )`,
    `CREATE TABLE packs (
      id BIGSERIAL PRIMARY KEY,
      leaf_index BIGINT UNIQUE,
      device TEXT NOT NULL,
      epoch BIGINT NOT NULL CHECK (epoch >= 0),
      seq BIGINT NOT NULL CHECK (seq >= 0),
      form TEXT NOT NULL CHECK (form IN ('cose', 'jws', 'attested')),
      envelope BYTEA NOT NULL,
      content_hash BYTEA NOT NULL,
      leaf_hash BYTEA NOT NULL,
      first_time BIGINT NOT NULL,
      last_time BIGINT NOT NULL,
      received_at BIGINT NOT NULL,
      UNIQUE (device, epoch, seq)
    )`,
    `CREATE INDEX packs_pending ON packs (id) WHERE leaf_index IS NULL`,
    `CREATE INDEX packs_by_time ON packs (device, last_time)`,
    `CREATE TABLE equivocations (
      id BIGSERIAL PRIMARY KEY,
      device TEXT NOT NULL,
      epoch BIGINT NOT NULL,
      seq BIGINT NOT NULL,
      envelope BYTEA NOT NULL,
      content_hash BYTEA NOT NULL,
      received_at BIGINT NOT NULL,
      UNIQUE (device, epoch, seq, content_hash)
    )`,
    `CREATE TABLE receipts (
      device TEXT NOT NULL,
      epoch BIGINT NOT NULL,
      next BIGINT NOT NULL CHECK (next >= 0),
      PRIMARY KEY (device, epoch)
    )`,
    `CREATE TABLE tiles (
      level BIGINT NOT NULL,
      "index" BIGINT NOT NULL,
      width BIGINT NOT NULL CHECK (width BETWEEN 1 AND 256),
      bytes BYTEA NOT NULL,
      PRIMARY KEY (level, "index"),
      CHECK (length(bytes) = 32 * width)
    )`,
    `CREATE TABLE checkpoints (
      size BIGINT PRIMARY KEY,
      root TEXT NOT NULL,
      note TEXT NOT NULL,
      signed_at BIGINT NOT NULL
    )`,
    `CREATE TABLE transactions (
      sender TEXT NOT NULL,
      nonce BIGINT NOT NULL,
      purpose TEXT NOT NULL,
      payload TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('stored', 'sent', 'confirmed', 'failed')),
      hash TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      PRIMARY KEY (sender, nonce)
    )`,
    `CREATE INDEX transactions_open ON transactions (sender, nonce) WHERE state IN ('stored', 'sent')`,
    `CREATE TABLE attempts (
      hash TEXT PRIMARY KEY,
      sender TEXT NOT NULL,
      nonce BIGINT NOT NULL,
      raw TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      FOREIGN KEY (sender, nonce) REFERENCES transactions (sender, nonce)
    )`,
    `CREATE INDEX attempts_by_nonce ON attempts (sender, nonce)`,
    `CREATE TABLE keys (key_id TEXT PRIMARY KEY, public_key TEXT NOT NULL)`,
    `CREATE TABLE uris (hash TEXT PRIMARY KEY, uri TEXT NOT NULL)`,
    `CREATE TABLE codes (
      code_hash TEXT PRIMARY KEY,
      subject TEXT NOT NULL,
      roles BIGINT NOT NULL,
      label TEXT NOT NULL,
      by_party TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      used_by TEXT
    )`,
    `CREATE TABLE enrolments (
      key_id TEXT PRIMARY KEY,
      public_key TEXT NOT NULL,
      code_hash TEXT NOT NULL REFERENCES codes (code_hash),
      state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'declined')),
      at BIGINT NOT NULL
    )`,
    `CREATE TABLE openings (
      digest TEXT NOT NULL REFERENCES statements (digest),
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      salt TEXT NOT NULL,
      PRIMARY KEY (digest, name)
    )`,
    `CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)`,
  ],
  [
    `ALTER TABLE statements ADD COLUMN kind BIGINT`, // of an operation; null for other statements
    `CREATE INDEX statements_by_kind ON statements (kind, arrival)`,
    `CREATE INDEX statements_by_position ON statements (position)`,
  ],
  [
    `CREATE TABLE uplinks (
      id BIGSERIAL PRIMARY KEY,
      device TEXT NOT NULL,
      name TEXT NOT NULL,
      series TEXT,
      counter BIGINT CHECK (counter >= 0),
      seq BIGINT CHECK (seq >= 0),
      body BYTEA NOT NULL,
      received_at BIGINT NOT NULL,
      UNIQUE (device, name)
    )`,
    `CREATE INDEX uplinks_by_series ON uplinks (device, series, id)`,
    `CREATE INDEX uplinks_by_seq ON uplinks (device, seq)`,
  ],
  [
    // The log holds whatever a device signed, also what it says against itself (again = 1). What `equivocations` has stays there.
    `CREATE TABLE packs_again (
      id BIGSERIAL PRIMARY KEY,
      leaf_index BIGINT UNIQUE,
      device TEXT NOT NULL,
      epoch BIGINT NOT NULL CHECK (epoch >= 0),
      seq BIGINT NOT NULL CHECK (seq >= 0),
      again BIGINT NOT NULL CHECK (again IN (0, 1)),
      form TEXT NOT NULL CHECK (form IN ('cose', 'jws', 'attested')),
      envelope BYTEA NOT NULL,
      content_hash BYTEA NOT NULL,
      leaf_hash BYTEA NOT NULL,
      first_time BIGINT NOT NULL,
      last_time BIGINT NOT NULL,
      received_at BIGINT NOT NULL,
      UNIQUE (device, epoch, seq, content_hash)
    )`,
    `INSERT INTO packs_again (leaf_index, device, epoch, seq, again, form, envelope, content_hash, leaf_hash, first_time, last_time, received_at)
      SELECT leaf_index, device, epoch, seq, 0, form, envelope, content_hash, leaf_hash, first_time, last_time, received_at
      FROM packs ORDER BY id`,
    `DROP TABLE packs`,
    `ALTER TABLE packs_again RENAME TO packs`,
    `CREATE UNIQUE INDEX packs_by_number ON packs (device, epoch, seq) WHERE again = 0`,
    `CREATE INDEX packs_said_again ON packs (device, id) WHERE again = 1`,
    `CREATE INDEX packs_pending ON packs (id) WHERE leaf_index IS NULL`,
    `CREATE INDEX packs_by_time ON packs (device, last_time)`,
  ],
  [`CREATE INDEX transactions_by_purpose ON transactions (purpose, created_at)`],
  [`CREATE TABLE losses (device TEXT PRIMARY KEY, lost BIGINT NOT NULL CHECK (lost >= 0))`],
  [
    // Each index is paid for by every reading: one says a number is used once, or once more with each other content.
    `CREATE TABLE packs_lean (
      id BIGSERIAL PRIMARY KEY,
      leaf_index BIGINT,
      device TEXT NOT NULL,
      epoch BIGINT NOT NULL CHECK (epoch >= 0),
      seq BIGINT NOT NULL CHECK (seq >= 0),
      again BIGINT NOT NULL CHECK (again IN (0, 1)),
      form TEXT NOT NULL CHECK (form IN ('cose', 'jws', 'attested')),
      envelope BYTEA NOT NULL,
      content_hash BYTEA NOT NULL,
      leaf_hash BYTEA NOT NULL,
      first_time BIGINT NOT NULL,
      last_time BIGINT NOT NULL,
      received_at BIGINT NOT NULL
    )`,
    `INSERT INTO packs_lean (leaf_index, device, epoch, seq, again, form, envelope, content_hash, leaf_hash, first_time, last_time, received_at)
      SELECT leaf_index, device, epoch, seq, again, form, envelope, content_hash, leaf_hash, first_time, last_time, received_at
      FROM packs ORDER BY id`,
    `DROP TABLE packs`,
    `ALTER TABLE packs_lean RENAME TO packs`,
    `CREATE UNIQUE INDEX packs_by_leaf ON packs (leaf_index) WHERE leaf_index IS NOT NULL`,
    `CREATE INDEX packs_pending ON packs (id) WHERE leaf_index IS NULL`,
    `CREATE UNIQUE INDEX packs_by_number ON packs
      (device, epoch, seq, (CASE again WHEN 0 THEN substr(content_hash, 1, 0) ELSE content_hash END))`,
    `CREATE INDEX packs_said_again ON packs (device, id) WHERE again = 1`,
    `CREATE INDEX packs_by_time ON packs (device, last_time)`,
  ],
  // Packs of more than a day are few; all others are found by when they ended.
  [`CREATE INDEX packs_long ON packs (device, first_time) WHERE last_time - first_time > 86400000`],
  // An older attempt may be the one that is mined, and is for what it was for then.
  [`ALTER TABLE attempts ADD COLUMN payload TEXT`],
];

/**
 * Brings a database up to this program's schema, in one transaction: a crash leaves the old schema or
 * the new, and of two programs one waits and finds it done. Throws UNAVAILABLE for a schema of a newer program.
 */
export const migrate = (db: Sql, dialect: Dialect): Promise<void> =>
  db.transaction().execute(async (transaction) => {
    await lockName(dialect, transaction, "migrations");
    await sql`CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY)`.execute(
      transaction,
    );
    const { rows } = await sql<{ number: number }>`SELECT number FROM migrations`.execute(
      transaction,
    );
    if (rows.length > MIGRATIONS.length)
      throw new TraceError("UNAVAILABLE", `the store is of a newer program: ${rows.length}`);
    for (const [i, steps] of MIGRATIONS.entries()) {
      if (i < rows.length) continue;
      for (const step of steps) await sql.raw(ddl(dialect, step)).execute(transaction);
      await sql`INSERT INTO migrations (number) VALUES (${i + 1})`.execute(transaction);
    }
  });
