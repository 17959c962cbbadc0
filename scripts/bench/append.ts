import { randomBytes } from "node:crypto";
import { loadavg } from "node:os";

import { toBase64Url, toHex, type Hex } from "../../gateway/core/bytes.ts";
import { sha256OfText } from "../../gateway/core/hash.ts";
import { proveInclusionFromTiles, type ReadTile } from "../../gateway/core/tiles.ts";
import { logSigner } from "../../gateway/log-signer.ts";
import { MOST_LEAVES, sequence } from "../../gateway/sequencer.ts";
import { tileReader } from "../../gateway/store/log.ts";
import { openStore, type Store } from "../../gateway/store/open.ts";
import { insertPacks, type NewPack } from "../../gateway/store/packs.ts";
import { loadLog } from "./bulk-log.ts";
import { inFolder } from "./ingest-places.ts";
import { numberAfter, spreadOf } from "./rounds.ts";

/** What `--help` says of it. */
export const HELP = `npm run bench -- append [--leaves 10000000] [--append 60000] [--json]

Leaves a second that become durable and are integrated (row, place in the log, tiles, signed checkpoint) in a log on
SQLite that already holds so many, with packs of a thousand devices in turn; in five rounds. Also: how long a step holds the store, how
many tiles and how much time a proof of inclusion takes there, and the memory. The log is loaded in bulk first.`;

const DEVICES = 1_000;
const BATCH = 512;
const ROUNDS = 5;

/** The `nth` pack of devices that take turns; what it says is noise. */
function packOf(devices: readonly Hex[], nth: number): NewPack {
  return {
    device: devices[nth % DEVICES] ?? "0x",
    epoch: 1,
    seq: Math.floor(nth / DEVICES),
    form: "cose",
    envelope: randomBytes(180),
    contentHash: randomBytes(32),
    leafHash: randomBytes(32),
    firstTime: Date.now(),
    lastTime: Date.now(),
    receivedAt: Date.now(),
  };
}

/** Mean time (ms) of proofs for leaves all over the log, and the most tiles that one of them read. */
async function proofs(store: Store, size: number): Promise<{ ms: number; tiles: number }> {
  let [most, read] = [0, 0];
  const stored = tileReader(store.db);
  const counted: ReadTile = (tile) => {
    read += 1;
    return stored(tile);
  };
  const start = performance.now();
  for (let i = 0; i < 200; i++) {
    read = 0;
    await proveInclusionFromTiles(Math.floor((size * i) / 200), size, counted);
    most = Math.max(most, read);
  }
  return { ms: (performance.now() - start) / 200, tiles: most };
}

export async function bench(args: readonly string[]): Promise<void> {
  const leaves = numberAfter(args, "--leaves", 10_000_000);
  const each = Math.ceil(numberAfter(args, "--append", 60_000) / ROUNDS / BATCH) * BATCH;
  const signer = logSigner("bench.test/append", toBase64Url(sha256OfText("bench")));
  await inFolder(async (folder) => {
    await loadLog(folder, leaves, signer, (done) => console.error(`loaded ${done} of ${leaves}`));
    const store = await openStore({ dataDir: folder });
    // Names among those of the loaded packs, so that every index is entered in its midst.
    const devices = Array.from({ length: DEVICES }, (_, i) =>
      toHex(sha256OfText(`device ${i}`)),
    ).map((id, i): Hex => `0x${i.toString(16).padStart(8, "0")}${id.slice(10)}`);
    const rates: number[] = [];
    const cpus: number[] = [];
    const steps: number[] = [];
    let [nth, rss] = [0, 0];
    const step = async (): Promise<number> => {
      const start = performance.now();
      const { placed } = await sequence({ store, signer, now: Date.now });
      steps.push(performance.now() - start);
      rss = Math.max(rss, process.memoryUsage.rss());
      return placed;
    };
    for (let round = 1; round <= ROUNDS; round++) {
      const packs = Array.from({ length: each }, () => packOf(devices, nth++));
      const [start, cpu] = [performance.now(), process.cpuUsage()];
      for (let at = 0; at < packs.length; at += BATCH) {
        await store.write((transaction) => insertPacks(transaction, packs.slice(at, at + BATCH)));
        if ((at / BATCH) % (MOST_LEAVES / BATCH) === MOST_LEAVES / BATCH - 1) await step();
      }
      while ((await step()) > 0);
      rates.push((each / (performance.now() - start)) * 1_000);
      const { user, system } = process.cpuUsage(cpu);
      cpus.push((user + system) / each);
      console.error(`round ${round} of ${ROUNDS}: ${rates.at(-1)?.toFixed(0)} leaves/s`);
    }
    const proof = await proofs(store, leaves);
    await store.close();
    const [rate, cpu] = [spreadOf(rates), spreadOf(cpus)];
    const p99 = steps.toSorted((a, b) => a - b)[Math.floor(steps.length * 0.99)] ?? NaN;
    if (args.includes("--json"))
      return console.log(JSON.stringify({ leaves, rate, cpu, p99, rss, proof, load: loadavg() }));
    console.log(`a log of ${leaves} leaves; load of the machine ${loadavg()[0]?.toFixed(1)}`);
    console.log(
      `${rate.median.toFixed(0)} (${rate.least.toFixed(0)}…${rate.most.toFixed(0)}) leaves/s (≥ 3000); ` +
        `${cpu.median.toFixed(0)} (${cpu.least.toFixed(0)}…${cpu.most.toFixed(0)}) µs CPU each; ` +
        `${(rss / 2 ** 20).toFixed(0)} MiB at most`,
    );
    console.log(`a step of ${MOST_LEAVES} leaves holds the store for ${p99.toFixed(0)} ms (p99)`);
    console.log(`a proof of inclusion: ${proof.ms.toFixed(2)} ms, ${proof.tiles} tiles at most`);
  });
}
