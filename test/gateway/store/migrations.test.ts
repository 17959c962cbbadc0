import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { sql } from "kysely";

import { openStore } from "../../../gateway/store/open.ts";
import { entriesBetween, insertPacks, packsPending } from "../../../gateway/store/packs.ts";

const bytes = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const packOf = (seq: number, content = seq) => ({
  device: "0xaa" as const,
  epoch: 0,
  seq,
  form: "cose" as const,
  envelope: bytes(content),
  contentHash: bytes(content),
  leafHash: bytes(content),
  firstTime: 1,
  lastTime: 1,
  receivedAt: 1,
});

/** What the table of packs was before the log took what a device says against itself. */
const BEFORE = [
  `CREATE TABLE old (
    id INTEGER PRIMARY KEY AUTOINCREMENT, leaf_index INTEGER UNIQUE, device TEXT NOT NULL, epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL, form TEXT NOT NULL, envelope BLOB NOT NULL, content_hash BLOB NOT NULL, leaf_hash BLOB NOT NULL,
    first_time INTEGER NOT NULL, last_time INTEGER NOT NULL, received_at INTEGER NOT NULL, UNIQUE (device, epoch, seq)) STRICT`,
  `INSERT INTO old SELECT id, seq, device, epoch, seq, form, envelope, content_hash, leaf_hash, first_time, last_time, received_at
    FROM packs WHERE seq < 2`,
  `INSERT INTO old SELECT id, NULL, device, epoch, seq, form, envelope, content_hash, leaf_hash, first_time, last_time, received_at
    FROM packs WHERE seq = 2`,
  `DROP TABLE packs`,
  `ALTER TABLE old RENAME TO packs`,
  `CREATE INDEX packs_pending ON packs (id) WHERE leaf_index IS NULL`,
  `CREATE INDEX packs_by_time ON packs (device, last_time)`,
  `DROP INDEX transactions_by_purpose`,
  `DROP TABLE losses`,
  `ALTER TABLE attempts DROP COLUMN payload`,
  `DELETE FROM migrations WHERE number > 3`,
];

describe("A store of an older program", () => {
  it("keeps its packs and their leaves, and takes what they contradict", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "plotline-older-"));
    try {
      const older = await openStore({ dataDir });
      await older.write((transaction) =>
        insertPacks(
          transaction,
          [0, 1, 2].map((seq) => packOf(seq)),
        ),
      );
      for (const step of BEFORE) await sql.raw(step).execute(older.db);
      await older.close();
      const store = await openStore({ dataDir });
      expect(await entriesBetween(store.db, 0, 9)).to.deep.equal([bytes(0), bytes(1)]);
      expect(await packsPending(store.db)).to.include({ count: 1 });
      const fates = await store.write((transaction) =>
        insertPacks(transaction, [packOf(1), packOf(1, 9), packOf(3)]),
      );
      expect(fates).to.deep.equal(["duplicate", "equivocation", "new"]);
      await store.close();
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});
