import { Worker } from "node:worker_threads";

import { openStore } from "../../gateway/store/open.ts";

/** Opens a store and kills its own process after some ms, from a thread that SQLite does not hold up. */
async function openAndDie(dataDir: string, ms: string): Promise<void> {
  const killer = "setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(process.argv[2]))";
  await new Promise((resolve) => {
    new Worker(killer, { eval: true, argv: [ms] }).once("online", resolve);
  });
  await openStore({ dataDir });
}

if (import.meta.main) await openAndDie(process.argv[2] ?? "", process.argv[3] ?? "0");
