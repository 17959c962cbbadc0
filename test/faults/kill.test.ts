import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { TraceError } from "../../gateway/core/trace-error.ts";
import { openStore, type StorePlace } from "../../gateway/store/open.ts";
import { createDevice, type Device } from "../../scripts/device/device.ts";
import { deviceKey, newDeviceKey } from "../../scripts/device/key.ts";
import { SIGNER } from "../gateway/samples.ts";
import { POSTGRES_PROGRAMS, startPostgres, type Postgres } from "../postgres.ts";
import {
  expectNothingLost,
  expectOneHistory,
  forgetfulOutbox,
  newHistory,
  type History,
} from "./history.ts";
import { freePort, startGatewayProcess, type GatewayProcess } from "./processes.ts";

// The long run: PLOTLINE_KILLS=200 npx hardhat test mocha test/faults/kill.test.ts
const KILLS = Number(process.env["PLOTLINE_KILLS"] ?? 10);
const DEVICES = 4;
const PACE = 2; // ms between packs
const WINDOW = 1_000; // packs that a device has in hand at most; MQTT.js sends them again one after another

/** Sends, and kills the gateway again and again; resolves when the devices have all their receipts. */
async function liveThrough(place: StorePlace, kills: number) {
  const [port, history] = [await freePort(), newHistory()];
  let gateway = await startGatewayProcess({ place, port });
  const stop = new AbortController();
  const devices = await Promise.all(
    Array.from({ length: DEVICES }, () => sendUntil(stop.signal, history, port)),
  );
  for (let kill = 0; kill < kills; kill++) {
    await pause(100 + Math.random() * 600);
    await gateway.kill();
    gateway = await startGatewayProcess({ place, port });
    if ((kill + 1) % 20 === 0) console.log(`${kill + 1} kills, ${history.sent.size} packs`);
  }
  await pause(300);
  stop.abort();
  await Promise.all(devices.map(({ stopped }) => stopped));
  await Promise.all(devices.map(({ device }) => allAcknowledged(device)));
  await gateway.kill();
  await Promise.all(devices.map(({ device }) => device.close()));
  return history;
}

/** A device that sends at its pace and forgets what the broker has acknowledged. */
async function sendUntil(signal: AbortSignal, history: History, port: number) {
  const key = deviceKey(newDeviceKey());
  const outbox = forgetfulOutbox(history, key.keyId);
  const logKey = SIGNER.publicKey;
  const url = `mqtt://127.0.0.1:${port}`;
  const device = await createDevice({ key, url, logKey, now: Date.now, outbox });
  const send = async (): Promise<void> => {
    while (!signal.aborted) {
      const { acknowledged, ...pack } = await device.send([
        { name: "temperature", unit: "Cel", value: 21.5, time: Date.now() },
      ]);
      acknowledged.then(() => outbox.forget(pack)).catch(() => {});
      await pause(PACE);
      while (device.unreceipted() > WINDOW && !signal.aborted) await pause(PACE);
    }
  };
  return { device, stopped: send() };
}

async function allAcknowledged(device: Device): Promise<void> {
  while (device.unreceipted() > 0) await pause(20);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("A gateway that is killed again and again", function () {
  this.timeout(60_000 + KILLS * 30_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plotline-kill-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const judge = async (place: StorePlace, kills: number): Promise<void> => {
    const history = await liveThrough(place, kills);
    expect(history.acknowledged.size).to.be.greaterThan(100);
    const store = await openStore(place);
    try {
      await expectNothingLost(store.db, history);
      await expectOneHistory(store.db);
    } finally {
      await store.close();
    }
  };

  it("loses no acknowledged pack and signs one history, on SQLite", () =>
    judge({ dataDir: folder }, KILLS));

  (POSTGRES_PROGRAMS === undefined ? it.skip : it)(
    "loses no acknowledged pack and signs one history, on PostgreSQL",
    async () => {
      const server: Postgres = await startPostgres();
      try {
        await judge({ databaseUrl: await server.newDatabase() }, Math.ceil(KILLS / 2));
      } finally {
        await server.stop();
      }
    },
  );
});

describe("A data folder", function () {
  this.timeout(20_000);
  let folder: string;
  let gateway: GatewayProcess;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "plotline-folder-"));
    gateway = await startGatewayProcess({ place: { dataDir: folder }, port: await freePort() });
  });
  afterEach(async () => {
    await gateway.kill();
    rmSync(folder, { recursive: true });
  });

  it("is refused to a second process, with the id of the first", async () => {
    const refusal: unknown = await openStore({ dataDir: folder }).catch(
      (thrown: unknown) => thrown,
    );
    expect((refusal as TraceError).code).to.equal("UNAVAILABLE");
    expect((refusal as TraceError).message).to.contain(`process ${gateway.pid}`);
  });

  it("is free again when its process was killed", async () => {
    await gateway.kill();
    await (await openStore({ dataDir: folder })).close();
  });
});
