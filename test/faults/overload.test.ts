import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { toHex } from "../../gateway/core/bytes.ts";
import { openStore, readStore } from "../../gateway/store/open.ts";
import { makeSender, openLane, type Sender } from "../../scripts/bench/ingest-load.ts";
import { expectOneHistory } from "./history.ts";
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
    const port = await freePort();
    const gateway = await startGatewayProcess({ place: { dataDir: folder }, port });
    const end = Date.now() + SECONDS * 1_000;
    const peaks: number[] = [];
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, residentOf(gateway.pid));
    }, 50);
    while (peaks.length < 3 || Date.now() < end) {
      peak = 0;
      await expectKept(await flood(port)); // while it runs: a history of millions would be the test's own overload
      peaks.push(Math.max(peak, residentOf(gateway.pid)));
    }
    clearInterval(watch);
    await gateway.kill();
    const store = await openStore({ dataDir: folder });
    const { packs } = await store.db
      .selectFrom("packs")
      .select((of) => of.fn.countAll<number>().as("packs"))
      .executeTakeFirstOrThrow();
    expect(packs).to.equal(peaks.length * DEVICES * PACKS);
    await expectOneHistory(store.db);
    await store.close();
    const half = Math.ceil(peaks.length / 2);
    const [early, late] = [Math.max(...peaks.slice(0, half)), Math.max(...peaks.slice(half))];
    expect(late - early, `${peaks.join(", ")} bytes`).to.be.below(100 * MB);
    expect(early).to.be.below(700 * MB);
  });

  /** Everything at once: no device waits for an acknowledgement before its next pack. */
  const flood = async (port: number): Promise<readonly Sender[]> => {
    const senders = await Promise.all(Array.from({ length: DEVICES }, () => makeSender(PACKS, 1)));
    await Promise.all(
      senders.map(async (sender) => {
        const lane = await openLane(sender, port);
        lane.push(PACKS);
        await lane.took();
        lane.close();
      }),
    );
    return senders;
  };

  /** Every pack of these senders is in the store, once, as sent. */
  const expectKept = (senders: readonly Sender[]): Promise<void> =>
    readStore({ dataDir: folder }, async (db) => {
      for (const { key, packs } of senders) {
        const query = db.selectFrom("packs").select("envelope").where("device", "=", key.keyId);
        const kept = (await query.orderBy("seq").execute()).map(({ envelope }) => toHex(envelope));
        expect(kept).to.deep.equal(packs.map((pack) => toHex(pack)));
      }
    });
});
