import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { pino } from "pino";

import { requestAt } from "../../gateway/chain/providers.ts";
import { toHex } from "../../gateway/core/bytes.ts";
import { ROLES } from "../../gateway/core/operations.ts";
import { userNameOf } from "../../gateway/core/topics.ts";
import { startIngest, type Ingest, type IngestParts } from "../../gateway/ingest.ts";
import { readAnchored } from "../../gateway/relayer-plans.ts";
import { startRelayer } from "../../gateway/relayer.ts";
import { openStore, type StorePlace } from "../../gateway/store/open.ts";
import { createDevice, type Device } from "../../scripts/device/device.ts";
import { deviceKey, newDeviceKey } from "../../scripts/device/key.ts";
import { memoryOutbox } from "../../scripts/device/outbox.ts";
import { openWorld } from "../gateway/chain/world.ts";
import { captureHarvest, growLog, partsOf, stateOf } from "../gateway/relayer-world.ts";
import { deviceNamed, SIGNER } from "../gateway/samples.ts";
import { POSTGRES_PROGRAMS, startPostgres } from "../postgres.ts";
import { expectNothingLost, expectOneHistory, nameOf, newHistory } from "./history.ts";
import { GATEWAY_USER, makeMosquitto, MOSQUITTO } from "./mosquitto.ts";
import { startProxy, type Proxy, type Toxic } from "./proxy.ts";

const KEY = deviceKey(newDeviceKey());
const TOXICS: readonly Toxic[] = [
  { kind: "latency", delay: 20, jitter: 60 },
  { kind: "slow", bytesPerSecond: 40_000 },
  { kind: "slicer", size: 7 },
  { kind: "cut", after: 3_000 },
  { kind: "silent" },
];

/** Does `work` once over each kind of bad network, and waits until it got through. */
async function overEach(
  proxy: Proxy,
  work: () => Promise<void>,
  arrived: () => Promise<unknown>,
): Promise<void> {
  for (const toxic of TOXICS) {
    const before = proxy.connections();
    proxy.spoil(toxic);
    // Standing connections meet the new conditions from their first byte on.
    if (toxic.kind === "cut") proxy.reset();
    await work();
    if (toxic.kind === "cut") await until(() => proxy.connections() > before + 1);
    if (toxic.kind === "cut" || toxic.kind === "silent") proxy.spoil({ kind: "none" });
    if (toxic.kind === "silent") proxy.reset();
    await arrived();
  }
}

describe("Over a bad network, nothing is lost and everything arrives", function () {
  this.timeout(90_000);
  let closers: (() => Promise<unknown>)[];
  let folder: string;
  beforeEach(() => {
    closers = [];
    folder = mkdtempSync(join(tmpdir(), "plotline-network-"));
  });
  afterEach(async () => {
    for (const close of closers.toReversed()) await close();
    rmSync(folder, { recursive: true });
  });

  const openIngest = async (place: StorePlace, mqtt: IngestParts["mqtt"]) => {
    const store = await openStore(place);
    closers.push(store.close);
    const ingest: Ingest = await startIngest({
      store,
      signer: SIGNER,
      keyOf: async () => ({
        party: deviceNamed("a cooperative"),
        roles: ROLES.device,
        from: 0,
        until: 2 ** 40,
        number: 0,
        content: deviceNamed("an enrolment"),
      }),
      now: Date.now,
      log: pino({ level: "silent" }),
      mqtt,
    });
    closers.push(ingest.close);
    return { store, ingest };
  };
  const proxyBefore = async (port: number): Promise<Proxy> => {
    const proxy = await startProxy(port);
    closers.push(proxy.close);
    return proxy;
  };

  /** Sends packs through a device while the network of `proxy` goes bad in each way; the store is then judged. */
  const live = async (
    { proxy, port, store }: { proxy: Proxy; port: number } & Awaited<ReturnType<typeof openIngest>>,
    password = "",
  ): Promise<void> => {
    const history = newHistory();
    const kept = memoryOutbox();
    const user = password === "" ? "" : `${userNameOf(KEY.keyId)}:${password}@`;
    const device: Device = await createDevice({
      key: KEY,
      url: `mqtt://${user}127.0.0.1:${port}`,
      logKey: SIGNER.publicKey,
      now: Date.now,
      resend: 1_000,
      outbox: {
        ...kept,
        keep: (pack) => {
          history.sent.set(nameOf(KEY.keyId, pack), toHex(pack.bytes));
          kept.keep(pack);
        },
        receipt: (epoch, upTo) => {
          for (let seq = 0; seq <= upTo; seq++)
            history.receipted.add(nameOf(KEY.keyId, { epoch, seq }));
          kept.receipt(epoch, upTo);
        },
      },
    });
    closers.push(device.close);
    const send = async (): Promise<void> => {
      for (let i = 0; i < 15; i++)
        await device.send([{ name: "temperature", unit: "Cel", value: i, time: Date.now() }]);
    };
    await overEach(proxy, send, device.receipted);
    await expectNothingLost(store.db, history);
    await expectOneHistory(store.db);
  };

  it("between a device and our broker", async () => {
    const opened = await openIngest({ dataDir: folder }, { host: "127.0.0.1", port: 0 });
    const proxy = await proxyBefore(opened.ingest.mqttPort ?? 0);
    await live({ ...opened, proxy, port: proxy.port });
  });

  (MOSQUITTO === undefined ? it.skip : it)("between a broker and the gateway", async () => {
    const broker = await makeMosquitto("shipped", { [userNameOf(KEY.keyId)]: "secret" });
    closers.push(broker.remove);
    await broker.start();
    const proxy = await proxyBefore(broker.port);
    const { username, password } = GATEWAY_USER;
    const url = `mqtt://${username}:${encodeURIComponent(password)}@127.0.0.1:${proxy.port}`;
    const opened = await openIngest({ dataDir: folder }, { url, clientId: "plotline-test" });
    await until(opened.ingest.connected);
    await live({ ...opened, proxy, port: broker.port }, "secret");
  });

  (POSTGRES_PROGRAMS === undefined ? it.skip : it)(
    "between the gateway and PostgreSQL, which may fall silent",
    async () => {
      const server = await startPostgres();
      closers.push(server.stop);
      const url = new URL(await server.newDatabase());
      const proxy = await proxyBefore(Number(url.port));
      url.port = String(proxy.port);
      const place = { databaseUrl: url.href, silence: 1_000 };
      const opened = await openIngest(place, { host: "127.0.0.1", port: 0 });
      // Nobody resets a connection here: that it is dead has to be found out.
      const silent = { ...proxy, reset: () => {} };
      await live({ ...opened, proxy: silent, port: opened.ingest.mqttPort ?? 0 });
    },
  );

  it("between the relayer and its node", async () => {
    const world = await openWorld();
    closers.push(world.close);
    const proxy = await proxyBefore(Number(new URL(world.chain.url ?? "").port));
    const store = await openStore({ dataDir: folder });
    closers.push(store.close);
    const request = requestAt([`http://127.0.0.1:${proxy.port}`]);
    const relayer = startRelayer(partsOf(world, store, request));
    closers.push(relayer.close);
    let [digest, size]: [Awaited<ReturnType<typeof captureHarvest>>, number] = ["0x", 0];
    const work = async (): Promise<void> => {
      digest = await captureHarvest(world, store);
      size = await growLog(store, 2);
      relayer.wake();
    };
    await overEach(proxy, work, () =>
      until(async () => {
        relayer.wake();
        const anchored = await readAnchored(partsOf(world, store));
        return anchored.size === size && (await stateOf(store, digest)) === "confirmed";
      }),
    );
  });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
