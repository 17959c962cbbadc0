import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { pino } from "pino";

import { ROLES } from "../../gateway/core/operations.ts";
import type { TraceError } from "../../gateway/core/trace-error.ts";
import { startIngest } from "../../gateway/ingest.ts";
import { startSequencer } from "../../gateway/sequencer-loop.ts";
import type { Floor } from "../../gateway/sequencer.ts";
import { allCheckpoints, newestCheckpoint } from "../../gateway/store/log.ts";
import { openStore } from "../../gateway/store/open.ts";
import { insertPacks } from "../../gateway/store/packs.ts";
import { createDevice } from "../../scripts/device/device.ts";
import { deviceKey, newDeviceKey } from "../../scripts/device/key.ts";
import { deviceNamed, packOf, SIGNER } from "../gateway/samples.ts";
import { POSTGRES_PROGRAMS, startPostgres, type Postgres } from "../postgres.ts";
import { expectNothingLost, expectOneHistory, forgetfulOutbox, newHistory } from "./history.ts";

const SILENT = pino({ level: "silent" });
const ENROLLED = {
  party: deviceNamed("a cooperative"),
  roles: ROLES.device,
  from: 0,
  until: 2 ** 40,
  number: 0,
  content: deviceNamed("an enrolment"),
};

(POSTGRES_PROGRAMS === undefined ? describe.skip : describe)(
  "A gateway over PostgreSQL",
  function () {
    this.timeout(90_000);
    let server: Postgres;
    before(async () => {
      server = await startPostgres();
    });
    after(() => server.stop());

    it("loses nothing when the database is restarted under it, and goes on by itself", async () => {
      const databaseUrl = await server.newDatabase();
      const store = await openStore({ databaseUrl });
      const ingest = await startIngest({
        store,
        signer: SIGNER,
        keyOf: async () => ENROLLED,
        now: Date.now,
        log: SILENT,
        mqtt: { host: "127.0.0.1", port: 0 },
      });
      const key = deviceKey(newDeviceKey());
      const history = newHistory();
      const outbox = forgetfulOutbox(history, key.keyId);
      const url = `mqtt://127.0.0.1:${ingest.mqttPort}`;
      const logKey = SIGNER.publicKey;
      const device = await createDevice({ key, url, logKey, now: Date.now, outbox, resend: 500 });
      const send = async (count: number): Promise<void> => {
        for (let i = 0; i < count; i++) {
          const record = { name: "temperature", unit: "Cel", value: i, time: Date.now() };
          const { acknowledged, ...pack } = await device.send([record]);
          acknowledged.then(() => outbox.forget(pack)).catch(() => {});
        }
      };
      await send(100);
      const restarted = server.restart();
      await send(200);
      await restarted;
      await send(100);
      while (outbox.size() > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await device.close();
      await ingest.close();
      await expectNothingLost(store.db, history);
      await expectOneHistory(store.db);
      expect(history.acknowledged.size).to.equal(400);
      expect((await newestCheckpoint(store.db))?.size).to.equal(400);
      await store.close();
    });
  },
);

describe("Yesterday's backup", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plotline-backup-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Opens a folder, logs some packs and closes; gives back what the chain would be told. */
  const logPacks = async (dataDir: string, from: number, to: number, known?: Floor) => {
    const store = await openStore({ dataDir });
    const parts = { store, signer: SIGNER, now: () => 42, log: SILENT };
    const sequencer = startSequencer({ ...parts, anchored: async () => known });
    const packs = Array.from({ length: to - from }, (_, i) => packOf(from + i));
    await store.write((transaction) => insertPacks(transaction, packs));
    await sequencer.close();
    const [trouble, checkpoints] = [sequencer.trouble(), await allCheckpoints(store.db)];
    await store.close();
    return { trouble, newest: checkpoints.at(-1) };
  };

  it("signs nothing when the chain has seen more", async () => {
    const [today, backup] = [join(folder, "today"), join(folder, "backup")];
    await logPacks(today, 0, 3);
    cpSync(today, backup, { recursive: true });
    const { newest } = await logPacks(today, 3, 5);
    const restored = await logPacks(backup, 3, 4, newest);
    expect((restored.trouble as TraceError).code).to.equal("UNAVAILABLE");
    expect(restored.newest?.size).to.equal(3);
  });

  it("signs on when it is as far as the chain", async () => {
    const [today, backup] = [join(folder, "today"), join(folder, "backup")];
    const { newest } = await logPacks(today, 0, 3);
    cpSync(today, backup, { recursive: true });
    const restored = await logPacks(backup, 3, 4, newest);
    expect(restored.trouble).to.equal(undefined);
    expect(restored.newest?.size).to.equal(4);
  });
});
