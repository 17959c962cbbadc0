import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { concatBytes, toHex } from "../../gateway/core/bytes.ts";
import { signCheckpoint } from "../../gateway/core/checkpoint.ts";
import { TILE_WIDTH, tileWidth } from "../../gateway/core/tile-path.ts";
import type { LogSigner } from "../../gateway/log-signer.ts";
import { openStore } from "../../gateway/store/open.ts";
import { uniformRoot } from "./uniform-log.ts";

/** Packs of one device, one after another, so that a million rows are loaded in seconds. */
const RUN = 10_000;
const CHUNK = 250_000;

/**
 * Fills the SQLite store of a folder with a sequenced log of `size` packs, all with the same bytes: rows, indexes,
 * tiles and a checkpoint are as the gateway would have left them, only their signatures are none.
 */
export async function loadLog(
  folder: string,
  size: number,
  signer: LogSigner,
  onProgress: (done: number) => void,
): Promise<void> {
  await (await openStore({ dataDir: folder })).close();
  const database = new DatabaseSync(join(folder, "plotline.sqlite"));
  database.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -64000");
  const leaf = uniformRoot(1);
  const insert = database.prepare(
    `WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
     INSERT INTO packs (leaf_index, device, epoch, seq, again, form, envelope, content_hash, leaf_hash, first_time,
       last_time, received_at)
     SELECT i, printf('0x%064x', i / ${RUN}), 0, i % ${RUN}, 0, 'cose', ?, ?, ?, i, i, i FROM n`,
  );
  const [envelope, content] = [new Uint8Array(180), new Uint8Array(32)];
  for (let from = 0; from < size; from += CHUNK) {
    insert.run(from, Math.min(size, from + CHUNK), envelope, content, leaf);
    onProgress(Math.min(size, from + CHUNK));
  }
  loadTiles(database, size);
  const root = uniformRoot(size);
  const note = await signCheckpoint(
    { origin: signer.origin, size, root },
    signer.publicKey,
    signer.sign,
  );
  database
    .prepare("INSERT INTO checkpoints (size, root, note, signed_at) VALUES (?, ?, ?, ?)")
    .run(size, toHex(root), note, Date.now());
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

function loadTiles(database: DatabaseSync, size: number): void {
  const insert = database.prepare(
    'INSERT INTO tiles (level, "index", width, bytes) VALUES (?, ?, ?, ?)',
  );
  database.exec("BEGIN");
  for (let level = 0; tileWidth(size, level, 0) > 0; level++) {
    const hash = uniformRoot(TILE_WIDTH ** level);
    const full = concatBytes(...Array.from({ length: TILE_WIDTH }, () => hash));
    for (let index = 0, width = tileWidth(size, level, 0); width > 0;) {
      insert.run(level, index, width, full.subarray(0, 32 * width));
      width = tileWidth(size, level, ++index);
    }
  }
  database.exec("COMMIT");
}
