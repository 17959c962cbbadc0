import { expect } from "chai";
import * as fc from "fast-check";

import {
  bytesToUtf8,
  fromBase64,
  fromBase64Url,
  fromHex,
  toBase64,
  toBase64Url,
  toHex,
  utf8ToBytes,
} from "../../../gateway/core/bytes.ts";
import { expectRefusal } from "../../refusal.ts";

const bytes = fc.uint8Array({ maxLength: 70 });

describe("Bytes as text", () => {
  it("are those that Node writes, and come back", () => {
    fc.assert(
      fc.property(bytes, (bytes) => {
        const buffer = Buffer.from(bytes);
        expect(toBase64(bytes)).to.equal(buffer.toString("base64"));
        expect(toBase64Url(bytes)).to.equal(buffer.toString("base64url"));
        expect(toHex(bytes)).to.equal(`0x${buffer.toString("hex")}`);
        expect(fromBase64(toBase64(bytes))).to.deep.equal(bytes);
        expect(fromBase64Url(toBase64Url(bytes))).to.deep.equal(bytes);
        expect(fromHex(toHex(bytes))).to.deep.equal(bytes);
      }),
    );
  });

  for (const [damage, text] of Object.entries({
    "no padding": "AA",
    "too much padding": "AAA==",
    "stray bits": "AB==",
    "the other alphabet": "--__",
    "padding in the middle": "AA==AAAA",
    "white space": "AAA=\n",
    "a star": "AA*A",
  }))
    it(`are refused as base64 with ${damage}`, () => {
      expectRefusal("BAD_ENCODING", () => fromBase64(text));
    });

  for (const [damage, text] of Object.entries({
    padding: "AA==",
    "stray bits": "AB",
    "a single letter": "A",
    "the other alphabet": "++//",
  }))
    it(`are refused as base64url with ${damage}`, () => {
      expectRefusal("BAD_ENCODING", () => fromBase64Url(text));
    });
});

describe("UTF-8", () => {
  it("comes back as the same text, a byte order mark included", () => {
    for (const text of ["", "hạt điều", "\ufeffx", "🌰"])
      expect(bytesToUtf8(utf8ToBytes(text))).to.equal(text);
  });

  for (const [damage, hex] of Object.entries({
    "a byte that starts nothing": "0xff",
    "a cut letter": "0xe1ba",
    "an overlong letter": "0xc080",
    "half of a surrogate pair": "0xeda080",
  }))
    it(`is refused with ${damage}`, () => {
      expectRefusal("BAD_ENCODING", () => bytesToUtf8(fromHex(hex)));
    });
});
