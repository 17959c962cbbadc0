import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { connectAsync, type MqttClient } from "mqtt";
import { pino } from "pino";

import { packIntake, type PackIntake } from "../../gateway/capture-pack.ts";
import { buildPack } from "../../gateway/core/build-pack.ts";
import { ROLES } from "../../gateway/core/operations.ts";
import { topicOf, userNameOf } from "../../gateway/core/topics.ts";
import { publicKeys } from "../../gateway/device-keys.ts";
import { startIngest, type Ingest } from "../../gateway/ingest.ts";
import { startJudges } from "../../gateway/judges.ts";
import { startBrokerClient } from "../../gateway/mqtt/client.ts";
import { openStore, type Store } from "../../gateway/store/open.ts";
import { createDevice } from "../../scripts/device/device.ts";
import { deviceKey, newDeviceKey } from "../../scripts/device/key.ts";
import { deviceNamed, SIGNER } from "../gateway/samples.ts";
import { GATEWAY_USER, makeMosquitto, MOSQUITTO, type Mosquitto } from "./mosquitto.ts";

const KEY = deviceKey(newDeviceKey());
const USER = userNameOf(KEY.keyId);
const ENROLLED = {
  party: deviceNamed("a cooperative"),
  roles: ROLES.device,
  from: 0,
  until: 2 ** 40,
  number: 0,
  content: deviceNamed("an enrolment"),
};
const SILENT = pino({ level: "silent" });

const packOf = (seq: number): Promise<Uint8Array> =>
  buildPack({
    form: "cose",
    keyId: KEY.keyId,
    epoch: 0,
    seq,
    records: [{ name: "temperature", unit: "Cel", value: 21, time: Date.now() }],
    sign: KEY.sign,
  });

