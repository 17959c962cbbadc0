import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

import { expect } from "chai";
import { connectAsync, type MqttClient } from "mqtt";
import { pino } from "pino";

import { toHex } from "../../gateway/core/bytes.ts";
import { buildLogin } from "../../gateway/core/device-login.ts";
import { ROLES } from "../../gateway/core/operations.ts";
import { topicOf } from "../../gateway/core/topics.ts";
import type { KeyOf } from "../../gateway/device-keys.ts";
import { startIngest, type Ingest, type IngestParts } from "../../gateway/ingest.ts";
import { KEY, packOf, READINGS, USER } from "./mqtt/gateways.ts";
import { deviceNamed, SIGNER } from "./samples.ts";
import { describeStores } from "./store/stores.ts";

const ENROLLED = {
  party: deviceNamed("a cooperative"),
  roles: ROLES.device,
  from: 0,
  until: 2 ** 40,
  number: 0,
  content: deviceNamed("an enrolment"),
};

describeStores("An ingest line that closes", (store) => {
  const start = (
    keyOf: KeyOf,
    { port = 0, ...more }: { port?: number } & Pick<IngestParts, "anchored"> = {},
  ): Promise<Ingest> =>
    startIngest({
      store: store(),
      signer: SIGNER,
      keyOf,
      now: Date.now,
      log: pino({ level: "silent" }),
      mqtt: { host: "127.0.0.1", port },
      ...more,
    });

  const login = async ({ mqttPort }: Ingest): Promise<MqttClient> => {
    const claims = {
      device: KEY.keyId,
      publicKey: toHex(KEY.publicKey),
      time: Math.floor(Date.now() / 1_000),
    };
    const password = await buildLogin(claims, KEY.sign);
    const options = { clientId: USER, username: USER, password, reconnectPeriod: 0 };
    return connectAsync(`mqtt://127.0.0.1:${mqttPort}`, options, false);
  };

  it("answers what it took, gives its receipt, and takes no more", async () => {
    let [ask, enrol] = [(): void => {}, (): void => {}];
    const asked = new Promise<void>((resolve) => {
      ask = resolve;
    });
    const enrolled = new Promise<void>((resolve) => {
      enrol = resolve;
    });
    const ingest = await start(async () => {
      ask();
      await enrolled;
      return ENROLLED;
    });
    const client = await login(ingest);
    const receipt = new Promise((resolve) => client.once("message", resolve));
    await client.subscribeAsync(topicOf(KEY.keyId, "receipts"), { qos: 1 });
    const first = client.publishAsync(READINGS, await packOf(0), { qos: 1 });
    await asked;

    const closing = ingest.close();
    client.publish(READINGS, await packOf(1), { qos: 1 });
    const late: unknown = await login(ingest).catch((failure: unknown) => failure);
    expect(late).to.have.property("code", "ECONNREFUSED");
    enrol();
    await Promise.all([first, receipt, closing]);
    await client.endAsync(true);
    const stored = await store().db.selectFrom("packs").select(["seq", "leaf_index"]).execute();
    expect(stored).to.deep.equal([{ seq: 0, leaf_index: 0 }]);
  });

  it("has stopped all of its parts when it says that it cannot listen", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const told: string[] = [];
    let say = (_floor: undefined): void => {};
    const anchored = new Promise<undefined>((resolve) => {
      say = resolve;
    });
    const failed = start(async () => ENROLLED, { port, anchored: () => anchored }).catch(
      (failure: unknown) => {
        told.push("cannot listen");
        return failure;
      },
    );
    // As often as it takes the line's own broker to find out.
    for (let i = 0; i < 10; i++) await once(createServer().listen(port, "127.0.0.1"), "error");
    told.push("the sequencer goes on");
    say(undefined);
    expect(await failed).to.have.property("code", "EADDRINUSE");
    expect(told).to.deep.equal(["the sequencer goes on", "cannot listen"]);
    other.close();
  });
});
