import { connect } from "node:net";

import { expect } from "chai";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { pino } from "pino";
import { Registry } from "prom-client";

import { buildPack } from "../../../gateway/core/build-pack.ts";
import { toHex, type Hex } from "../../../gateway/core/bytes.ts";
import type { KeyState } from "../../../gateway/core/chain-state.ts";
import { buildLogin } from "../../../gateway/core/device-login.ts";
import { ROLES } from "../../../gateway/core/operations.ts";
import { parseReceipt } from "../../../gateway/core/receipt.ts";
import { parseRefusal } from "../../../gateway/core/refusal.ts";
import { topicOf, userNameOf } from "../../../gateway/core/topics.ts";
import { startIngest, type Ingest } from "../../../gateway/ingest.ts";
import type { Store } from "../../../gateway/store/open.ts";
import { equivocationsOf } from "../../../gateway/store/packs.ts";
import { deviceKey, newDeviceKey, type DeviceKey } from "../../../scripts/device/key.ts";
import { deviceNamed, SIGNER } from "../samples.ts";
import { describeStores } from "../store/stores.ts";

const NOW = Date.parse("2026-03-02T08:00:00Z");
const KEY = deviceKey(newDeviceKey());

const ENROLLED: KeyState = {
  party: deviceNamed("a cooperative"),
  roles: ROLES.device,
  from: NOW / 1_000 - 86_400,
  until: NOW / 1_000 + 86_400,
  number: 0,
  content: deviceNamed("an enrolment"),
};

