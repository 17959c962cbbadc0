import { chainOf, newestOf, selfPayment } from "./embedded-folder.ts";

/** A process to be killed: it mines without end and says each block that somebody could have seen. */
async function mine(dataDir: string): Promise<never> {
  const chain = await chainOf(dataDir);
  for (let nonce = Number((await newestOf(chain)).number); ; nonce++) {
    await chain.request("eth_sendRawTransaction", [await selfPayment(chain, nonce)]);
    process.stdout.write(`${(await newestOf(chain)).hash}\n`);
  }
}

// The test runner loads every file here; only a process of its own mines.
if (import.meta.main) await mine(process.argv[2] ?? "");
