import { createServer, type AddressInfo, type Server } from "node:net";

import { Aedes, type Client } from "aedes";
import { expect } from "chai";

import { topicOf } from "../../../gateway/core/topics.ts";
import { TraceError } from "../../../gateway/core/trace-error.ts";
import {
  startBrokerClient,
  WINDOW,
  type BrokerClient,
  type BrokerClientParts,
} from "../../../gateway/mqtt/client.ts";
import { uplinkDoor } from "../../../gateway/mqtt/uplinks.ts";
import { createDevice } from "../../../scripts/device/device.ts";
import { deviceKey, newDeviceKey } from "../../../scripts/device/key.ts";
import { uplinkCounts } from "../../../gateway/uplink-metrics.ts";
import { deviceNamed, SIGNER } from "../samples.ts";

const QUIET = { info: () => {}, warn: () => {} };
const CAPTURED = { device: deviceNamed("a sensor"), epoch: 0, seq: 0, fate: "new" } as const;
const READING = {
  cmd: "publish",
  topic: topicOf(deviceNamed("a sensor"), "readings"),
  payload: "x",
  qos: 1,
  retain: false,
  dup: false,
} as const;
const SERVER_UNAVAILABLE = 3; // MQTT 3.1.1, 3.2.2.3

describe("A broker that turns a client away", function () {
  this.timeout(20_000);
  let [server, client]: [Server?, BrokerClient?] = [];
  let refusals = 0;
  let connected: Client | undefined;
  let aedes: Aedes;
  let port: number;
  beforeEach(async () => {
    refusals = 2;
    aedes = await Aedes.createBroker({
      authenticate: (_client, _name, _password, done) => {
        if (refusals-- <= 0) return done(null, true);
        done(Object.assign(new Error("later"), { returnCode: SERVER_UNAVAILABLE }), false);
      },
    });
    aedes.on("client", (one) => {
      connected = one;
    });
    const listening = createServer(aedes.handle);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    port = (listening.address() as AddressInfo).port;
  });
  afterEach(async () => {
    await client?.close();
    client = undefined;
    await new Promise<void>((resolve) => aedes.close(resolve));
    await new Promise((resolve) => server?.close(resolve));
  });

  const partsOf = (capture: BrokerClientParts["intake"]["capture"]): BrokerClientParts => ({
    intake: { capture, waiting: () => 0, drained: async () => {} },
    signer: SIGNER,
    keys: { learn: () => {} },
    uplinks: uplinkDoor({
      sources: [],
      intake: { capture: () => new Promise(() => {}), drained: async () => {} },
      counts: uplinkCounts(),
      now: Date.now,
      log: QUIET,
    }),
    onDuplicate: () => {},
    url: `mqtt://127.0.0.1:${port}`,
    clientId: "plotline-test",
    now: Date.now,
    log: QUIET,
  });

  it("hears in one line of a reading that comes again and again while the store is away", async () => {
    refusals = 0;
    const told: string[] = [];
    const subscribed = new Promise((resolve) => aedes.once("subscribe", resolve));
    const taken = new Promise<void>((resolve) => {
      let times = 0;
      const parts = partsOf(async () => {
        if (++times < 4) throw new TraceError("UNAVAILABLE", "the store is away");
        resolve();
        return CAPTURED;
      });
      const log = {
        ...QUIET,
        warn: (_about: unknown, words?: string) => void told.push(words ?? ""),
      };
      client = startBrokerClient({ ...parts, log });
    });
    await subscribed;
    aedes.publish(READING, () => {});
    await taken;
    expect(told.filter((words) => words === "a reading could not be taken now")).to.have.length(1);
  });

  // Of MQTT 3.1.1 alone: the first refusal is of the version.
  it("has the gateway again when it lets it in, in the version that it speaks", async () => {
    const subscribed = new Promise((resolve) => aedes.once("subscribe", resolve));
    client = startBrokerClient(partsOf(() => new Promise(() => {})));
    await subscribed;
  });

  it("keeps no gateway from stopping, with an answer of the gateway in its hands", async () => {
    refusals = 0;
    const subscribed = new Promise((resolve) => aedes.once("subscribe", resolve));
    const stopping = startBrokerClient(partsOf(() => new Promise(() => {})));
    await subscribed;
    const inHand = new Promise<void>((resolve) => {
      aedes.authorizePublish = () => resolve(); // and no PUBACK
    });
    const topic = topicOf(deviceNamed("a sensor"), "receipts");
    const lost = stopping.publish({ topic, payload: "x", retain: true }).then(
      () => "acknowledged",
      (failure: unknown) => (failure as TraceError).code,
    );
    await inHand;
    refusals = Infinity;
    connected?.close();
    expect(await lost).to.equal("UNAVAILABLE");
    await stopping.close();
  });

  it("hears the gateway's last words, which takes nothing more", async () => {
    refusals = 0;
    const subscribed = new Promise((resolve) => aedes.once("subscribe", resolve));
    const acknowledged = new Promise((resolve) => aedes.once("ack", resolve));
    let [taken, keep] = [0, (): void => {}];
    const kept = new Promise<void>((resolve) => {
      keep = resolve;
    });
    const begun = new Promise<void>((resolve) => {
      client = startBrokerClient(
        partsOf(async () => {
          taken += 1;
          resolve();
          await kept;
          return CAPTURED;
        }),
      );
    });
    await subscribed;
    aedes.publish(READING, () => {});
    await begun;
    const stopped = client?.stop();
    aedes.publish(READING, () => {});
    // Behind the reading on the same connection.
    await client?.publish({ ...READING, topic: topicOf(deviceNamed("a sensor"), "receipts") });
    keep();
    await Promise.all([stopped, acknowledged]);
    expect(taken).to.equal(1);
  });

  /** A gateway that gets so many readings more than it takes at a time, and whose disk does as it is told. */
  const crowded = async (more: number, qos: 0 | 1) => {
    refusals = 0;
    const subscribed = new Promise((resolve) => aedes.once("subscribe", resolve));
    const waiting: (() => void)[] = [];
    let taken = 0;
    let heard = (): void => {};
    client = startBrokerClient(
      partsOf(async () => {
        taken += 1;
        heard();
        await new Promise<void>((resolve) => waiting.push(resolve));
        return CAPTURED;
      }),
    );
    await subscribed;
    for (let i = 0; i < WINDOW + more; i++) aedes.publish({ ...READING, qos }, () => {});
    return {
      taken: () => taken,
      came: (count: number): Promise<void> =>
        new Promise((resolve) => {
          heard = () => {
            if (taken === count) resolve();
          };
          heard();
        }),
      /** Keeps what waits, but for the first `leave`. */
      keep: (leave = 0): void => {
        for (const resolve of waiting.splice(leave)) resolve();
      },
      /** What would come unasked has come after some turns of the loop. */
      turns: async (): Promise<void> => {
        for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
      },
    };
  };

  for (const qos of [0, 1] as const)
    it(`is held back while its messages of QoS ${qos} wait for the disk, and goes on when some are on it`, async () => {
      const { taken, came, keep, turns } = await crowded(5, qos);
      await came(WINDOW);
      await turns();
      expect(taken()).to.equal(WINDOW);
      keep();
      await came(WINDOW + 5);
      keep();
    });

  it("is held back while the first of its messages keeps the others from being acknowledged", async () => {
    const { taken, came, keep, turns } = await crowded(5, 1);
    await came(WINDOW);
    keep(1);
    await turns();
    expect(taken()).to.equal(WINDOW);
    keep();
    await came(WINDOW + 5);
    keep();
  });

  it("hears of a reading of QoS 0 that cannot be taken, as of any other", async () => {
    refusals = 0;
    const subscribed = new Promise((resolve) => aedes.once("subscribe", resolve));
    const told = new Promise((resolve) => {
      const parts = partsOf(async () => {
        throw new TraceError("UNAVAILABLE", "the store is away");
      });
      const warn = (about: { err?: Error }): void => {
        if (about.err instanceof TraceError) resolve(about.err.code);
      };
      client = startBrokerClient({ ...parts, log: { ...QUIET, warn } });
    });
    await subscribed;
    aedes.publish({ ...READING, qos: 0 }, () => {});
    expect(await told).to.equal("UNAVAILABLE");
  });

  it("has a device again that it lost for a while", async () => {
    refusals = 0;
    const key = deviceKey(newDeviceKey());
    const url = `mqtt://127.0.0.1:${port}`;
    const device = await createDevice({ key, url, logKey: SIGNER.publicKey, now: Date.now });
    refusals = 1;
    const again = new Promise((resolve) => aedes.once("clientReady", resolve));
    connected?.close();
    await again;
    await device.close();
  });
});
