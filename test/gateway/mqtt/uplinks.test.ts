import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";

import { expect } from "chai";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { pino } from "pino";
import { Registry } from "prom-client";

import { buildPack } from "../../../gateway/core/build-pack.ts";
import { toBase64Url, toHex, utf8ToBytes, type Hex } from "../../../gateway/core/bytes.ts";
import type { KeyState } from "../../../gateway/core/chain-state.ts";
import { parseCheckpoint } from "../../../gateway/core/checkpoint.ts";
import { parsePack, verifyPack, type Pack } from "../../../gateway/core/envelope.ts";
import { sha256OfText } from "../../../gateway/core/hash.ts";
import { hashLeaf, verifyInclusion } from "../../../gateway/core/merkle.ts";
import { ROLES } from "../../../gateway/core/operations.ts";
import { parseSparkplug } from "../../../gateway/core/sparkplug.ts";
import { proveInclusionFromTiles } from "../../../gateway/core/tiles.ts";
import { publicKeys } from "../../../gateway/device-keys.ts";
import { startIngest, type Ingest } from "../../../gateway/ingest.ts";
import { packIntake } from "../../../gateway/capture-pack.ts";
import { startJudges } from "../../../gateway/judges.ts";
import { sourceKey } from "../../../gateway/source-keys.ts";
import { readSources, type Source } from "../../../gateway/sources.ts";
import { newestCheckpoint, tileReader } from "../../../gateway/store/log.ts";
import { deviceKey, newDeviceKey } from "../../../scripts/device/key.ts";
import {
  APPLICATION,
  bytesOf,
  CHIRPSTACK,
  DEV_EUI,
  THINGS_STACK,
} from "../core/uplink-messages.ts";
import { payloadOf } from "../core/sparkplug-bytes.ts";
import { expectRejection } from "../../refusal.ts";
import { deviceNamed, SIGNER } from "../samples.ts";
import { describeStores } from "../store/stores.ts";

const NOW = Date.parse("2026-03-02T08:00:00Z");
const SEED = toBase64Url(sha256OfText("the sources' secret"));
const UP = `application/${APPLICATION}/device/${DEV_EUI}/event/up`;
const TTS = "v3/htx-kho@htx/devices/kho-3/up";
const SERVERS = {
  servers: [
    {
      name: "chirpstack",
      kind: "chirpstack",
      application: APPLICATION,
      user: "chirpstack",
      passwordFile: "password",
      devices: { [DEV_EUI]: {} },
    },
    {
      name: "tts",
      kind: "things-stack",
      application: "htx-kho",
      tenant: "htx",
      devices: { "kho-3": {} },
    },
    {
      name: "plant",
      kind: "sparkplug",
      group: "plant",
      user: "plant",
      password: "the plant's password",
      devices: { "node/dryer": {} },
    },
    {
      name: "own",
      kind: "mapped",
      topics: ["farm/+/state"],
      user: "own",
      password: "our own password",
      device: { level: 1 },
      time: "at",
      id: "n",
      readings: { t: { name: "temperature", unit: "Cel" } },
      devices: { "kho-4": {} },
    },
  ],
} as const;
const PASSWORD = "chirpstack's own password";

const stateOf = (roles: number): KeyState => ({
  party: deviceNamed("a cooperative"),
  roles,
  from: NOW / 1_000 - 86_400,
  until: NOW / 1_000 + 86_400,
  number: 0,
  content: deviceNamed("an enrolment"),
});
const keyOf = (server: string, name: string) => sourceKey(SEED, { server, name, generation: 1 });
const STORE_ROOM = keyOf("chirpstack", DEV_EUI);

