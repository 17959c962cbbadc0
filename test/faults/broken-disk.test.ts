import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { openStore } from "../../gateway/store/open.ts";
import { createDevice } from "../../scripts/device/device.ts";
import { deviceKey, newDeviceKey } from "../../scripts/device/key.ts";
import { SIGNER } from "../gateway/samples.ts";
import { expectNothingLost, expectOneHistory, forgetfulOutbox, newHistory } from "./history.ts";
import { freePort, startGatewayProcess } from "./processes.ts";
import { startProxy } from "./proxy.ts";

type Call = "fsync" | "pwrite64";

/**
 * strace, which lets a system call fail with EIO: the N-th one (`when` "7") or all from the N-th on ("7+"). It traces as a
 * grandchild (-D), so the gateway stays ours to kill.
 */
const breaking = (call: Call, when: string): readonly string[] =>
  `strace -D -f --seccomp-bpf -qq -o /dev/null -e trace=${call} -e inject=${call}:error=EIO:when=${when}`.split(
    " ",
  );

const PACKS = 40;
const AT: Readonly<Record<Call, readonly number[]>> = {
  fsync: [1, 2, 3, 4, 6],
  pwrite64: [1, 14, 16, 18, 30],
};

const [strace = "", ...flags] = breaking("fsync", "1");
const may = spawnSync(strace, [...flags, process.execPath, "-e", ""]).status === 0;

(may ? describe : describe.skip)("On a disk that strace lets answer with an error", function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "plotline-broken-"));
    await (await openStore({ dataDir: folder })).close(); // the disk breaks later than on the first day
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const newDevice = async (url: string) => {
    const [key, history] = [deviceKey(newDeviceKey()), newHistory()];
    const outbox = forgetfulOutbox(history, key.keyId);
    const logKey = SIGNER.publicKey;
    const device = await createDevice({ key, url, logKey, now: Date.now, outbox });
    const send = async (): Promise<void> => {
      const { acknowledged, ...pack } = await device.send([
        { name: "temperature", unit: "Cel", value: 21.5, time: Date.now() },
      ]);
      acknowledged.then(() => outbox.forget(pack)).catch(() => {});
      await pause(5);
    };
    return { device, history, send };
  };

  for (const [call, places] of Object.entries(AT) as [Call, readonly number[]][])
    for (const n of places) {
      it(`once, at ${call} ${n}: goes on by itself, and has all that it acknowledged`, async () => {
        const world = await open(call, `${n}`);
        const gateway = world.gateway ?? (await world.restart()); // whoever watches over it starts it again
        const { device, history, send } = await newDevice(world.url);
        for (let i = 0; i < PACKS; i++) await send();
        while (device.unreceipted() > 0) await pause(20);
        await gateway.kill();
        await device.close();
        await world.close();
        await expectKept(history, PACKS);
      });

      it(`for good, from ${call} ${n} on: promises nothing more, and keeps all that it did`, async () => {
        const world = await open(call, `${n}+`);
        if (world.gateway === undefined) await (await world.restart()).kill();
        else {
          const { device, history, send } = await newDevice(world.url);
          for (let i = 0; i < PACKS; i++) await send();
          while (world.connections() < 2) await pause(5); // it hangs up over what it cannot keep
          const promised = history.acknowledged.size;
          for (let i = 0; i < PACKS; i++) await send();
          while (world.connections() < 3) await pause(5);
          expect(history.acknowledged.size).to.equal(promised);
          await world.gateway.kill();
          const mended = await world.restart();
          while (device.unreceipted() > 0) await pause(20);
          await mended.kill();
          await device.close();
          await expectKept(history, 2 * PACKS);
        }
        await world.close();
      });
    }

  /** A gateway on a disk that breaks, or none where it could not start; and the way to it. */
  const open = async (call: Call, when: string) => {
    const place = { place: { dataDir: folder }, port: await freePort() };
    const proxy = await startProxy(place.port);
    const gateway = await startGatewayProcess(place, breaking(call, when)).catch((failure) => {
      expect(String(failure)).to.match(/disk I\/O error|EIO: i\/o error/);
    });
    return {
      gateway: gateway ?? undefined,
      url: `mqtt://127.0.0.1:${proxy.port}`,
      connections: proxy.connections,
      restart: () => startGatewayProcess(place),
      close: proxy.close,
    };
  };

  const expectKept = async (history: ReturnType<typeof newHistory>, packs: number) => {
    expect(history.sent.size).to.equal(packs);
    const store = await openStore({ dataDir: folder });
    await expectNothingLost(store.db, history);
    await expectOneHistory(store.db);
    await store.close();
  };
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
