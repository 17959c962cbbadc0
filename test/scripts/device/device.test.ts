import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Aedes } from "aedes";
import { expect } from "chai";

import { createDevice, type Device } from "../../../scripts/device/device.ts";
import { deviceKey, newDeviceKey } from "../../../scripts/device/key.ts";
import { memoryOutbox } from "../../../scripts/device/outbox.ts";
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
  it("logs in by its key id and the password that it was given", async () => {
    const logins: string[] = [];
    const broker = await Aedes.createBroker({
      authenticate: (_client, name, password, done) => {
        logins.push(`${name} ${password?.toString()}`);
        done(null, true);
      },
    });
    const server = createServer((stream) => broker.handle(stream)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const key = deviceKey(newDeviceKey());
    const device = await createDevice({
      key,
      url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
      password: "a password of theirs",
      logKey: SIGNER.publicKey,
      now: Date.now,
    });
    await device.close();
    await new Promise<void>((resolve) => broker.close(resolve));
    server.close();
    expect(logins).to.deep.equal([`${key.keyId.slice(2)} a password of theirs`]);
  });
});
