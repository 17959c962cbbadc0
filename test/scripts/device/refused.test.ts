import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";

import { Aedes } from "aedes";
import { expect } from "chai";

import { toHex, type Hex } from "../../../gateway/core/bytes.ts";
import { parsePack, type Pack, type Reading } from "../../../gateway/core/envelope.ts";
import { sha256 } from "../../../gateway/core/hash.ts";
import { buildRefusal } from "../../../gateway/core/refusal.ts";
import { topicOf } from "../../../gateway/core/topics.ts";
import type { TraceErrorCode } from "../../../gateway/core/trace-error.ts";
import { createDevice, type Device } from "../../../scripts/device/device.ts";
import { deviceKey, newDeviceKey } from "../../../scripts/device/key.ts";
import { memoryOutbox, type Outbox } from "../../../scripts/device/outbox.ts";
import { SIGNER } from "../../gateway/samples.ts";

const NOW = Date.UTC(2026, 2, 1);
const HOUR = 3_600_000;

/** Whoever holds the log's key, at a broker of his own. */
describe("A device that hears a refusal by the log's key", () => {
  const key = deviceKey(newDeviceKey());
  let broker: Aedes;
  let server: Server;
  let device: Device;
  let outbox: Outbox;
  let now = NOW;
  let heard: Pack[] = [];

  beforeEach(async () => {
    [now, heard] = [NOW, []];
    broker = await Aedes.createBroker();
    server = createServer((stream) => broker.handle(stream)).listen(0, "127.0.0.1");
    await once(server, "listening");
    broker.on("publish", ({ topic, payload }) => {
      if (topic.endsWith("/readings")) heard.push(parsePack(new Uint8Array(payload as Buffer)));
    });
    outbox = memoryOutbox();
    const url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
    device = await createDevice({ key, url, logKey: SIGNER.publicKey, now: () => now, outbox });
  });
  afterEach(async () => {
    await device.close();
    await new Promise<void>((resolve) => broker.close(resolve));
    server.close();
  });

  const send = async (time: number, more: readonly Reading[] = []): Promise<Pack> => {
    const records = [...more, { name: "temperature", unit: "Cel", value: 70, time }];
    const { seq, acknowledged } = await device.send(records);
    await acknowledged;
    const pack = heard.find((each) => each.seq === seq);
    if (pack === undefined) throw new Error("nothing was sent");
    return pack;
  };
  const refuse = async (pack: Pack, told: { code?: TraceErrorCode; content?: Hex } = {}) => {
    const { code = "CLOCK", content = toHex(sha256(pack.signed)) } = told;
    const { keyId: device, epoch, seq } = pack;
    const jws = await buildRefusal({ device, epoch, seq, content, code }, SIGNER.sign);
    const [topic, payload] = [topicOf(device, "refusals"), JSON.stringify({ code, jws })];
    const packet = { cmd: "publish", topic, payload, qos: 1, retain: false, dup: false } as const;
    await new Promise<void>((resolve, reject) => {
      broker.publish(packet, (failure) => (failure ? reject(failure) : resolve()));
    });
  };

  /** Refuses a pack, then another one that the device agrees about: when it has answered that, it has dealt with both. */
  async function afterRefusal(pack: Pack, told = {}): Promise<Pack | undefined> {
    await refuse(pack, told);
    const other = await send(NOW + HOUR);
    const answered = new Promise<void>((resolve) => {
      broker.on("publish", ({ topic, payload }) => {
        if (topic.endsWith("/readings") && isAnswer(payload, other)) resolve();
      });
    });
    await refuse(other);
    await answered;
    const kept = outbox.all().find(({ seq }) => seq === pack.seq);
    return kept && parsePack(kept.bytes);
  }
  const isAnswer = (payload: unknown, { seq }: Pack): boolean => {
    const pack = parsePack(new Uint8Array(payload as Buffer));
    return pack.seq === seq && pack.records.some(({ name }) => name === "refused");
  };
  const valuesOf = (pack: Pack | undefined) =>
    pack?.records.map(({ name, value }) => [name, value]);
  const UNTOUCHED = [["temperature", 70]];

  it("takes nothing back that its own clock does not find ahead", async () => {
    const pack = await send(NOW - 1_000);
    expect(valuesOf(await afterRefusal(pack))).to.deep.equal(UNTOUCHED);
  });

  it("takes nothing back once its readings are ahead no longer", async () => {
    const pack = await send(NOW + HOUR / 2);
    now = NOW + HOUR / 2;
    expect(valuesOf(await afterRefusal(pack))).to.deep.equal(UNTOUCHED);
  });

  for (const code of ["BAD_PACK", "TOO_LARGE", "NOT_ALLOWED", "EQUIVOCATION"] as const)
    it(`takes nothing back for another reason: ${code}`, async () => {
      const pack = await send(NOW + HOUR);
      expect(valuesOf(await afterRefusal(pack, { code }))).to.deep.equal(UNTOUCHED);
    });

  it("takes nothing back that it did not sign so", async () => {
    const content = toHex(sha256(new Uint8Array(3)));
    const pack = await send(NOW + HOUR);
    expect(valuesOf(await afterRefusal(pack, { content }))).to.deep.equal(UNTOUCHED);
  });

  it("says nothing under a number that the log has receipted", async () => {
    const pack = await send(NOW + HOUR);
    outbox.receipt(0, pack.seq);
    expect(await afterRefusal(pack)).to.equal(undefined);
  });

  it("says its readings again where its clock ran ahead, and what they stand for", async () => {
    const pack = await send(NOW + HOUR);
    const corrected = await afterRefusal(pack);
    expect(corrected?.records).to.deep.equal([
      { name: "refused", value: `CLOCK ${toHex(sha256(pack.signed))}`, time: NOW },
      { name: "temperature", unit: "Cel", value: 70, time: NOW },
    ]);
  });

  for (const [what, count, length] of [
    ["as many as a pack may have", 999, 1],
    ["as many bytes as a pack may have", 63, 1_024],
  ] as const)
    it(`says all of them again where they are ${what}, the last under numbers of their own`, async () => {
      const note = (i: number) => ({
        name: `note${i}`,
        value: "x".repeat(length),
        time: NOW + HOUR,
      });
      const more = Array.from({ length: count }, (_, i) => note(i));
      const first = await afterRefusal(await send(NOW + HOUR, more));
      expect(first?.records[0]).to.include({ name: "refused" });
      const kept = outbox.all().map(({ bytes }) => parsePack(bytes));
      expect(kept).to.have.length(3); // this one, what it could not hold, and the other one
      const again = kept.flatMap(({ records }) => records.map(({ name }) => name));
      expect(again.filter((name) => name.startsWith("note"))).to.have.members(
        more.map(({ name }) => name),
      );
    });
});