describeStores("The embedded broker", (store) => {
  let ingest: Ingest;
  let client: MqttClient;
  let chain: Map<Hex, KeyState>;
  let open: MqttClient[];

  const login = async (key: DeviceKey, options: IClientOptions = {}): Promise<MqttClient> => {
    const time = NOW / 1_000;
    const claims = { device: key.keyId, publicKey: toHex(key.publicKey), time };
    const connected = await connectAsync(
      `mqtt://127.0.0.1:${ingest.mqttPort}`,
      {
        clientId: userNameOf(key.keyId),
        username: userNameOf(key.keyId),
        password: await buildLogin(claims, key.sign),
        reconnectPeriod: 0,
        ...options,
      },
      false,
    );
    open.push(connected);
    return connected;
  };

  const start = async (over: Store = store()): Promise<void> => {
    chain = new Map([[KEY.keyId, ENROLLED]]);
    open = [];
    ingest = await startIngest({
      store: over,
      signer: SIGNER,
      keyOf: async (keyId) => chain.get(keyId),
      now: () => NOW,
      log: pino({ level: "silent" }),
      mqtt: { host: "127.0.0.1", port: 0 },
    });
    client = await login(KEY);
  };
  beforeEach(() => start());
  afterEach(async () => {
    await Promise.all(open.map((each) => each.endAsync(true)));
    await ingest.close();
  });

  const packOf = (seq: number, { value = 21, time = NOW, key = KEY } = {}): Promise<Uint8Array> =>
    buildPack({
      form: "cose",
      keyId: key.keyId,
      epoch: 0,
      seq,
      records: [{ name: "temperature", unit: "Cel", value, time }],
      sign: key.sign,
    });

  const publish = (bytes: Uint8Array, key = KEY) =>
    client.publishAsync(topicOf(key.keyId, "readings"), Buffer.from(bytes), { qos: 1 });

  /** The next message on one of the device's own topics. */
  const next = async (kind: "receipts" | "refusals"): Promise<string> => {
    const heard = new Promise<string>((resolve) => {
      client.on("message", (topic, payload) => {
        if (topic === topicOf(KEY.keyId, kind)) resolve(payload.toString());
      });
    });
    await client.subscribeAsync(topicOf(KEY.keyId, kind), { qos: 1 });
    return heard;
  };

  const stored = () => store().db.selectFrom("packs").select(["seq", "envelope"]).execute();

  it("acknowledges a pack that is in the store, exactly as it was sent", async () => {
    const bytes = await packOf(0);
    await publish(bytes);
    const [row, ...more] = await stored();
    expect(more).to.deep.equal([]);
    expect(toHex(row?.envelope ?? new Uint8Array())).to.equal(toHex(bytes));
  });

  it("gives a signed receipt once the log has the packs", async () => {
    const heard = next("receipts");
    await publish(await packOf(0));
    const receipt = await parseReceipt(await heard, SIGNER.publicKey);
    expect(receipt).to.include({ device: KEY.keyId, epoch: 0, seq: 0, size: 1 });
  });

  it("gives the receipt again to a device that subscribes later", async () => {
    await publish(await packOf(0));
    await ingest.sequencer.close();
    const receipt = await parseReceipt(await next("receipts"), SIGNER.publicKey);
    expect(receipt.seq).to.equal(0);
  });

  it("acknowledges a pack that comes again and keeps it once", async () => {
    await publish(await packOf(0));
    await publish(await packOf(0));
    expect(await stored()).to.have.length(1);
  });

  it("keeps both of two packs with one number, and tells the device", async () => {
    const heard = next("refusals");
    await publish(await packOf(0));
    await publish(await packOf(0, { value: 22 }));
    expect(JSON.parse(await heard)).to.include({ code: "EQUIVOCATION", epoch: 0, seq: 0 });
    const [evidence] = await equivocationsOf(store().db, KEY.keyId);
    await ingest.sequencer.close();
    const { leaf_index: leaf } = await store()
      .db.selectFrom("packs")
      .select("leaf_index")
      .where("again", "=", 1)
      .executeTakeFirstOrThrow();
    expect([evidence?.seq, leaf]).to.deep.equal([0, 1]);
  });

  for (const [damage, code, make] of [
    ["is from a clock that runs ahead", "CLOCK", () => packOf(0, { time: NOW + 301_000 })],
    ["is older than its key", "NOT_ALLOWED", () => packOf(0, { time: NOW - 86_401_000 })],
    ["was changed on the way", "BAD_SIGNATURE", async () => flipLast(await packOf(0))],
    ["is another device's", "NOT_ALLOWED", () => packOf(0, { key: deviceKey(newDeviceKey()) })],
    ["is noise", "BAD_ENCODING", async () => new Uint8Array(40).fill(7)],
  ] as const)
    it(`acknowledges, refuses and does not keep a pack that ${damage}`, async () => {
      const heard = next("refusals");
      await publish(await make());
      expect((JSON.parse(await heard) as { code: string }).code).to.equal(code);
      expect(await stored()).to.deep.equal([]);
      await publish(await packOf(1)); // an honest device goes on
      expect(await stored()).to.have.length(1);
    });

  it("refuses a pack of a key that nobody enrolled, until somebody has", async () => {
    chain.delete(KEY.keyId);
    const heard = next("refusals");
    await publish(await packOf(0));
    expect(JSON.parse(await heard)).to.include({ code: "UNKNOWN_SIGNER" });
    expect(await stored()).to.deep.equal([]);
  });

  it("signs a refusal of what the device did sign, so that it may act on it", async () => {
    const heard = next("refusals");
    await publish(await packOf(7, { time: NOW + 301_000 }));
    const { jws } = JSON.parse(await heard) as { jws: string };
    expect(await parseRefusal(jws, SIGNER.publicKey)).to.include({
      epoch: 0,
      seq: 7,
      code: "CLOCK",
    });
  });

  it("counts what it kept, knew and refused", async () => {
    await publish(await packOf(0));
    await publish(await packOf(0));
    await publish(await packOf(1, { time: NOW + 301_000 }));
    const registry = new Registry();
    for (const metric of ingest.metrics) registry.registerMetric(metric);
    const text = await registry.metrics();
    for (const line of [
      'plotline_packs_total{fate="new"} 1',
      'plotline_packs_total{fate="duplicate"} 1',
      'plotline_packs_refused_total{code="CLOCK"} 1',
      "plotline_pack_seconds_count 3",
      "plotline_packs_waiting 0",
    ])
      expect(text).to.contain(line);
  });

  it("hangs up without an acknowledgement when the pack could not be stored", async () => {
    const closed = new Promise<void>((resolve) => client.once("close", () => resolve()));
    const outcome = await store().write(async (transaction) => {
      await transaction.schema.alterTable("packs").renameTo("packs_gone").execute();
    });
    expect(outcome).to.equal(undefined);
    const published = publish(await packOf(0)).then(
      () => "acknowledged",
      () => "not acknowledged",
    );
    await closed;
    await client.endAsync(true);
    expect(await published).to.equal("not acknowledged");
    await store().write(async (transaction) => {
      await transaction.schema.alterTable("packs_gone").renameTo("packs").execute();
    });
  });

  it("lets a device hear nothing of another", async () => {
    const other = topicOf(deviceNamed("another"), "receipts");
    for (const topic of [other, "plotline/v1/+/receipts", "#", topicOf(KEY.keyId, "readings")]) {
      const answer = await client.subscribeAsync(topic).catch((failure: Error) => failure);
      expect(answer, topic).to.be.instanceOf(Error);
    }
  });

  it("hangs up on a device that writes under another's name", async () => {
    const closed = new Promise<void>((resolve) => client.once("close", () => resolve()));
    client.publish(topicOf(deviceNamed("another"), "readings"), "x", { qos: 1 });
    await closed;
  });

  const refused = async (options: IClientOptions, key = deviceKey(newDeviceKey())) => {
    const failure = await login(key, options).catch((thrown: unknown) => thrown);
    expect(failure).to.have.property("code", 4);
  };

  it("lets nobody in without a password, or with one of another device", async () => {
    await refused({ password: "" });
    await refused({ username: userNameOf(KEY.keyId) });
  });

  it("hangs up on who announces a message longer than any, and goes on", async () => {
    const socket = connect({ port: ingest.mqttPort ?? 0, host: "127.0.0.1" });
    const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.on("error", () => {}); // a reset is an end too
    socket.write(Uint8Array.of(0x10, 0xff, 0xff, 0x7f)); // a CONNECT of two million bytes
    await ended;
    expect((await login(KEY)).connected).to.equal(true);
  });

  it("lets nobody throw another device out by taking its client id", async () => {
    await refused({ clientId: userNameOf(KEY.keyId) });
    expect(client.connected).to.equal(true);
  });
});

function flipLast(bytes: Uint8Array): Uint8Array {
  const changed = bytes.slice();
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
}
