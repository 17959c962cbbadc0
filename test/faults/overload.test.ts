import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { connectAsync } from "mqtt";

import { buildPack } from "../../gateway/core/build-pack.ts";
import { toHex } from "../../gateway/core/bytes.ts";
import { buildLogin } from "../../gateway/core/device-login.ts";
import { topicOf, userNameOf } from "../../gateway/core/topics.ts";
import { openStore } from "../../gateway/store/open.ts";
import { deviceKey, newDeviceKey } from "../../scripts/device/key.ts";
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
    await Promise.all(
      Array.from({ length: DEVICES }, async () => {
        const { keyId, publicKey, sign } = deviceKey(newDeviceKey());
        const time = Date.now() - 60_000;
        const packs = await Promise.all(
          Array.from({ length: PACKS }, (_, seq) => {
            const records = [{ name: "temperature", unit: "Cel", value: seq / 10, time }];
            return buildPack({ form: "cose", keyId, epoch: 0, seq, records, sign });
          }),
        );
        const login = {
          device: keyId,
          publicKey: toHex(publicKey),
          time: Math.floor(Date.now() / 1_000),
        };
        const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
          clientId: userNameOf(keyId),
          username: userNameOf(keyId),
          password: await buildLogin(login, sign),
        });
        await Promise.all(
          packs.map(async (pack, seq) => {
            const name = nameOf(keyId, { epoch: 0, seq });
            history.sent.set(name, toHex(pack));
            await client.publishAsync(topicOf(keyId, "readings"), Buffer.from(pack), { qos: 1 });
            history.acknowledged.add(name);
          }),
        );
        await client.endAsync();
      }),
    );
  };
});
