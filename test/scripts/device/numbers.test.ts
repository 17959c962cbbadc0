import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";

import { Aedes } from "aedes";
import { expect } from "chai";

import type { Reading } from "../../../gateway/core/envelope.ts";
import { createDevice, type Device, type Sent } from "../../../scripts/device/device.ts";
import { deviceKey, newDeviceKey } from "../../../scripts/device/key.ts";
import { memoryOutbox } from "../../../scripts/device/outbox.ts";
import { SIGNER } from "../../gateway/samples.ts";

const NOW = Date.UTC(2026, 2, 1);

describe("A device's numbers", () => {
  let broker: Aedes;
  let server: Server;
  let device: Device;
  let full = false;

  beforeEach(async () => {
    full = false;
    broker = await Aedes.createBroker();
    server = createServer((stream) => broker.handle(stream)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const outbox = memoryOutbox();
    device = await createDevice({
      key: deviceKey(newDeviceKey()),
      url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
      logKey: SIGNER.publicKey,
      now: () => NOW,
      outbox: {
        ...outbox,
        keep: (pack) => {
          if (full) throw new Error("ENOSPC");
          outbox.keep(pack);
        },
      },
    });
  });
  afterEach(async () => {
    await device.close();
    await new Promise<void>((resolve) => broker.close(resolve));
    server.close();
  });

  const send = (...more: readonly Reading[]): Promise<Sent> =>
    device.send([...more, { name: "temperature", unit: "Cel", value: 21, time: NOW }]);
  const failed = (sending: Promise<Sent>): Promise<boolean> =>
    sending.then(
      () => false,
      () => true,
    );
  const numberOf = ({ epoch, seq }: Sent): string => `${epoch}/${seq}`;

  it("leave none empty where the disk was full for a while", async () => {
    const first = await send();
    full = true;
    expect(await Promise.all([failed(send()), failed(send())])).to.deep.equal([true, true]);
    full = false;
    const later = [await send(), await send()];
    expect([first, ...later].map(numberOf)).to.deep.equal(["0/0", "0/1", "0/2"]);
  });

  it("leave none empty where a reading between others cannot be said", async () => {
    const [first, bad, last] = [
      send(),
      failed(send({ name: "weight", value: NaN, time: NOW })),
      send(),
    ];
    expect(await bad).to.equal(true);
    expect((await Promise.all([first, last])).map(numberOf)).to.deep.equal(["0/0", "0/1"]);
  });
});
