import { Writable } from "node:stream";

import { expect } from "chai";
import { pino } from "pino";

import { GATEWAY_USER, makeMosquitto, MOSQUITTO, type Mosquitto } from "../../faults/mosquitto.ts";
import { openGateways, packOf, READINGS, until, USER, type Gateways } from "./gateways.ts";

const PASSWORD = "the device's";

(MOSQUITTO === undefined ? describe.skip : describe)("Gateways at Mosquitto", function () {
  this.timeout(30_000);
  let [gateways, broker]: [Gateways, Mosquitto] = [] as never;

  beforeEach(async () => {
    gateways = await openGateways();
    broker = await makeMosquitto("shipped", { [USER]: PASSWORD });
  });
  afterEach(async () => {
    await gateways.end();
    await broker.remove();
  });

  const place = (clientId: string) => {
    const { username, password } = GATEWAY_USER;
    const url = `mqtt://${username}:${encodeURIComponent(password)}@127.0.0.1:${broker.port}`;
    return { url, clientId, group: "plotline" };
  };
  const device = () =>
    gateways.device(`mqtt://127.0.0.1:${broker.port}`, { username: USER, password: PASSWORD });

  it("share the readings of a database, and each knows every device's key", async () => {
    await broker.start();
    const both = await Promise.all(["one", "two"].map((name) => gateways.start(place(name))));
    for (const { connected } of both) await until(connected);
    const sensor = await device();
    const counts = [0, 0];
    const packs = await Promise.all(Array.from({ length: 40 }, (_, seq) => packOf(seq)));
    await Promise.all(packs.map((pack) => sensor.publishAsync(READINGS, pack, { qos: 1 })));
    await until(async () => (await gateways.stored()) === 40);
    for (const [i, { metrics }] of both.entries())
      for (const metric of metrics) {
        const { name, values } = await metric.get();
        if (name === "plotline_packs_refused_total") expect(values).to.deep.equal([]);
        if (name === "plotline_packs_total")
          for (const { value } of values) counts[i] = (counts[i] ?? 0) + value;
      }
    expect((counts[0] ?? 0) + (counts[1] ?? 0)).to.equal(40); // each came to one of them
    expect(Math.min(...counts)).to.be.above(0);
  });

  it("take once what a device publishes with QoS 2", async () => {
    await broker.start();
    const gateway = await gateways.start(place("one"));
    await until(gateway.connected);
    const sensor = await device();
    for (let seq = 0; seq < 20; seq++)
      await sensor.publishAsync(READINGS, await packOf(seq), { qos: 2 });
    await until(async () => (await gateways.stored()) === 20);
  });

  it("wait for a broker that is away, and still speak MQTT 5 with it", async () => {
    const lines: string[] = [];
    const write = (line: unknown, _encoding: unknown, done: () => void): void => {
      lines.push(String(line));
      done();
    };
    const log = pino({ level: "info" }, new Writable({ write }));
    const gateway = await gateways.start(place("one"), log);
    for (let last: Error | undefined, tries = 0; tries < 3; tries++) {
      await until(() => gateway.brokerTrouble() !== last);
      last = gateway.brokerTrouble();
      expect(last).to.have.property("code", "ECONNREFUSED");
    }
    await broker.start();
    await until(gateway.connected);
    expect(gateway.brokerTrouble()).to.equal(undefined);
    expect(lines.filter((line) => line.includes("trouble with the broker"))).to.have.length(1);
    expect(lines.at(-1)).to.contain('"version":5');
  });
});
