import { p256 } from "@noble/curves/nist.js";
import { expect } from "chai";
import * as fc from "fast-check";

import { concatBytes } from "../../../gateway/core/bytes.ts";
import { sha256OfText } from "../../../gateway/core/hash.ts";
import { verifySignature } from "../../../gateway/core/signature.ts";
import { TraceError, type TraceErrorCode } from "../../../gateway/core/trace-error.ts";
import { encodeAssertion } from "../../../gateway/core/webauthn.ts";
import { expectRefusal, expectRejection } from "../../refusal.ts";
import { answerOf } from "./passkeys.ts";

const secret = sha256OfText("a passkey of these tests");
const publicKey = p256.getPublicKey(secret, false);
const digest = sha256OfText("what is signed");
const verify = (signature: Uint8Array, change = {}): Promise<boolean> =>
  verifySignature({ publicKey, digest, signature, ...change });
const assertion = encodeAssertion(answerOf(secret, digest));

/** The words 4 and 5 of the encoding say where the client data says type and challenge. */
const withWord = (at: number, value: number): Uint8Array =>
  assertion.map((byte, i) => (i === 32 * at + 31 ? value : byte));

describe("A signature over a digest", () => {
  it("holds in both forms", async () => {
    expect(await verify(p256.sign(digest, secret, { lowS: true }))).to.equal(true);
    expect(await verify(assertion)).to.equal(true);
  });

  it("holds with whatever s the passkey gave, because it is sent with the low one", async () => {
    for (let i = 0; i < 8; i++) {
      const answer = answerOf(secret, digest, { flags: 0x05 + 8 * (i % 2), lowS: false });
      expect(await verify(encodeAssertion(answer))).to.equal(true);
    }
  });

  it("does not hold for another digest or another key", async () => {
    const other = sha256OfText("something else");
    const point = p256.getPublicKey(sha256OfText("another passkey"), false);
    await expectRejection("BAD_SIGNATURE", verify(assertion, { digest: other }));
    expect(await verify(assertion, { publicKey: point })).to.equal(false);
    expectRefusal("BAD_SIGNATURE", () =>
      encodeAssertion({ ...answerOf(secret, digest), digest: other }),
    );
  });

  const LIES: readonly (readonly [string, Uint8Array, TraceErrorCode])[] = [
    ["another type", retyped(), "BAD_SIGNATURE"],
    ["nobody present", encodeAssertion(answerOf(secret, digest, { flags: 4 })), "BAD_SIGNATURE"],
    ["nobody verified", encodeAssertion(answerOf(secret, digest, { flags: 1 })), "BAD_SIGNATURE"],
    [
      "a backup of what has none",
      encodeAssertion(answerOf(secret, digest, { flags: 0x15 })),
      "BAD_SIGNATURE",
    ],
    ["the challenge somewhere else", withWord(2, 0), "BAD_SIGNATURE"],
    ["the type somewhere else", withWord(3, 0), "BAD_SIGNATURE"],
    ["bytes behind", concatBytes(assertion, new Uint8Array(32)), "BAD_ENCODING"],
    ["its end cut off", assertion.subarray(0, -32), "BAD_ENCODING"],
    ["65 bytes", new Uint8Array(65), "BAD_ENCODING"],
    ["offsets beyond its end", withWord(4, 255), "BAD_ENCODING"],
  ];
  for (const [damage, lie, code] of LIES)
    it(`does not hold with ${damage}`, async () => {
      await expectRejection(code, verify(lie));
    });

  it("does not hold with s in the upper half, in either form", async () => {
    const order = p256.Point.Fn.ORDER;
    const raise = (signature: Uint8Array, at: number): Uint8Array => {
      const s = BigInt(`0x${Buffer.from(signature.subarray(at, at + 32)).toString("hex")}`);
      const high = Buffer.from((order - s).toString(16).padStart(64, "0"), "hex");
      return concatBytes(signature.subarray(0, at), high, signature.subarray(at + 32));
    };
    expect(await verify(raise(p256.sign(digest, secret, { lowS: true }), 32))).to.equal(false);
    expect(await verify(raise(assertion, 32))).to.equal(false);
  });

  it("does not hold with any bit turned, in either form", async () => {
    const plain = p256.sign(digest, secret, { lowS: true });
    for (const signature of [plain, assertion])
      await fc.assert(
        fc.asyncProperty(fc.nat(signature.length * 8 - 1), async (bit) => {
          const turned = signature.map((byte, i) =>
            i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
          );
          const outcome = await verify(turned).catch((failure: unknown) => {
            if (failure instanceof TraceError) return false;
            throw failure;
          });
          expect(outcome).to.equal(false);
        }),
        { numRuns: 400 },
      );
  });
});

function retyped(): Uint8Array {
  // Of the same length, so that everything else is where it was.
  const lie = answerOf(secret, digest, { type: "webauthn.got" });
  const text = new TextDecoder().decode(lie.clientDataJSON);
  const honest = new TextEncoder().encode(text.replace("got", "get"));
  const encoded = encodeAssertion({ ...lie, clientDataJSON: honest });
  const at = Buffer.from(encoded).indexOf("webauthn.get") + "webauthn.g".length;
  return encoded.map((byte, i) => (i === at ? "o".charCodeAt(0) : byte));
}
