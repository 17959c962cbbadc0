import { Router, type Response } from "express";

import { bundleOf, parseTilePath, tileWidth, TILE_WIDTH, type Tile } from "../core/tile-path.ts";
import { TraceError } from "../core/trace-error.ts";
import { newestCheckpoint, storedTile } from "../store/log.ts";
import { entriesBetween } from "../store/packs.ts";
import type { Sql } from "../store/schema.ts";

/** The log as C2SP tlog-tiles: `/checkpoint`, `/tile/{level}/{index}[.p/{width}]`, `/tile/entries/…`. */
export function logRouter(db: Sql): Router {
  const router = Router();
  router.get("/checkpoint", async (_request, response) => {
    const newest = await newestCheckpoint(db);
    if (newest === undefined) throw new TraceError("NOT_FOUND", "this log has no checkpoint yet");
    response.setHeader("Cache-Control", "no-cache");
    response.type("text/plain").send(newest.note);
  });
  router.get("/tile/*path", async (request, response) => {
    const tile = parseTilePath(request.path.slice(1));
    const size = (await newestCheckpoint(db))?.size ?? 0;
    if (tile.width > tileWidth(size, tile.level, tile.index))
      throw new TraceError("NOT_FOUND", `the log of ${size} entries has no ${request.path}`);
    sendForEver(response, await readTile(db, tile));
  });
  return router;
}

async function readTile(db: Sql, { level, index, width }: Tile): Promise<Uint8Array> {
  if (level === "entries") {
    const first = index * TILE_WIDTH;
    const entries = await entriesBetween(db, first, first + width);
    if (entries.length !== width) throw new Error(`entries ${index}/${width} are damaged`);
    return bundleOf(entries);
  }
  // What fills a tile later stands behind what was there, so a narrower tile is its beginning.
  const bytes = (await storedTile(db, level, index))?.subarray(0, 32 * width);
  if (bytes?.length !== 32 * width) throw new Error(`tile ${level}/${index} is damaged`);
  return bytes;
}

function sendForEver(response: Response, bytes: Uint8Array): void {
  response.setHeader("Cache-Control", "public, max-age=31536000, immutable");
  response.type("application/octet-stream").send(Buffer.from(bytes));
}