(MOSQUITTO === undefined ? describe.skip : describe)("A gateway behind Mosquitto", function () {
  this.timeout(60_000);
  let [folder, broker, store]: [string, Mosquitto?, Store?] = [""];
  let closers: (() => Promise<unknown>)[];

  beforeEach(async () => {
    closers = [];
    folder = mkdtempSync(join(tmpdir(), "plotline-broker-"));
    store = await openStore({ dataDir: folder });
  });
  afterEach(async () => {
    for (const close of closers.toReversed()) await close();
    await store?.close();
    await broker?.remove();
    rmSync(folder, { recursive: true });
  });

  const opened = (): Store => {
    if (store === undefined) throw new Error("the store did not open");
    return store;
  };

  const startBroker = async (conf: "shipped" | "default"): Promise<Mosquitto> => {
    broker = await makeMosquitto(conf, { [USER]: "the device's" });
    await broker.start();
    return broker;
  };

  const urlOf = ({ port }: Mosquitto): string =>
    `mqtt://${GATEWAY_USER.username}:${encodeURIComponent(GATEWAY_USER.password)}@127.0.0.1:${port}`;

  const startGateway = async (from: Mosquitto): Promise<Ingest> => {
    const ingest = await startIngest({
      store: opened(),
      signer: SIGNER,
      keyOf: async () => ENROLLED,
      now: Date.now,
      log: SILENT,
      mqtt: { url: urlOf(from), clientId: "plotline-test" },
    });
    await until(ingest.connected);
    return ingest;
  };

  const login = async ({ port }: Mosquitto, protocolVersion: 4 | 5 = 4): Promise<MqttClient> => {
    const options = {
      username: USER,
      password: "the device's",
      protocolVersion,
      reconnectPeriod: 0,
    };
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, options);
    closers.push(() => client.endAsync(true));
    return client;
  };

  const publishAll = async (client: MqttClient, from: number, to: number): Promise<void> => {
    await client.publishAsync(topicOf(KEY.keyId, "key"), Buffer.from(KEY.publicKey), { qos: 1 });
    const packs = await Promise.all(Array.from({ length: to - from }, (_, i) => packOf(from + i)));
    await Promise.all(
      packs.map((pack) =>
        client.publishAsync(topicOf(KEY.keyId, "readings"), Buffer.from(pack), { qos: 1 }),
      ),
    );
  };

  const stored = async (): Promise<number> =>
    (await opened().db.selectFrom("packs").select("id").execute()).length;

  it("takes what the broker kept while it was away: 1,500 packs", async () => {
    const from = await startBroker("shipped");
    await (await startGateway(from)).close(); // leaves its session behind
    await publishAll(await login(from), 0, 1_500);
    const ingest = await startGateway(from);
    await until(async () => (await stored()) === 1_500);
    await ingest.close();
  });

  it("takes what a killed broker kept, with our configuration", async () => {
    const from = await startBroker("shipped");
    await (await startGateway(from)).close();
    await publishAll(await login(from), 0, 500);
    await pause(200); // for its own loop to come round
    await from.kill();
    await from.start();
    const ingest = await startGateway(from);
    await until(async () => (await stored()) === 500);
    await ingest.close();
  });

  it("gets from the device again what a broker with default settings lost", async () => {
    const from = await startBroker("default");
    const device = await createDevice({
      key: KEY,
      url: `mqtt://127.0.0.1:${from.port}`,
      logKey: SIGNER.publicKey,
      now: Date.now,
      resend: 500,
    });
    closers.push(device.close);
    for (let i = 0; i < 200; i++) {
      const { acknowledged } = await device.send([
        { name: "temperature", unit: "Cel", value: i, time: Date.now() },
      ]);
      await acknowledged; // by the broker, who has nobody to give it to
    }
    await from.kill();
    const ingest = startGateway(from);
    await from.start();
    await device.receipted();
    expect(await stored()).to.equal(200);
    await (await ingest).close();
  });

  it("lets a device write nothing of another", async () => {
    const client = await login(await startBroker("shipped"), 5);
    const refusal: unknown = await client
      .publishAsync(topicOf(deviceNamed("another device"), "readings"), "x", { qos: 1 })
      .catch((thrown: unknown) => thrown);
    expect(refusal).to.have.property("code", 0x87); // MQTT 5, 3.4.2.1: not authorized
  });

  it("gives a device its receipts, and lets it hear nothing else", async () => {
    const from = await startBroker("shipped");
    const ingest = await startGateway(from);
    const client = await login(from);
    const heard: string[] = [];
    client.on("message", (topic) => heard.push(topic));
    await client.subscribeAsync([topicOf(KEY.keyId, "receipts"), "plotline/v1/#"], { qos: 1 });
    await publishAll(client, 0, 1);
    await until(() => heard.length > 0);
    expect(new Set(heard)).to.deep.equal(new Set([topicOf(KEY.keyId, "receipts")]));
    await ingest.close();
  });

  /** A client of the broker whose commits wait for `gate`, and fail when it fails. */
  const startGated = async (from: Mosquitto, gate: (seq: number) => Promise<void>) => {
    const keys = publicKeys(opened().db);
    const { judge } = startJudges(0);
    const intake = packIntake({
      store: opened(),
      keyOf: async () => ENROLLED,
      keys,
      judge,
      now: Date.now,
      onNew: () => {},
    });
    let arrived = 0;
    const gated: PackIntake = {
      ...intake,
      capture: async (device, bytes) => {
        await gate(arrived++);
        return intake.capture(device, bytes);
      },
    };
    const client = startBrokerClient({
      intake: gated,
      uplinks: { filters: [], login: () => undefined, take: () => undefined },
      keys,
      signer: SIGNER,
      onDuplicate: () => {},
      url: urlOf(from),
      clientId: "plotline-test",
      now: Date.now,
      log: SILENT,
    });
    await until(client.connected);
    return client;
  };

  it("acknowledges nothing on a new connection for a commit of the last one", async () => {
    const from = await startBroker("shipped");
    let release = (): void => {};
    const hanging = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = await startGated(from, (nth) => (nth === 0 ? hanging : never()));
    const device = await login(from);
    await publishAll(device, 0, 1);
    await pause(200);
    await from.kill();
    await from.start();
    await until(first.connected);
    const again = await login(from);
    await publishAll(again, 1, 2); // may well carry the packet id of the one that hangs
    release();
    await until(async () => (await stored()) === 1);
    await first.close();
    const ingest = await startGateway(from);
    await until(async () => (await stored()) === 2);
    await ingest.close();
  });

  it("gets a pack again whose commit failed", async () => {
    const from = await startBroker("shipped");
    const client = await startGated(from, async (nth) => {
      if (nth === 1) throw new Error("the disk is full");
    });
    await publishAll(await login(from), 0, 5);
    await until(async () => (await stored()) === 5);
    await client.close();
  });
});

const never = (): Promise<void> => new Promise(() => {});
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(20);
}
