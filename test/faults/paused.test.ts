import { expect } from "chai";

import { toHex } from "../../gateway/core/bytes.ts";
import { openStore } from "../../gateway/store/open.ts";
import { createDevice, type Device } from "../../scripts/device/device.ts";
import { deviceKey, newDeviceKey } from "../../scripts/device/key.ts";
import { memoryOutbox } from "../../scripts/device/outbox.ts";
import { SIGNER } from "../gateway/samples.ts";
import { POSTGRES_PROGRAMS, startPostgres, type Postgres } from "../postgres.ts";
import {
  expectNothingLost,
  expectOneHistory,
  nameOf,
  newHistory,
  type History,
} from "./history.ts";
import { freePort, startGatewayProcess, type GatewayProcess } from "./processes.ts";

// The long run: PLOTLINE_STOP=60000 PLOTLINE_BLOCK=10000
const STOP = Number(process.env["PLOTLINE_STOP"] ?? 2_000);
const ROUNDS = 3;

(POSTGRES_PROGRAMS === undefined ? describe.skip : describe)(
  "Two gateways on one PostgreSQL, of which one stands still",
  function () {
    this.timeout(60_000 + 4 * ROUNDS * STOP);
    let server: Postgres;
    let gateways: GatewayProcess[];
    let devices: Device[];
    let history: History;
    let databaseUrl: string;
    before(async () => {
      server = await startPostgres();
    });
    after(() => server.stop());
    beforeEach(async () => {
      history = newHistory();
      databaseUrl = await server.newDatabase();
      const ports = [await freePort(), await freePort()];
      gateways = [];
      for (const port of ports)
        gateways.push(await startGatewayProcess({ place: { databaseUrl }, port }));
      devices = await Promise.all(ports.map((port) => deviceAt(port)));
    });
    afterEach(async () => {
      for (const gateway of gateways) await gateway.kill();
    });

    const deviceAt = (port: number): Promise<Device> => {
      const key = deviceKey(newDeviceKey());
      const kept = memoryOutbox();
      return createDevice({
        key,
        url: `mqtt://127.0.0.1:${port}`,
        logKey: SIGNER.publicKey,
        now: Date.now,
        resend: 1_000,
        outbox: {
          ...kept,
          keep: (pack) => {
            history.sent.set(nameOf(key.keyId, pack), toHex(pack.bytes));
            kept.keep(pack);
          },
          receipt: (epoch, upTo) => {
            for (let seq = 0; seq <= upTo; seq++)
              history.receipted.add(nameOf(key.keyId, { epoch, seq }));
            kept.receipt(epoch, upTo);
          },
        },
      });
    };
    const send = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++)
        for (const device of devices)
          await device.send([{ name: "temperature", unit: "Cel", value: i, time: Date.now() }]);
    };

    const expectOneLog = async (): Promise<void> => {
      await Promise.all(devices.map((device) => device.receipted()));
      await Promise.all(devices.map((device) => device.close()));
      const store = await openStore({ databaseUrl });
      await expectNothingLost(store.db, history);
      await expectOneHistory(store.db);
      await store.close();
      expect(history.receipted.size).to.equal(history.sent.size);
    };

    it("sign one history where either is stopped and goes on", async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const standing = gateways[round % 2];
        await send(20); // so that it is stopped in the middle of something
        standing?.signal("SIGSTOP");
        await send(20);
        await pause(STOP);
        standing?.signal("SIGCONT");
        await send(20);
      }
      await expectOneLog();
    });

    it("sign one history where the event loop of either is blocked", async () => {
      for (let round = 0; round < ROUNDS; round++) {
        await send(20);
        gateways[round % 2]?.signal("SIGUSR2");
        await send(20);
      }
      await expectOneLog();
    });
  },
);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
