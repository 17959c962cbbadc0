/** The programs that `bench ingest` compares, each in a process of its own: `node ingest-parts.ts <part> <JSON>`. */
import { createServer, type AddressInfo } from "node:net";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { Aedes } from "aedes";
import { connectAsync } from "mqtt";
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
async function ours({ folder }: PartOptions): Promise<void> {
  const party = `0x${"11".repeat(32)}` as const;
  const device = { party, content: party, roles: ROLES.device, from: 0, until: 2 ** 40, number: 0 };
  const { mqttPort = 0 } = await startIngest({
    store: await openStore({ dataDir: folder }),
    signer: logSigner("bench.test/log", toBase64Url(sha256OfText("bench"))),
    keyOf: async () => device,
    now: Date.now,
    log: pino({ level: "silent" }),
    mqtt: { host: "127.0.0.1", port: 0 },
    threads: availableParallelism() - 1,
  });
  say({ ready: mqttPort });
}

/** A broker that keeps nothing. */
async function broker(): Promise<void> {
  const aedes = await Aedes.createBroker();
  const server = createServer(aedes.handle).listen(0, "127.0.0.1", () =>
    say({ ready: (server.address() as AddressInfo).port }),
  );
}

/** A subscriber of MQTT.js, which takes one message at a time. */
async function subscriber(port: number, handle: (payload: Buffer) => void): Promise<void> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: "subscriber" });
  let handled = 0;
  client.handleMessage = (packet, done) => {
    handle(packet.payload as Buffer);
    done();
    handled += 1;
    if (handled % 100 === 0) say({ handled });
  };
  await client.subscribeAsync("plotline/#", { qos: 1 });
  say({ ready: port });
}

/** The usual program: one INSERT for each message, durable, no signature looked at. */
async function usual({ folder, port = 0 }: PartOptions): Promise<void> {
  const database = new DatabaseSync(join(folder, "usual.sqlite"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec("CREATE TABLE readings (id INTEGER PRIMARY KEY, at INTEGER, payload BLOB)");
  const insert = database.prepare("INSERT INTO readings (at, payload) VALUES (?, ?)");
  await subscriber(port, (payload) => insert.run(Date.now(), payload));
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
