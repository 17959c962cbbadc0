import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { KINDS } from "../../gateway/core/operations.ts";
import { idOf } from "../../gateway/core/recording.ts";
import { LOTS } from "./cast.ts";

type Body = {
  statement: { kind: number; outputs: { lot: string }[] };
  document: { quantityList: { quantity: number }[] };
};

/** Makes a stored harvest heavier in the database file itself, as a thief of the machine would. Says where it shows. */
export function tamper(dataDir: string, url: string): string {
  const database = new DatabaseSync(join(dataDir, "plotline.sqlite"));
  try {
    const lot = idOf(LOTS.raw1.lot);
    const rows = database
      .prepare("select digest, body from statements where name = 'Operation'")
      .all() as { digest: string; body: string }[];
    for (const { digest, body } of rows) {
      const stored = JSON.parse(body) as Body;
      const { kind, outputs } = stored.statement;
      if (kind !== KINDS.harvest || outputs[0]?.lot !== lot) continue;
      const [entry] = stored.document.quantityList;
      if (entry === undefined) continue;
      const was = entry.quantity;
      entry.quantity = was + 500;
      database
        .prepare("update statements set body = ? where digest = ?")
        .run(JSON.stringify(stored), digest);
      const page = `${url}${new URL(LOTS.bags.lot).pathname}`;
      return `
Tampered: in the database, behind the gateway's back, the harvest ${digest.slice(0, 10)}… of ${LOTS.raw1.lot}
now says ${entry.quantity} kg instead of ${was} kg. Reload ${page}
and see on top that the records do not match, beside that harvest both figures, and "Authentic" turn red;
so do the pages of every lot made of it, and
  npm run --silent verify -- ${page} --deployment ${join(dataDir, "deployment.json")}
`;
    }
    throw new Error("there is no such harvest in the database");
  } finally {
    database.close();
  }
}
