import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { Client } from "pg";
import { pino } from "pino";
import { Registry } from "prom-client";

import { ROLES } from "../../gateway/core/operations.ts";
import type { TraceError } from "../../gateway/core/trace-error.ts";
import { createApp } from "../../gateway/http/app.ts";
import { listen } from "../../gateway/http/listen.ts";
import { logRouter } from "../../gateway/http/log.ts";
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

/** What a database does to the gateways that use it. */
type Harm = {
  readonly gateways: number;
  readonly before?: (url: string) => Promise<void>;
  readonly harm?: (server: Postgres, url: string) => Promise<void>;
};

// Counted by a sequence, which no rollback turns back.
const UNSERIALIZABLE = `
  CREATE SEQUENCE writes;
  CREATE FUNCTION refuse_fifth() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('writes') % 5 = 0 THEN
      RAISE EXCEPTION 'could not serialize access' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON packs EXECUTE FUNCTION refuse_fifth();
  CREATE TRIGGER refuse BEFORE INSERT ON checkpoints EXECUTE FUNCTION refuse_fifth()`;

const OTHERS =
  "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
const HARMS: Readonly<Record<string, Harm>> = {
  "it is restarted under it": { gateways: 1, harm: (server) => server.restart() },
  "every connection is cut, ten times": {
    gateways: 1,
    harm: (_server, url) =>
      using(url, async (client) => {
        for (let cut = 0; cut < 10; cut++) {
          await until(client, `SELECT 1 ${OTHERS} AND state <> 'idle'`);
          await client.query(`SELECT pg_terminate_backend(pid) ${OTHERS}`);
        }
      }),
  },
  "somebody keeps its tables locked until two gateways wait": {
    gateways: 2,
    harm: (_server, url) =>
      using(url, async (client) => {
        await client.query("BEGIN");
        // As the sequencer takes them: in another order one of the two would be a deadlock's victim.
        await client.query("LOCK TABLE checkpoints, packs IN ACCESS EXCLUSIVE MODE");
        await until(client, "SELECT 1 FROM pg_locks WHERE NOT granted HAVING count(*) >= 2");
        await client.query("COMMIT");
      }),
  },
  "somebody else holds the log until two gateways wait for it": {
    gateways: 2,
    harm: (_server, url) =>
      using(url, async (client) => {
        await client.query("SELECT pg_advisory_lock(hashtextextended('log', 0))");
        await until(client, "SELECT 1 FROM pg_locks WHERE NOT granted HAVING count(*) >= 2");
        await client.query("SELECT pg_advisory_unlock_all()");
      }),
  },
  "it says of every fifth write that it cannot be serialized": {
    gateways: 2,
    harm: (_server, url) =>
      using(url, async (client) => {
        await client.query(UNSERIALIZABLE);
        await until(client, "SELECT 1 FROM writes WHERE last_value > 50");
        await client.query("DROP FUNCTION refuse_fifth CASCADE");
      }),
  },
  "its transactions see one moment by default": {
    gateways: 2,
    before: (url) =>
      using(url, async (client) => {
        const name = new URL(url).pathname.slice(1);
        await client.query(
          `ALTER DATABASE ${name} SET default_transaction_isolation = serializable`,
        );
      }),
  },
};

async function using(url: string, run: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await run(client);
  } finally {
    await client.end();
  }
}

/** Resolves when the query has a row. */
async function until(client: Client, query: string): Promise<void> {
  while ((await client.query(query)).rows.length === 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A gateway, and a device that keeps sending until it has its receipts. */
async function openLane(databaseUrl: string, history: ReturnType<typeof newHistory>) {
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
  const outbox = forgetfulOutbox(history, key.keyId);
  const url = `mqtt://127.0.0.1:${ingest.mqttPort}`;
  const logKey = SIGNER.publicKey;
  const device = await createDevice({ key, url, logKey, now: Date.now, outbox, resend: 500 });
  return {
    send: async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const record = { name: "temperature", unit: "Cel", value: i, time: Date.now() };
        const { acknowledged, ...pack } = await device.send([record]);
        acknowledged.then(() => outbox.forget(pack)).catch(() => {});
      }
    },
    close: async (): Promise<void> => {
      while (outbox.size() > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await device.close();
      await ingest.close();
      await store.close();
    },
  };
}

(POSTGRES_PROGRAMS === undefined ? describe.skip : describe)(
  "A gateway over PostgreSQL",
  function () {
    this.timeout(90_000);
    let server: Postgres;
    before(async () => {
      server = await startPostgres();
    });
    after(() => server.stop());

    for (const [what, { gateways, before: prepare, harm }] of Object.entries(HARMS))
      it(`loses nothing when ${what}, and goes on by itself`, async () => {
        const databaseUrl = await server.newDatabase();
        await prepare?.(databaseUrl);
        const history = newHistory();
        const lanes = await Promise.all(
          Array.from({ length: gateways }, () => openLane(databaseUrl, history)),
        );
        const send = (count: number) => Promise.all(lanes.map((lane) => lane.send(count)));
        await send(100);
        const harmed = harm?.(server, databaseUrl);
        await send(200);
        await harmed;
        await send(100);
        for (const { close } of lanes) await close();
        const store = await openStore({ databaseUrl });
        await expectNothingLost(store.db, history);
        await expectOneHistory(store.db);
        expect(history.acknowledged.size).to.equal(400 * gateways);
        expect((await newestCheckpoint(store.db))?.size).to.equal(400 * gateways);
        await store.close();
      });
  },
);

(POSTGRES_PROGRAMS === undefined ? describe.skip : describe)("A reader over PostgreSQL", () => {
  it("hears that the store is away while it is", async () => {
    const postgres = await startPostgres();
    const store = await openStore({ databaseUrl: await postgres.newDatabase() });
    const app = createApp({
      routers: [logRouter(store.db)],
      registry: new Registry(),
      log: SILENT,
      namesOf: async () => new Map(),
      store,
      proxies: 0,
      rpcUrls: [],
      https: false,
    });
    const server = await listen(app, { host: "127.0.0.1", port: 0 });
    const ask = async () => {
      const response = await fetch(`http://127.0.0.1:${server.port}/checkpoint`);
      const { error } = (await response.json()) as { error: { code: string } };
      return [response.status, error.code];
    };
    try {
      expect(await ask()).to.deep.equal([404, "NOT_FOUND"]); // an empty log
      await postgres.stop();
      expect(await ask()).to.deep.equal([503, "UNAVAILABLE"]);
    } finally {
      await server.close();
      await store.close();
    }
  });
});

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
