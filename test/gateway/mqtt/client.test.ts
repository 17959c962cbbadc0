import { createServer, type AddressInfo, type Server } from "node:net";

import { Aedes, type Client } from "aedes";

import { startBrokerClient, type BrokerClient } from "../../../gateway/mqtt/client.ts";
import { createDevice } from "../../../scripts/device/device.ts";
import { deviceKey, newDeviceKey } from "../../../scripts/device/key.ts";
import { SIGNER } from "../samples.ts";

const QUIET = { info: () => {}, warn: () => {} };
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

  // Of MQTT 3.1.1 alone: the first refusal is of the version.
  it("has the gateway again when it lets it in, in the version that it speaks", async () => {
    const subscribed = new Promise((resolve) => aedes.once("subscribe", resolve));
    client = startBrokerClient({
      intake: { capture: () => new Promise(() => {}), waiting: () => 0, drained: async () => {} },
      signer: SIGNER,
      keys: { learn: () => {} },
      uplinks: { filters: [], login: () => undefined, take: () => undefined },
      onDuplicate: () => {},
      url: `mqtt://127.0.0.1:${port}`,
      clientId: "plotline-test",
      log: QUIET,
    });
    await subscribed;
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
