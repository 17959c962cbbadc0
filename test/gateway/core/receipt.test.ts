import { ed25519 } from "@noble/curves/ed25519.js";
import { expect } from "chai";

import { utf8ToBytes } from "../../../gateway/core/bytes.ts";
import { signJws } from "../../../gateway/core/jws.ts";
import { buildReceipt, parseReceipt } from "../../../gateway/core/receipt.ts";
import type { Receipt } from "../../../gateway/core/receipt.ts";
import { expectRejection } from "../../refusal.ts";

const secret = new Uint8Array(32).fill(3);
const publicKey = ed25519.getPublicKey(secret);
const sign = (message: Uint8Array): Uint8Array => ed25519.sign(message, secret);
const receipt: Receipt = {
  device: `0x${"ab".repeat(32)}`,
  epoch: 3,
  seq: 41,
  size: 1_000_000,
  time: "2026-03-01T07:30:00.125Z",
};
const text = await buildReceipt(receipt, sign);
const header = { alg: "EdDSA", typ: "plotline-receipt+jwt" };
const signed = (claims: object, named: Readonly<Record<string, string>> = header) =>
  signJws(named, utf8ToBytes(JSON.stringify(claims)), sign);

describe("A receipt", () => {
  it("comes back to whoever trusts the log's key", async () => {
    expect(await parseReceipt(text, publicKey)).to.deep.equal(receipt);
  });

  it("is refused under another key", async () => {
    const other = ed25519.getPublicKey(new Uint8Array(32).fill(4));
    await expectRejection("BAD_SIGNATURE", parseReceipt(text, other));
  });

  it("is refused with its claims exchanged for another receipt's", async () => {
    const [, claims = ""] = (await buildReceipt({ ...receipt, seq: 42 }, sign)).split(".");
    const [head = "", , signature = ""] = text.split(".");
    const exchanged = parseReceipt(`${head}.${claims}.${signature}`, publicKey);
    await expectRejection("BAD_SIGNATURE", exchanged);
  });

  it("is refused with its signature cut", async () => {
    await expectRejection("BAD_SIGNATURE", parseReceipt(text.slice(0, -3).concat("A"), publicKey));
    await expectRejection("BAD_SIGNATURE", parseReceipt(text.replace(/[^.]*$/, ""), publicKey));
  });

  for (const [damage, named] of Object.entries({
    "alg none": { alg: "none", typ: header.typ },
    "another type": { alg: "EdDSA", typ: "JWT" },
    "a header member that is not ours": { ...header, kid: "1" },
  }))
    it(`is refused with ${damage}`, async () => {
      await expectRejection("BAD_ENCODING", parseReceipt(await signed(receipt, named), publicKey));
    });

  for (const [damage, claims] of Object.entries({
    "a claim missing": { ...receipt, time: undefined },
    "a claim that is not ours": { ...receipt, more: 1 },
    "a device in capitals": { ...receipt, device: receipt.device.toUpperCase() },
    "a short device": { ...receipt, device: "0xab" },
    "a negative seq": { ...receipt, seq: -1 },
    "a size that is text": { ...receipt, size: "1" },
    "a day that is none": { ...receipt, time: "2026-02-30T07:30:00.125Z" },
    "a time without milliseconds": { ...receipt, time: "2026-03-01T07:30:00Z" },
    "a time in another zone": { ...receipt, time: "2026-03-01T07:30:00.125+07:00" },
  }))
    it(`is refused with ${damage}, though the log signed it`, async () => {
      await expectRejection("BAD_ENCODING", parseReceipt(await signed(claims), publicKey));
    });

  it("is refused before it is read when it is huge", async () => {
    await expectRejection("TOO_LARGE", parseReceipt("a".repeat(5000), publicKey));
  });
});
