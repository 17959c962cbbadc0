import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { connectAsync, type IClientOptions } from "mqtt";
import { pino } from "pino";

import { parsePack } from "../../gateway/core/envelope.ts";
import { SENSOR } from "../../gateway/core/operations.ts";
import { fsck } from "../../gateway/fsck.ts";
import { startIngest, type Ingest } from "../../gateway/ingest.ts";
import { readSources } from "../../gateway/sources.ts";
import { openStore, type Store } from "../../gateway/store/open.ts";
import { SOURCES } from "../../scripts/season/cast.ts";
import { APPLICATION, CHIRPSTACK, DEV_EUI } from "../gateway/core/uplink-messages.ts";
import { deviceNamed, SIGNER } from "../gateway/samples.ts";
import { makeMosquitto, MOSQUITTO, type Mosquitto } from "./mosquitto.ts";
import { freePort, startGatewayProcess } from "./processes.ts";

const KILLS = Math.ceil(Number(process.env["PLOTLINE_KILLS"] ?? 10) / 2);
const TOPIC = `application/${APPLICATION}/device/${DEV_EUI}/event/up`;
const login = { username: "chirpstack", password: "chirpstack's own password" };
const FILE = {
  servers: [
    {
      name: "chirpstack",
      kind: "chirpstack",
      application: APPLICATION,
      user: login.username,
      password: login.password,
      devices: { [DEV_EUI]: {} },
    },
  ],
};
const seed = SOURCES.sourcesKey;

const uplink = (fCnt: number): string =>
  JSON.stringify({
    ...CHIRPSTACK,
    deduplicationId: `uplink ${fCnt}`,
    time: new Date().toISOString(),
    fCnt,
  });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(20);
}

const WINDOW = 20; // how many a server has under way

const uplinksOf = ({ db }: Store) => db.selectFrom("uplinks").selectAll().orderBy("id").execute();
async function packsOf({ db }: Store) {
  const rows = await db.selectFrom("packs").selectAll().orderBy("seq").execute();
  return rows.map(({ envelope }) => parsePack(envelope));
}

describe("What network servers say", function () {
  this.timeout(60_000 + KILLS * 10_000);
  let [folder, file]: [string, string] = ["", ""];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plotline-uplinks-"));
    file = join(folder, "sources.json");
    writeFileSync(file, JSON.stringify(FILE));
  });
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
    rmSync(folder, { recursive: true });
  });

  const connect = (port: number, options: IClientOptions = {}) =>
    connectAsync(`mqtt://127.0.0.1:${port}`, {
      clientId: "chirpstack",
      reconnectPeriod: 0,
      ...options,
    });

  it("is one pack each, without loss or gap, from a gateway that is killed again and again", async () => {
    const place = { dataDir: join(folder, "data") };
    const options = { place, port: await freePort(), sources: { file, seed } };
    let gateway = await startGatewayProcess(options);
    closers.push(() => gateway.kill());
    const acknowledged = new Set<number>();
    const told: string[] = [];
    // MQTT lets a server resend after a new connection only, and so does this one: what nobody acknowledged, in order.
    const speak = async (until: number): Promise<void> => {
      const server = await connect(options.port, login);
      const publish = (fCnt: number): void => {
        server
          .publishAsync(TOPIC, told[fCnt] ?? "", { qos: 1 })
          .then(() => acknowledged.add(fCnt))
          .catch(() => {});
      };
      for (const fCnt of told.keys()) if (!acknowledged.has(fCnt)) publish(fCnt);
      while (Date.now() < until) {
        if (told.length - acknowledged.size < WINDOW) publish(told.push(uplink(told.length)) - 1);
        await pause(5);
      }
      await gateway.kill();
      await server.endAsync(true);
      gateway = await startGatewayProcess(options);
    };
    for (let kill = 0; kill < KILLS; kill++) await speak(Date.now() + 200 + Math.random() * 400);
    // A server that doubts says it all again.
    const server = await connect(options.port, login);
    await Promise.all(told.map((text) => server.publishAsync(TOPIC, text, { qos: 1 })));
    await server.endAsync();
    expect(acknowledged.size).to.be.greaterThan(20);
    await gateway.kill();

    const store = await openStore(place);
    closers.push(store.close);
    const kept = await uplinksOf(store);
    expect(new Set(kept.map(({ name }) => name)).size).to.equal(told.length);
    expect(kept).to.have.length(told.length);
    const packs = await packsOf(store);
    expect(packs.map(({ seq }) => seq)).to.deep.equal(told.map((_, i) => i));
    expect(packs.filter(({ attested }) => attested?.lost !== 0)).to.deep.equal([]);
  });

  describe("to a gateway of its own", () => {
    let store: Store;
    let ingest: Ingest | undefined;
    let broker: Mosquitto | undefined;
    beforeEach(async () => {
      store = await openStore({ dataDir: folder });
    });
    afterEach(async () => {
      await ingest?.close();
      await store.close();
      await broker?.remove();
      [ingest, broker] = [undefined, undefined];
    });
    const start = async (mqtt: Parameters<typeof startIngest>[0]["mqtt"]): Promise<Ingest> => {
      ingest = await startIngest({
        store,
        signer: SIGNER,
        keyOf: async () => ({
          party: deviceNamed("a cooperative"),
          roles: SENSOR,
          from: 0,
          until: 2 ** 40,
          number: 0,
          content: deviceNamed("an enrolment"),
        }),
        now: Date.now,
        log: pino({ level: "silent" }),
        mqtt,
        sources: readSources(file, { seed, production: false }),
      });
      return ingest;
    };

    (MOSQUITTO === undefined ? it.skip : it)(
      "comes through Mosquitto, and waits there",
      async () => {
        broker = await makeMosquitto("default");
        await broker.start();
        const url = `mqtt://127.0.0.1:${broker.port}`;
        const first = await start({ url, clientId: "plotline-uplinks" });
        await until(first.connected);
        const server = await connect(broker.port);
        await server.publishAsync(TOPIC, uplink(0), { qos: 1 });
        await until(async () => (await packsOf(store)).length === 1);
        await first.close();
        for (const fCnt of [1, 2]) await server.publishAsync(TOPIC, uplink(fCnt), { qos: 1 });
        await start({ url, clientId: "plotline-uplinks" });
        await until(async () => (await packsOf(store)).length === 3);
        await server.endAsync();
        const packs = await packsOf(store);
        expect(packs.map(({ seq, attested }) => [seq, attested?.lost])).to.deep.equal([
          [0, 0],
          [1, 0],
          [2, 0],
        ]);
      },
    );

    it("is checked against what was sent, long after", async () => {
      const { mqttPort = 0, sequencer } = await start({ host: "127.0.0.1", port: 0 });
      const server = await connect(mqttPort, login);
      await server.publishAsync(TOPIC, uplink(0), { qos: 1 });
      await server.endAsync();
      await sequencer.close();
      const { origin, publicKey } = SIGNER;
      const findings = async () => {
        const found: string[] = [];
        for await (const { what } of fsck({ db: store.db, log: { origin, publicKey } }))
          found.push(what);
        return found.filter((what) => what.includes("message of the network server"));
      };
      expect(await findings()).to.deep.equal([]);
      await store.db
        .updateTable("uplinks")
        .set({ body: Buffer.from(uplink(1)) })
        .execute();
      expect(await findings()).to.have.length(1);
      await store.db.deleteFrom("uplinks").execute();
      expect(await findings()).to.have.length(1);
    });
  });
});