describeStores("Network servers at the embedded broker", (store) => {
  let [ingest, folder]: [Ingest, string] = [undefined as never, ""];
  let chain: Map<Hex, KeyState>;
  let open: MqttClient[];
  let now = NOW;
  let lines: string[];
  const write = (line: unknown, _encoding: unknown, done: () => void): void => {
    lines.push(String(line));
    done();
  };

  const sources = (): readonly Source[] => {
    const file = join(folder, "sources.json");
    writeFileSync(join(folder, "password"), `${PASSWORD}\n`);
    writeFileSync(file, JSON.stringify(SERVERS));
    return readSources(file, { seed: SEED, production: true });
  };
  const start = async (): Promise<void> => {
    ingest = await startIngest({
      store: store(),
      signer: SIGNER,
      keyOf: async (keyId) => chain.get(keyId),
      now: () => now,
      log: pino({ level: "info" }, new Writable({ write })),
      mqtt: { host: "127.0.0.1", port: 0 },
      sources: sources(),
    });
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "plotline-sources-"));
    [open, now, lines] = [[], NOW, []];
    const all = sources().flatMap(({ devices }) => [...devices.values()]);
    chain = new Map(all.map(({ key }) => [key.keyId, stateOf(ROLES.networkServer)]));
    await start();
  });
  afterEach(async () => {
    await Promise.all(open.map((each) => each.endAsync(true)));
    await ingest.close();
    rmSync(folder, { recursive: true });
  });

  const login = async (username = "chirpstack", options: IClientOptions = {}) => {
    const passwords = { chirpstack: PASSWORD, plant: "the plant's password" };
    const client = await connectAsync(
      `mqtt://127.0.0.1:${ingest.mqttPort}`,
      {
        clientId: `server-${username}`,
        username,
        password: passwords[username as keyof typeof passwords] ?? "our own password",
        reconnectPeriod: 0,
        ...options,
      },
      false,
    );
    open.push(client);
    return client;
  };
  const publish = (client: MqttClient, topic: string, bytes: Uint8Array, qos: 0 | 1 = 1) =>
    client.publishAsync(topic, Buffer.from(bytes), { qos });
  const up = (change: object = {}) => bytesOf({ ...CHIRPSTACK, ...change });

  const packs = async (): Promise<readonly (Pack & { readonly bytes: Uint8Array })[]> => {
    const rows = await store().db.selectFrom("packs").select("envelope").orderBy("id").execute();
    return rows.map(({ envelope }) => ({ ...parsePack(envelope), bytes: envelope }));
  };
  const counted = async (name: string): Promise<readonly object[]> => {
    const registry = new Registry();
    for (const metric of ingest.metrics) registry.registerMetric(metric);
    const metric = (await registry.getMetricsAsJSON()).find((each) => each.name === name);
    return (metric?.values ?? []).map(({ labels, value }) => ({ ...labels, value }));
  };
  const refusals = () => counted("plotline_uplinks_refused_total");

  it("are warned about at the start where several gateways would count an edge node's losses", async () => {
    const mqtt = { url: "mqtt://127.0.0.1:9", clientId: "plotline-test" };
    const startedWith = async (more: object): Promise<readonly string[]> => {
      lines = [];
      const other = await startIngest({
        store: store(),
        signer: SIGNER,
        keyOf: async (keyId) => chain.get(keyId),
        now: () => NOW,
        log: pino({ level: "info" }, new Writable({ write })),
        mqtt: { ...mqtt, ...more },
        sources: sources(),
      });
      await other.close();
      return lines.filter((line) => line.includes("Sparkplug"));
    };
    expect(await startedWith({})).to.deep.equal([]);
    const [line, ...more] = await startedWith({ group: "plotline" });
    expect(more).to.deep.equal([]);
    expect(line).to.contain("spBv1.0/plant/#").and.to.contain("remedy");
  });

  describe("when it publishes outside of its topics, again and again", () => {
    /** Publishes until the broker has hung up, so often. */
    const stray = async (times: number, user = "chirpstack"): Promise<void> => {
      for (let i = 0; i < times; i++) {
        const client = await login(user);
        const closed = new Promise<void>((resolve) => client.once("close", () => resolve()));
        client.publish("application/other/device/1/event/up", "x", { qos: 1 });
        await closed;
      }
    };

    it("is named in one line, with the topic and the remedy and no stack", async () => {
      await stray(3);
      expect(lines).to.have.length(1);
      const [line] = lines.map((text) => JSON.parse(text) as Record<string, unknown>);
      expect(line).to.include({
        server: "chirpstack",
        topic: "application/other/device/1/event/up",
      });
      expect(line?.["remedy"]).to.contain(`application/${APPLICATION}/#`);
      expect(line).not.to.have.property("err");
    });

    it("is named again after some minutes, and each server for itself", async () => {
      await stray(2);
      await stray(2, "own");
      expect(lines).to.have.length(2);
      now += 5 * 60_000;
      await stray(2);
      expect(lines).to.have.length(3);
    });
  });

  it("acknowledges an uplink that is a pack in the store, under the source's key and with what was sent", async () => {
    await publish(await login(), UP, up());
    const [pack, ...more] = await packs();
    expect(more).to.deep.equal([]);
    if (pack === undefined) throw new Error("no pack");
    await verifyPack(pack, STORE_ROOM.publicKey);
    expect([pack.epoch, pack.seq]).to.deep.equal([0, 0]);
    const message = `0x${createHash("sha256").update(up()).digest("hex")}`;
    expect(pack.attested).to.deep.equal({ source: "chirpstack", message, lost: 0 });
    expect(pack.records.map(({ name, value }) => [name, value])).to.deep.equal([
      ["temperature", 28.1],
      ["humidity", 57.5],
    ]);
    const kept = await store().db.selectFrom("uplinks").selectAll().executeTakeFirstOrThrow();
    expect(toHex(new Uint8Array(kept.body))).to.equal(toHex(up()));
  });

  it("has it in the log, with a proof to a signed checkpoint", async () => {
    await publish(await login(), UP, up());
    await ingest.sequencer.close();
    const [pack] = await packs();
    const row = await newestCheckpoint(store().db);
    const { origin, publicKey } = SIGNER;
    const checkpoint = await parseCheckpoint(row?.note ?? "", { origin, publicKey });
    const proof = await proveInclusionFromTiles(0, checkpoint.size, tileReader(store().db));
    const leaf = hashLeaf(pack?.bytes ?? new Uint8Array());
    verifyInclusion({ ...checkpoint, leaf, index: 0, proof: [...proof] });
  });

  it("makes one pack of an uplink that comes again, also after a restart, and leaves no gap", async () => {
    await publish(await login(), UP, up());
    await publish(await login("chirpstack", { clientId: "again" }), UP, up());
    await ingest.close();
    await start();
    const client = await login();
    await publish(client, UP, up());
    await publish(client, UP, up({ deduplicationId: "next", fCnt: 42 }));
    expect((await packs()).map(({ seq }) => seq)).to.deep.equal([0, 1]);
  });

  it("makes one pack of ten that come at once", async () => {
    const client = await login();
    await Promise.all(Array.from({ length: 10 }, () => publish(client, UP, up())));
    expect((await packs()).map(({ seq }) => seq)).to.deep.equal([0]);
  });

  it("numbers without gaps what comes at once", async () => {
    const client = await login();
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        publish(client, UP, up({ deduplicationId: `${i}`, fCnt: 41 + i })),
      ),
    );
    const all = await packs();
    expect(all.map(({ seq }) => seq)).to.deep.equal(Array.from({ length: 20 }, (_, i) => i));
    expect(all.map(({ attested }) => attested?.lost)).to.deep.equal(Array<number>(20).fill(0));
  });

  it("says how many uplinks were lost, by the device's counter within one session", async () => {
    const client = await login();
    await publish(client, UP, up());
    await publish(client, UP, up({ deduplicationId: "b", fCnt: 45 }));
    await publish(client, UP, up({ deduplicationId: "c", fCnt: 3, devAddr: "01ffffff" }));
    expect((await packs()).map(({ attested }) => attested?.lost)).to.deep.equal([0, 3, 0]);
    expect(await counted("plotline_uplinks_lost_total")).to.deep.equal([
      { server: "chirpstack", value: 3 },
    ]);
  });

  it("keeps an uplink in which no probe measured, without a pack and without a loss", async () => {
    const client = await login();
    await publish(client, UP, up());
    await publish(
      client,
      UP,
      up({ deduplicationId: "b", fCnt: 42, object: { temperature: 327.67 } }),
    );
    await publish(client, UP, up({ deduplicationId: "c", fCnt: 43 }));
    const all = await packs();
    expect(all.map(({ seq, attested }) => [seq, attested?.lost])).to.deep.equal([
      [0, 0],
      [1, 0],
    ]);
  });

  for (const [damage, code, change] of [
    [
      "is of a device that the file does not name",
      "UNKNOWN_SIGNER",
      { deviceInfo: { devEui: "ff".repeat(8) } },
    ],
    ["is of the future", "CLOCK", { time: "2026-03-02T08:05:00.001Z" }],
    ["is older than its key", "NOT_ALLOWED", { time: "2026-03-01T07:59:59Z" }],
    ["is of version 3", "BAD_EVENT", { applicationID: "1" }],
  ] as const)
    it(`acknowledges, refuses and counts one that ${damage}`, async () => {
      await publish(await login(), UP, up(change));
      expect(await packs()).to.deep.equal([]);
      expect(await refusals()).to.deep.equal([{ server: "chirpstack", code, value: 1 }]);
    });

  it("refuses what comes under the name of another uplink, and keeps the first", async () => {
    const client = await login();
    await publish(client, UP, up());
    await publish(client, UP, up({ object: { temperature: 20 } }));
    expect(await packs()).to.have.length(1);
    expect(await refusals()).to.deep.equal([
      { server: "chirpstack", code: "EQUIVOCATION", value: 1 },
    ]);
  });

  for (const [damage, code, state] of [
    ["nobody enrolled", "UNKNOWN_SIGNER", undefined],
    ["is enrolled as a device's", "NOT_ALLOWED", stateOf(ROLES.device)],
  ] as const)
    it(`refuses uplinks under a key that ${damage}`, async () => {
      if (state === undefined) chain.delete(STORE_ROOM.keyId);
      else chain.set(STORE_ROOM.keyId, state);
      await publish(await login(), UP, up());
      expect(await packs()).to.deep.equal([]);
      expect(await refusals()).to.deep.equal([{ server: "chirpstack", code, value: 1 }]);
    });

  it("takes plain JSON by its mapping", async () => {
    const client = await login("own");
    await publish(client, "farm/kho-4/state", utf8ToBytes(`{"n":1,"at":${NOW / 1_000},"t":24.5}`));
    const [pack] = await packs();
    expect(pack?.keyId).to.equal(keyOf("own", "kho-4").keyId);
    expect(pack?.attested?.source).to.equal("mapped");
  });

  it("takes Sparkplug B, and asks for the birth that it has not heard", async () => {
    const client = await login("plant");
    await client.subscribeAsync("spBv1.0/plant/NCMD/node");
    const asked = new Promise<Uint8Array>((resolve) => {
      client.once("message", (_, payload) => resolve(new Uint8Array(payload)));
    });
    const data = (seq: number, value: number) =>
      payloadOf({ seq, time: NOW }, [{ alias: 7, float: value }]);
    await publish(client, "spBv1.0/plant/DDATA/node/dryer", data(9, 30));
    expect(parseSparkplug(await asked).metrics[0]?.name).to.equal("Node Control/Rebirth");
    expect(await refusals()).to.deep.equal([{ server: "plant", code: "NOT_FOUND", value: 1 }]);

    await publish(client, "spBv1.0/plant/NBIRTH/node", payloadOf({ seq: 0, time: NOW }, []));
    const birth = [{ name: "temperature", alias: 7, datatype: 9, float: 30.5 }];
    await publish(
      client,
      "spBv1.0/plant/DBIRTH/node/dryer",
      payloadOf({ seq: 1, time: NOW }, birth),
    );
    await publish(client, "spBv1.0/plant/DDATA/node/dryer", data(4, 31.5));
    const all = await packs();
    expect(all.map(({ records }) => records[0]?.value)).to.deep.equal([30.5, 31.5]);
    expect(all.map(({ attested }) => attested?.lost)).to.deep.equal([1, 2]);
  });

  it("lets a server write under its own topics and nowhere else", async () => {
    const client = await login();
    await publish(client, `application/${APPLICATION}/device/${DEV_EUI}/event/status`, up());
    const ended = new Promise((resolve) => {
      client.once("close", () => resolve(undefined));
    });
    client.publish(TTS, Buffer.from(bytesOf(THINGS_STACK)), { qos: 1 });
    await ended;
    expect(await packs()).to.deep.equal([]);
  });

  it("lets a server hear what is under its own topics and nothing else", async () => {
    const client = await login("plant");
    const granted = async (topic: string) => (await client.subscribeAsync(topic))[0]?.qos;
    expect(await granted("spBv1.0/plant/NCMD/node")).to.equal(0);
    for (const topic of ["#", "spBv1.0/+/NCMD/node", UP, "plotline/v1/+/readings"])
      expect(await granted(topic).catch(() => 128)).to.equal(128);
  });

  for (const [damage, options] of [
    ["a wrong password", { password: "not the password" }],
    ["no password", { password: "" }],
    ["a user that nobody named", { username: "somebody" }],
    ["a device's client id", { clientId: "ab".repeat(32) }],
  ] as const)
    it(`lets nobody in with ${damage}`, async () => {
      const outcome = await login("chirpstack", options).then(
        () => "let in",
        () => "refused",
      );
      expect(outcome).to.equal("refused");
    });

  it("hears no password from an address that has guessed ten times", async () => {
    const codeOf = (options: IClientOptions): Promise<unknown> =>
      login("chirpstack", options).then(
        () => 0,
        (failure: { readonly code?: unknown }) => failure.code,
      );
    for (let i = 0; i < 20; i++) expect(await codeOf({})).to.equal(0); // no guesses, so not counted
    for (let i = 0; i < 10; i++) expect(await codeOf({ password: `guess ${i}` })).to.equal(4);
    expect(await codeOf({})).to.equal(3);
  });

  describe("A device's topic", () => {
    const device = deviceKey(newDeviceKey());
    const records = [{ name: "temperature", unit: "Cel", value: 20, time: NOW }];
    const attested = { source: "chirpstack", message: deviceNamed("a message"), lost: 0 };
    const capture = async (roles: number, header: Pick<Pack, "attested"> | object) => {
      const keys = publicKeys(store().db);
      keys.learn(device.keyId, device.publicKey);
      const { judge } = startJudges(0);
      const known = async () => stateOf(roles);
      const parts = { store: store(), keys, judge, keyOf: known, now: () => NOW, onNew: () => {} };
      const { keyId, sign } = device;
      const pack = { form: "cose", keyId, epoch: 0, seq: 0, records, sign, ...header } as const;
      return packIntake(parts).capture(keyId, await buildPack(pack));
    };

    it("takes no pack by a network server's key, whatever it says of itself", async () => {
      await expectRejection("NOT_ALLOWED", capture(ROLES.networkServer, {}));
      await expectRejection("NOT_ALLOWED", capture(ROLES.networkServer, { attested }));
    });

    it("takes no pack in which a device attests for another", async () => {
      await expectRejection("NOT_ALLOWED", capture(ROLES.device, { attested }));
      expect(await capture(ROLES.device, {})).to.include({ fate: "new" });
    });
  });
});
