import { tilePath, type Tile } from "../../gateway/core/tile-path.ts";
import type { ReadEntries } from "../../gateway/core/verify/audit.ts";
import { bytesAt } from "./source.ts";

/** The entry bundles of the log that a gateway serves; says on a terminal how far it has come. Throws UNAVAILABLE. */
export const entriesFrom =
  (gateway: string): ReadEntries =>
  async (tile: Tile) => {
    const url = new URL(tilePath(tile), gateway);
    if (process.stderr.isTTY)
      process.stderr.write(`\rreading the log: ${tile.index * 256} entries `);
    return bytesAt(url);
  };
