import { loadavg } from "node:os";

import { toBase64Url } from "../../gateway/core/bytes.ts";
import { sha256OfText } from "../../gateway/core/hash.ts";
import { logSigner } from "../../gateway/log-signer.ts";
import { loadLog } from "./bulk-log.ts";
import { makeSender, openLane } from "./ingest-load.ts";
import { inFolder, startPart } from "./ingest-places.ts";
import { numberAfter, spreadOf } from "./rounds.ts";

const HELP = `npm run bench -- restart [--leaves 1000000] [--json]

How long a gateway takes that was killed (SIGKILL) under load, from the start of its process until it has acknowledged
a new reading, durably: Node, the store with so many packs and what the kill left in its write-ahead log, broker and
log; not a chain. Five kills. The log is loaded in bulk first.`;

const ROUNDS = 5;
const LOAD = 3_000;

/** Time (ms) from the start of a gateway's process to its first acknowledgement; it is killed under load then. */
async function startAndKill(folder: string): Promise<number> {
  const [first, load] = [await makeSender(1, 1), await makeSender(LOAD, 1)];
  const start = performance.now();
  const gateway = await startPart("ours", { folder });
  const lane = await openLane(first, gateway.port);
  await lane.send(1);
  const took = performance.now() - start;
  lane.close();
  const busy = await openLane(load, gateway.port);
  const lost = busy.send(LOAD).catch(() => {});
  await gateway.handled(LOAD / 3);
  gateway.stop();
  await lost;
  return took;
}

export async function bench(args: readonly string[]): Promise<void> {
  if (args.includes("--help")) return console.log(HELP);
  const leaves = numberAfter(args, "--leaves", 1_000_000);
  const signer = logSigner("bench.test/log", toBase64Url(sha256OfText("bench")));
  await inFolder(async (folder) => {
    await loadLog(folder, leaves, signer, (done) => console.error(`loaded ${done} of ${leaves}`));
    await startAndKill(folder); // the first start is after no kill
    const times: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      times.push(await startAndKill(folder));
      console.error(`round ${round} of ${ROUNDS}: ${times.at(-1)?.toFixed(0)} ms`);
    }
    const { median, least, most } = spreadOf(times);
    if (args.includes("--json"))
      return console.log(JSON.stringify({ leaves, median, least, most, load: loadavg() }));
    console.log(
      `${leaves} packs, killed under load: ${median.toFixed(0)} (${least.toFixed(0)}…${most.toFixed(0)}) ms ` +
        `to the first durable acknowledgement (≤ 2000); load of the machine ${loadavg()[0]?.toFixed(1)}`,
    );
  });
}
