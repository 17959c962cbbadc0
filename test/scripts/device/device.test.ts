import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Aedes, type Client } from "aedes";
import { expect } from "chai";

import { createDevice, type Device, type DeviceParts } from "../../../scripts/device/device.ts";
import { deviceKey, newDeviceKey } from "../../../scripts/device/key.ts";
import { memoryOutbox, type Unsent } from "../../../scripts/device/outbox.ts";
import { freePort, startGatewayProcess, type GatewayProcess } from "../../faults/processes.ts";
import { SIGNER } from "../../gateway/samples.ts";

describe("A device that is switched off while a pack is under way", () => {
  let folder: string;
  let gateway: GatewayProcess;
  let device: Device;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "plotline-device-"));
    const port = await freePort();
    gateway = await startGatewayProcess({ place: { dataDir: folder }, port });
    device = await createDevice({
      key: deviceKey(newDeviceKey()),
      url: `mqtt://127.0.0.1:${port}`,
      logKey: SIGNER.publicKey,
      now: Date.now,
      outbox: memoryOutbox(),
    });
    gateway.signal("SIGSTOP"); // it takes the bytes and says nothing
    await device.send([{ name: "temperature", unit: "Cel", value: 21.5, time: Date.now() }]);
  });
  afterEach(async () => {
    await gateway.kill();
    rmSync(folder, { recursive: true });
  });

  it("ends when its gateway goes", async () => {
    const closed = device.close();
    await gateway.kill();
    await closed;
    expect(device.unreceipted()).to.equal(1);
  });

  it("ends when its gateway has gone before", async () => {
    await gateway.kill();
    await device.close();
    expect(device.unreceipted()).to.equal(1);
  });
});

describe("A device at somebody else's broker", () => {
  const key = deviceKey(newDeviceKey());
  let broker: Aedes;
  let server: Server;
  let parts: DeviceParts;
  beforeEach(async () => {
    broker = await Aedes.createBroker();
    server = createServer((stream) => broker.handle(stream)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
    parts = { key, url, logKey: SIGNER.publicKey, now: Date.now };
  });
  afterEach(async () => {
    await new Promise<void>((resolve) => broker.close(resolve));
    server.close();
  });

  it("logs in by its key id and the password that it was given", async () => {
    const logins: string[] = [];
    broker.authenticate = (_client, name, password, done) => {
      logins.push(`${name} ${password?.toString()}`);
      done(null, true);
    };
    const device = await createDevice({ ...parts, password: "a password of theirs" });
    await device.close();
    expect(logins).to.deep.equal([`${key.keyId.slice(2)} a password of theirs`]);
  });

  it("leaves nothing connected where it may not hear its receipts", async () => {
    broker.authorizeSubscribe = (_client, _subscription, done) => done(null, null);
    const gone = once(broker, "clientDisconnect");
    expect(await createDevice(parts).catch((failure: unknown) => failure)).to.be.an("error");
    await gone;
    expect(broker.connectedClients).to.equal(0);
  });

  it("comes back with its next login where its key could not sign one", async () => {
    let broken = false;
    const sign = (message: Uint8Array): Uint8Array => {
      if (broken) throw new Error("the secure element is away");
      return key.sign(message);
    };
    const login = new Promise<Client>((resolve) => broker.once("client", resolve));
    const device = await createDevice({ ...parts, key: { ...key, sign } });
    const client = await login;
    broken = true;
    const again = once(broker, "client");
    client.close();
    await again;
    broken = false;
    const { acknowledged } = await device.send([{ name: "weight", value: 21, time: Date.now() }]);
    await acknowledged;
    await device.close();
  });

  it("asks what was set aside as often for many packs as for one, when it offers them again", async () => {
    const outbox = memoryOutbox();
    let asked = 0;
    const aside = (): readonly Unsent[] => {
      asked += 1;
      return outbox.aside();
    };
    const counted = { ...outbox, aside };
    const device = await createDevice({ ...parts, outbox: counted, resend: 200 });
    const records = [{ name: "temperature", unit: "Cel", value: 21, time: Date.now() }];
    const packs = 300;
    const sent = await Promise.all(Array.from({ length: packs }, () => device.send(records)));
    await Promise.all(sent.map(({ acknowledged }) => acknowledged));
    asked = 0;
    let heard = 0;
    await new Promise<void>((resolve) => {
      broker.on("publish", ({ topic }) => {
        if (topic.endsWith("/readings") && ++heard === 2 * packs) resolve();
      });
    });
    await device.close();
    expect(asked).to.be.below(packs);
  });
});
