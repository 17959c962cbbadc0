import { createHash } from "node:crypto";

import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";
import * as fc from "fast-check";

import { toHex, utf8ToBytes } from "../../../gateway/core/bytes.ts";
import { sha256, sha256OfText } from "../../../gateway/core/hash.ts";
import { keccak256 } from "../../../gateway/core/keccak256.ts";

const ofNode = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash("sha256").update(bytes).digest());

describe("SHA-256", () => {
  it("has the digests of FIPS 180-4's examples", () => {
    const examples = {
      "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      abc: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq:
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    };
    for (const [text, digest] of Object.entries(examples))
      expect(toHex(sha256(utf8ToBytes(text)))).to.equal(`0x${digest}`);
  });

  it("is Node's at every length across three blocks", () => {
    for (let length = 0; length <= 200; length++) {
      const bytes = new Uint8Array(length).fill(length);
      expect(sha256(bytes), `${length} bytes`).to.deep.equal(ofNode(bytes));
    }
  });

  it("is Node's over any bytes, in one part or in many", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 150 })), (parts) => {
        expect(sha256(...parts)).to.deep.equal(ofNode(new Uint8Array(Buffer.concat(parts))));
      }),
    );
  });

  it("is Node's over a megabyte", () => {
    const long = Uint8Array.from({ length: 1_000_003 }, (_, i) => i * 31);
    expect(sha256(long)).to.deep.equal(ofNode(long));
  });

  it("of a text is that of its NFC form", () => {
    expect(sha256OfText("e\u0301")).to.deep.equal(sha256(utf8ToBytes("é")));
  });
});

describe("Keccak-256", () => {
  it("has the digests that Ethereum knows best", () => {
    const examples = {
      "": "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
      "Transfer(address,address,uint256)":
        "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
    };
    for (const [text, digest] of Object.entries(examples))
      expect(toHex(keccak256(utf8ToBytes(text)))).to.equal(`0x${digest}`);
  });

  it("is that of another implementation at every length across three blocks", () => {
    for (let length = 0; length <= 420; length++) {
      const bytes = new Uint8Array(length).fill(length + 1);
      expect(keccak256(bytes), `${length} bytes`).to.deep.equal(keccak_256(bytes));
    }
  });

  it("is that of another implementation over any bytes, in one part or in many", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (parts) => {
        const whole = new Uint8Array(Buffer.concat(parts));
        expect(keccak256(...parts)).to.deep.equal(keccak_256(whole));
      }),
    );
  });
});
