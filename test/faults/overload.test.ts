import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { toHex } from "../../gateway/core/bytes.ts";
import { openStore } from "../../gateway/store/open.ts";
import { makeSender, openLane } from "../../scripts/bench/ingest-load.ts";
import { expectNothingLost, expectOneHistory, nameOf, newHistory } from "./history.ts";
import { freePort, startGatewayProcess } from "./processes.ts";

// The long run: PLOTLINE_OVERLOAD=300 (seconds)
const SECONDS = Number(process.env["PLOTLINE_OVERLOAD"] ?? 0);
const [DEVICES, PACKS] = [12, 500];
const MB = 1 << 20;

/** Bytes of a process that are in memory (proc(5), statm). */
const residentOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4_096;

describe("A gateway that is offered more than it can take", function () {
  this.timeout(120_000 + SECONDS * 10_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plotline-overload-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("keeps its memory, and everything that it acknowledged", async () => {
    const [port, history] = [await freePort(), newHistory()];
    const gateway = await startGatewayProcess({ place: { dataDir: folder }, port });
    const end = Date.now() + SECONDS * 1_000;
    const peaks: number[] = [];
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, residentOf(gateway.pid));
    }, 50);
    while (peaks.length < 3 || Date.now() < end) {
      peak = 0;
      await flood(port, history);
      peaks.push(Math.max(peak, residentOf(gateway.pid)));
    }
    clearInterval(watch);
    await gateway.kill();
    const store = await openStore({ dataDir: folder });
    await expectNothingLost(store.db, history);
    await expectOneHistory(store.db);
    await store.close();
    expect(history.acknowledged.size).to.equal(peaks.length * DEVICES * PACKS);
    const [first = 0] = peaks;
    expect(Math.max(...peaks) - first, `${peaks.join(", ")} bytes`).to.be.below(150 * MB);
    expect(first).to.be.below(700 * MB);
  });

  /** Everything at once: no device waits for an acknowledgement before its next pack. */
  const flood = async (port: number, history: ReturnType<typeof newHistory>): Promise<void> => {
    const senders = await Promise.all(Array.from({ length: DEVICES }, () => makeSender(PACKS, 1)));
    await Promise.all(
      senders.map(async (sender) => {
        const names = sender.packs.map((_, seq) => nameOf(sender.key.keyId, { epoch: 0, seq }));
        for (const [i, name] of names.entries())
          history.sent.set(name, toHex(sender.packs[i] ?? new Uint8Array()));
        const lane = await openLane(sender, port);
        lane.push(PACKS);
        await lane.took();
        for (const name of names) history.acknowledged.add(name);
        lane.close();
      }),
    );
  };
});
