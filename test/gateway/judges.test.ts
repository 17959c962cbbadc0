import { expect } from "chai";

import { buildPack } from "../../gateway/core/build-pack.ts";
import { toHex } from "../../gateway/core/bytes.ts";
import { parsePack, packLeaf } from "../../gateway/core/envelope.ts";
import { sha256 } from "../../gateway/core/hash.ts";
import { findingAt, joinCases, judgeBatch } from "../../gateway/judge-batch.ts";
import { judge as judgeOne } from "../../gateway/judge.ts";
import { startJudges, type Judges } from "../../gateway/judges.ts";
import { deviceKey, newDeviceKey } from "../../scripts/device/key.ts";

const KEY = deviceKey(newDeviceKey());
const TIMES = [1_790_000_000_000, 1_790_000_060_000, 1_789_999_990_000];

const packOf = (
  seq: number,
  form: "cose" | "jws" = "cose",
  sign = KEY.sign,
  keyId = KEY.keyId,
): Promise<Uint8Array> =>
  buildPack({
    form,
    keyId,
    epoch: 2,
    seq,
    records: TIMES.map((time) => ({ name: "temperature", unit: "Cel", value: seq, time })),
    sign,
  });

for (const threads of [0, 2])
  describe(`Judging with ${threads} threads`, function () {
    this.timeout(20_000);
    let judges: Judges;
    before(() => {
      judges = startJudges(threads);
    });
    after(() => judges.close());

    const judge = (bytes: Uint8Array) =>
      judges.judge({ device: KEY.keyId, point: KEY.publicKey, bytes });

    it("finds in every pack what the reader of a bundle finds", async () => {
      const packs = await Promise.all(
        Array.from({ length: 300 }, (_, i) => packOf(i, i % 2 === 0 ? "cose" : "jws")),
      );
      const judged = await Promise.all(packs.map((bytes) => judge(bytes)));
      for (const [i, bytes] of packs.entries()) {
        const found = judged[i];
        if (found === undefined || "code" in found) return expect.fail(`pack ${i} was refused`);
        const { epoch, seq, form, signed } = parsePack(bytes);
        expect(found).to.include({ epoch, seq, form, firstTime: TIMES[2], lastTime: TIMES[1] });
        expect(toHex(found.content)).to.equal(toHex(sha256(signed)));
        expect(toHex(found.leaf)).to.equal(toHex(packLeaf(bytes)));
      }
    });

    it("gives each caller the answer to its own bytes", async () => {
      const good = await packOf(1);
      const bad = Uint8Array.from(good, (byte, i) => (i === good.length - 1 ? byte ^ 1 : byte));
      const asked = Array.from({ length: 100 }, (_, i) => judge(i % 3 === 0 ? bad : good));
      const judged = await Promise.all(asked);
      expect(judged.map((found) => "code" in found)).to.deep.equal(
        Array.from({ length: 100 }, (_, i) => i % 3 === 0),
      );
    });

    it("answers what it was asked before it closed, and is asked no more", async () => {
      const closing = startJudges(threads);
      const good = await packOf(1);
      const given = { device: KEY.keyId, point: KEY.publicKey, bytes: good };
      const asked = Array.from({ length: 300 }, () => closing.judge(given));
      const closed = closing.close();
      for (const found of await Promise.all(asked)) expect(found).to.include({ seq: 1 });
      await closed;
      const late: unknown = await closing.judge(given).catch((failure: unknown) => failure);
      expect(late).to.have.property("code", "UNAVAILABLE");
    });

    it("refuses what another key signed in its name", async () => {
      const forged = await packOf(1, "cose", deviceKey(newDeviceKey()).sign);
      expect(await judge(forged)).to.include({ code: "BAD_SIGNATURE" });
    });

    it("refuses a public key that is not the device's", async () => {
      const { keyId } = deviceKey(newDeviceKey());
      const pack = await packOf(1, "cose", KEY.sign, keyId);
      const judged = await judges.judge({ device: keyId, point: KEY.publicKey, bytes: pack });
      expect(judged).to.include({ code: "BAD_KEY" });
    });

    it("refuses the signature's twin with the high s", async () => {
      const bytes = await packOf(1);
      const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
      const s = n - BigInt(toHex(bytes.slice(-32)));
      const twin = bytes.slice();
      twin.set(Buffer.from(s.toString(16).padStart(64, "0"), "hex"), twin.length - 32);
      expect(await judge(twin)).to.include({ code: "BAD_SIGNATURE" });
    });
  });

describe("A batch in which one case meets a bug", () => {
  it("has the findings of all others, and the bug for that one alone", async () => {
    const packs = await Promise.all([0, 1, 2].map((seq) => packOf(seq)));
    const cases = packs.map((bytes) => ({ device: KEY.keyId, point: KEY.publicKey, bytes }));
    const findings = judgeBatch(joinCases(cases), (device, point, bytes) => {
      if (toHex(bytes) === toHex(packs[1] ?? bytes)) throw new RangeError("a bug");
      return judgeOne(device, point, bytes);
    });
    const answers = structuredClone(findings); // as a thread's are
    expect(findingAt(answers, 0)).to.include({ seq: 0 });
    expect(() => findingAt(answers, 1)).to.throw(RangeError);
    expect(findingAt(answers, 2)).to.include({ seq: 2 });
  });
});
