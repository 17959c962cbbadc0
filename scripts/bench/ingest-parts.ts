/** The programs that `bench ingest` compares, each in a process of its own: `node ingest-parts.ts <part> <JSON>`. */
import { flushCompileCache } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { Aedes } from "aedes";
import { connectAsync } from "mqtt";
import { Client } from "pg";
import { pino } from "pino";

import { toBase64Url } from "../../gateway/core/bytes.ts";
import { sha256OfText } from "../../gateway/core/hash.ts";
import { ROLES } from "../../gateway/core/operations.ts";
import { startIngest } from "../../gateway/ingest.ts";
import { logSigner } from "../../gateway/log-signer.ts";
import { openStore } from "../../gateway/store/open.ts";

export type PartOptions = {
  readonly folder: string;
  readonly port?: number; // of the broker to read from
  readonly databaseUrl?: string; // absent: SQLite in the folder
};

/** What a part says to the bench: where it listens, how many messages it has had, what it has used. */
export type PartSays =
  | { readonly ready: number }
  | { readonly handled: number }
  | { readonly cpu: number; readonly rss: number }; // seconds, bytes

const say = (what: PartSays): void => {
  process.send?.(what);
};

/** Our gateway: signatures checked, committed, acknowledged, sequenced. */
async function ours({ folder, port, databaseUrl }: PartOptions): Promise<void> {
  const party = `0x${"11".repeat(32)}` as const;
  const device = { party, content: party, roles: ROLES.device, from: 0, until: 2 ** 40, number: 0 };
  const ingest = await startIngest({
    store: await openStore(databaseUrl === undefined ? { dataDir: folder } : { databaseUrl }),
    signer: logSigner("bench.test/log", toBase64Url(sha256OfText("bench"))),
    keyOf: async () => device,
    now: Date.now,
    log: pino({ level: "silent" }),
    mqtt:
      port === undefined
        ? { host: "127.0.0.1", port: 0 }
        : { url: `mqtt://127.0.0.1:${port}`, clientId: "plotline-bench" },
    threads: availableParallelism(),
  });
  while (!ingest.connected()) await new Promise((resolve) => setTimeout(resolve, 20));
  say({ ready: ingest.mqttPort ?? 0 });
  flushCompileCache(); // as the gateway's main does
  // What is counted is on the disk.
  const [packs] = ingest.metrics;
  setInterval(async () => {
    const { values = [] } = (await packs?.get()) ?? {};
    say({ handled: values.reduce((sum, { value }) => sum + value, 0) });
  }, 20);
}

/** A broker that keeps nothing, where Mosquitto is not installed. */
async function broker(): Promise<void> {
  const aedes = await Aedes.createBroker();
  const server = createServer(aedes.handle).listen(0, "127.0.0.1", () =>
    say({ ready: (server.address() as AddressInfo).port }),
  );
}

/** A subscriber of MQTT.js, which takes one message at a time. */
async function subscriber(
  port: number,
  handle: (payload: Buffer) => Promise<void> | void,
): Promise<void> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: "subscriber" });
  let handled = 0;
  client.handleMessage = (packet, done) => {
    const taken = (): void => {
      handled += 1;
      done();
    };
    const work = handle(packet.payload as Buffer);
    if (work === undefined) taken();
    else void work.then(taken);
  };
  setInterval(() => say({ handled }), 20);
  await client.subscribeAsync("plotline/v1/+/readings", { qos: 1 });
  say({ ready: port });
}

/** The usual program: one INSERT for each message, durable, no signature looked at. */
async function usual({ folder, port = 0, databaseUrl }: PartOptions): Promise<void> {
  if (databaseUrl === undefined) return usualOnSqlite(folder, port);
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  await database.query("SET synchronous_commit = on");
  await database.query(
    "CREATE TABLE readings (id BIGSERIAL PRIMARY KEY, at BIGINT, payload BYTEA)",
  );
  const insert = {
    name: "insert",
    text: "INSERT INTO readings (at, payload) VALUES ($1, $2)",
  };
  await subscriber(port, async (payload) => {
    await database.query({ ...insert, values: [Date.now(), payload] });
  });
}

async function usualOnSqlite(folder: string, port: number): Promise<void> {
  const database = new DatabaseSync(join(folder, "usual.sqlite"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec("CREATE TABLE readings (id INTEGER PRIMARY KEY, at INTEGER, payload BLOB)");
  const insert = database.prepare("INSERT INTO readings (at, payload) VALUES (?, ?)");
  await subscriber(port, (payload) => {
    insert.run(Date.now(), payload);
  });
}

/** A subscriber that throws every message away: as fast as MQTT.js can be. */
const discard = ({ port = 0 }: PartOptions): Promise<void> => subscriber(port, () => {});

const PARTS = { ours, broker, usual, discard };
export type PartName = keyof typeof PARTS;

if (import.meta.main) {
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    say({ cpu: (user + system) / 1e6, rss: process.memoryUsage.rss() });
  });
  const [name, options] = process.argv.slice(2) as [PartName, string];
  await PARTS[name](JSON.parse(options) as PartOptions);
}
