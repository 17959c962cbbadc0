import { loadavg } from "node:os";

import { toBase64Url } from "../../gateway/core/bytes.ts";
import { sha256OfText } from "../../gateway/core/hash.ts";
import { logSigner } from "../../gateway/log-signer.ts";
import { loadLog } from "./bulk-log.ts";
import { makeSender, openLane } from "./ingest-load.ts";
import { inFolder, startPart } from "./ingest-places.ts";
import { numberAfter, spreadOf } from "./rounds.ts";

/** What `--help` says of it. */
export const HELP = `npm run bench -- restart [--leaves 1000000] [--json]

How long a gateway takes that was killed (SIGKILL) under load, from the start of its process until it has acknowledged
a new reading, durably: Node, the store with so many packs and what the kill left in its write-ahead log, broker and
log; not a chain. Five kills. The log is loaded in bulk first.`;

const ROUNDS = 5;
const LOAD = 3_000;

/** Time (ms, and CPU ms) from the start of a gateway's process to its first acknowledgement; it is killed under load then. */
async function startAndKill(
  folder: string,
): Promise<{ readonly took: number; readonly cpu: number }> {
  const [first, load] = [await makeSender(1, 1), await makeSender(LOAD, 1)];
  const start = performance.now();
  const gateway = await startPart("ours", { folder });
  const lane = await openLane(first, gateway.port);
  await lane.send(1);
  const took = performance.now() - start;
  const { cpu } = await gateway.used();
  lane.close();
  const busy = await openLane(load, gateway.port);
  const lost = busy.send(LOAD).catch(() => {});
  await gateway.handled(LOAD / 3);
  gateway.stop();
  await lost;
  return { took, cpu: cpu * 1_000 };
}

export async function bench(args: readonly string[]): Promise<void> {
  const leaves = numberAfter(args, "--leaves", 1_000_000);
  const signer = logSigner("bench.test/log", toBase64Url(sha256OfText("bench")));
  await inFolder(async (folder) => {
    await loadLog(folder, leaves, signer, (done) => console.error(`loaded ${done} of ${leaves}`));
    await startAndKill(folder); // the first start is after no kill
    const times: number[] = [];
    const cpus: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const { took, cpu } = await startAndKill(folder);
      times.push(took);
      cpus.push(cpu);
      console.error(`round ${round} of ${ROUNDS}: ${took.toFixed(0)} ms, ${cpu.toFixed(0)} ms CPU`);
    }
    const { median, least, most } = spreadOf(times);
    const cpu = spreadOf(cpus);
    if (args.includes("--json"))
      return console.log(JSON.stringify({ leaves, median, least, most, cpu, load: loadavg() }));
    console.log(
      `${leaves} packs, killed under load: ${median.toFixed(0)} (${least.toFixed(0)}…${most.toFixed(0)}) ms ` +
        `to the first durable acknowledgement (≤ 2000), ${cpu.median.toFixed(0)} ms of CPU; load of the machine ${loadavg()[0]?.toFixed(1)}`,
    );
  });
}
