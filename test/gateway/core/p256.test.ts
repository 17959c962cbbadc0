import { p256 } from "@noble/curves/nist.js";
import { expect } from "chai";
import * as fc from "fast-check";

import { fromHex, toHex } from "../../../gateway/core/bytes.ts";
import { sha256 } from "../../../gateway/core/hash.ts";
import { verifyP256 } from "../../../gateway/core/p256-noble.ts";
import { keyIdOf, parsePublicKey } from "../../../gateway/core/key-id.ts";
import {
  fromDer,
  isLowS,
  normalizeS,
  requireLowS,
  toDer,
  verifyP256Fast,
} from "../../../gateway/core/p256.ts";
import { ecdsa } from "../../../scripts/conform/ecdsa.ts";
import { vectorFiles } from "../../../scripts/conform/suite.ts";
import { expectRefusal } from "../../refusal.ts";
import { describeVectors } from "../../vectors.ts";

const ORDER = p256.Point.Fn.ORDER;
const secret = new Uint8Array(32).fill(7);
const publicKey = p256.getPublicKey(secret, false);
const message = new TextEncoder().encode("one bag of cashew");
const signature = p256.sign(message, secret, { lowS: true });
const number = (value: bigint): string => value.toString(16).padStart(64, "0");
const highS = withS(signature, (s) => ORDER - s);

function withS(signature: Uint8Array, change: (s: bigint) => bigint): Uint8Array {
  const s = BigInt(toHex(signature.subarray(32)));
  return fromHex(`${toHex(signature.subarray(0, 32))}${number(change(s))}` as `0x${string}`);
}

/** Both ways of verifying must say the same. */
async function judge(key: Uint8Array, text: Uint8Array, sig: Uint8Array): Promise<boolean> {
  const answers = [
    verifyP256(key, text, sig),
    await verifyP256Fast(key, text, sig),
    await verifyP256Fast(key, text, sig, {}),
  ];
  expect(new Set(answers).size, "all agree").to.equal(1);
  return answers[0] === true;
}

describe("A P-256 signature", () => {
  describeVectors("against Wycheproof", (folder) => {
    for (const file of vectorFiles(`${folder}/ecdsa`))
      for (const { name, run } of ecdsa.cases(file) ?? []) it(name, run);
  });

  it("holds for its key and message, with WebCrypto and without", async () => {
    expect(await judge(publicKey, message, signature)).to.equal(true);
  });

  it("holds with s in either half, but only the lower half may enter a record", async () => {
    expect(await judge(publicKey, message, highS)).to.equal(true);
    expect([isLowS(signature), isLowS(highS)]).to.deep.equal([true, false]);
    requireLowS(signature);
    expectRefusal("BAD_SIGNATURE", () => requireLowS(highS));
    expect(normalizeS(highS)).to.deep.equal(signature);
    expect(normalizeS(signature)).to.deep.equal(signature);
  });

  it("is refused with any bit flipped", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(511), async (bit) => {
        const flipped = signature.map((byte, i) =>
          i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
        );
        expect(await judge(publicKey, message, flipped)).to.equal(false);
      }),
    );
  });

  const r = toHex(signature.subarray(0, 32)).slice(2);
  const s = toHex(signature.subarray(32)).slice(2);
  const damaged: Readonly<Record<string, string>> = {
    "r of zero": number(0n) + s,
    "s of zero": r + number(0n),
    "r of the order": number(ORDER) + s,
    "s of the order": r + number(ORDER),
    "r beyond the order": number((BigInt(`0x${r}`) % (2n ** 256n - ORDER)) + ORDER) + s,
    "all ones": "ff".repeat(64),
    "a byte cut": (r + s).slice(2),
    "a byte added": `${r}${s}00`,
    nothing: "",
  };
  for (const [damage, hex] of Object.entries(damaged))
    it(`is refused with ${damage}`, async () => {
      const damaged = fromHex(`0x${hex}`);
      expect(await judge(publicKey, message, damaged)).to.equal(false);
      expectRefusal("BAD_SIGNATURE", () => requireLowS(damaged));
      expectRefusal("BAD_SIGNATURE", () => normalizeS(damaged));
    });

  it("is refused over another message, or the message's hash", async () => {
    expect(await judge(publicKey, message.slice(1), signature)).to.equal(false);
    expect(await judge(publicKey, sha256(message), signature)).to.equal(false);
  });
});

describe("A signature in DER", () => {
  it("comes back the same", () => {
    const part = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    fc.assert(
      fc.property(part, part, (r, s) => {
        const signature = fromHex(`0x${number(r)}${number(s)}`);
        expect(fromDer(toDer(signature))).to.deep.equal(signature);
      }),
    );
    expect(toHex(toDer(signature))).to.equal(
      `0x${p256.Signature.fromBytes(signature).toHex("der")}`,
    );
  });

  const damages: Readonly<Record<string, string>> = {
    "a length in two bytes": "0x30810602010102 0101",
    "an indefinite length": "0x30800201010201010000",
    "trailing bytes": "0x300602010102010100",
    "bytes behind s": "0x30080201010201010500",
    "a needless zero before r": "0x3007020200010201 01",
    "a negative r": "0x3006020181020101",
    "an empty r": "0x30050200020101",
    "a tag that is no integer": "0x3006040101020101",
    "s missing": "0x3003020101",
    "a cut": "0x30060201010201",
    "r of 33 significant bytes": `0x30260221${"01".repeat(33)}020101`,
    nothing: "0x",
  };
  for (const [damage, hex] of Object.entries(damages))
    it(`is refused with ${damage}`, () => {
      expectRefusal("BAD_SIGNATURE", () => fromDer(fromHex(hex.replaceAll(" ", ""))));
    });
});

describe("A P-256 key", () => {
  it("has the hash of its point as its id", () => {
    expect(keyIdOf(publicKey)).to.equal(toHex(sha256(publicKey)));
  });

  const off = publicKey.map((byte, i) => (i === 64 ? byte ^ 1 : byte));
  const p = p256.Point.Fp.ORDER;
  const beyond = fromHex(`0x04${number(p + 5n)}${toHex(yOf(5n)).slice(2)}`);
  for (const [damage, key] of Object.entries({
    "a point off the curve": off,
    "x beyond the field": beyond,
    "the point at infinity": new Uint8Array(65),
    "the origin": Uint8Array.of(4, ...new Uint8Array(64)),
    "a compressed point": p256.getPublicKey(secret, true),
    "a byte cut": publicKey.slice(0, 64),
    "a byte added": Uint8Array.of(...publicKey, 0),
    "a hybrid prefix": publicKey.with(0, 6),
    nothing: new Uint8Array(),
  }))
    it(`is refused when it is ${damage}`, async () => {
      expectRefusal("BAD_KEY", () => parsePublicKey(key));
      expectRefusal("BAD_KEY", () => keyIdOf(key));
      expect(await judge(key, message, signature)).to.equal(false);
    });

  function yOf(x: bigint): Uint8Array {
    return p256.Point.fromHex(`02${number(x)}`)
      .toBytes(false)
      .slice(33);
  }
});
