import { decode, encode } from "cborg";
import { expect } from "chai";
import * as fc from "fast-check";

import { fromHex, toHex } from "../../../gateway/core/bytes.ts";
import { encodeCbor } from "../../../gateway/core/cbor-encode.ts";
import { decodeCbor } from "../../../gateway/core/cbor.ts";
import type { CborValue } from "../../../gateway/core/cbor.ts";
import { expectRefusal } from "../../refusal.ts";

const decodeHex = (hex: string, options = {}) =>
  decodeCbor(fromHex(`0x${hex.replaceAll(" ", "")}`), options);

// cborg writes -0 as 0, so none is made here
const numbers = fc
  .oneof(
    fc.maxSafeInteger(),
    fc.integer({ min: -300, max: 70_000 }),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.float({ noDefaultInfinity: true, noNaN: true }),
  )
  .map((number) => (number === 0 ? 0 : number));
const texts = fc.string({ unit: "grapheme", maxLength: 30 });
const leaves = fc.oneof(numbers, texts, fc.boolean(), fc.uint8Array({ maxLength: 300 }));
const keys = fc.oneof(fc.integer({ min: -30, max: 30 }), texts);
const values: fc.Arbitrary<CborValue> = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaves,
    fc.array(tie("value"), { maxLength: 5 }),
    fc
      .uniqueArray(fc.tuple(keys, tie("value")), { selector: ([key]) => key, maxLength: 5 })
      .map((entries) => new Map(entries)),
  ),
})).value;

describe("CBOR", () => {
  it("comes back as it was, through our code and through cborg", () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encodeCbor(value);
        expect(decodeCbor(bytes, { fractions: true })).to.deep.equal(value);
        expect(decode(bytes, { useMaps: true, strict: true })).to.deep.equal(value);
      }),
    );
  });

  it("is read as cborg writes it", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decodeCbor(new Uint8Array(encode(value)), { fractions: true })).to.deep.equal(value);
      }),
    );
  });

  it("is never read in a way that cborg would not", () => {
    fc.assert(
      fc.property(values, fc.nat(), fc.nat(7), (value, at, bit) => {
        const bytes = encodeCbor(value).slice();
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
        let read: CborValue;
        try {
          read = decodeCbor(bytes, { fractions: true });
        } catch {
          return;
        }
        expect(decode(bytes, { useMaps: true, rejectDuplicateMapKeys: true })).to.deep.equal(read);
      }),
      { numRuns: 500 },
    );
  });

  it("has the half, single and double floats of RFC 8949, appendix A", () => {
    const examples = {
      f90000: 0,
      f93c00: 1,
      f93e00: 1.5,
      f97bff: 65_504,
      fa47c35000: 100_000,
      f90001: 5.960464477539063e-8,
      f90400: 0.00006103515625,
      f9c400: -4,
      fbc010666666666666: -4.1,
    };
    for (const [hex, number] of Object.entries(examples))
      expect(decodeHex(hex, { fractions: true })).to.equal(number);
  });

  it("has decimal fractions only where they are asked for", () => {
    expect(decodeHex("c48221196ab3", { fractions: true })).to.equal(273.15);
    expectRefusal("BAD_ENCODING", () => decodeHex("c48221196ab3"));
    for (const hex of ["c4820101 00", "c48101", "c482216161", "c482fb3ff000000000000001", "c50101"])
      expectRefusal("BAD_ENCODING", () => decodeHex(hex, { fractions: true }));
    expectRefusal("BAD_ENCODING", () => decodeHex("c4821a000fffff01", { fractions: true }));
  });

  it("is written as short as can be", () => {
    const heads = { 23: "17", 24: "1818", 256: "190100", 65_536: "1a00010000" };
    for (const [number, hex] of Object.entries(heads))
      expect(toHex(encodeCbor(Number(number)))).to.equal(`0x${hex}`);
    expect(toHex(encodeCbor(2 ** 53 - 1))).to.equal("0x1b001fffffffffffff");
    expect(toHex(encodeCbor(0.5))).to.equal("0xfa3f000000");
  });

  const damages: Readonly<Record<string, string>> = {
    nothing: "",
    "trailing bytes": "01 00",
    "two values": "01 01",
    "a cut head": "19 01",
    "a cut text": "63 61 62",
    "a cut array": "82 01",
    "a cut map": "a1 01",
    "an indefinite array": "9f 01 ff",
    "an indefinite map": "bf 01 02 ff",
    "an indefinite byte string": "5f 41 01 ff",
    "an indefinite text": "7f 61 61 ff",
    "a stray break": "ff",
    "a reserved length": "1c",
    "a head that could be shorter": "18 17",
    "a length that could be shorter": "78 01 61",
    "a 64-bit head that could be shorter": "1b 00000000ffffffff",
    "a duplicate key": "a2 01 02 01 03",
    "a duplicate text key": "a2 6161 02 6161 03",
    "a key that is an array": "a1 80 01",
    "a key that is a byte string": "a1 4101 01",
    "a key that is a float": "a1 f93c00 01",
    null: "f6",
    undefined: "f7",
    "a simple value": "e0",
    "a two-byte simple value": "f8 ff",
    "a float": "f9 3c00",
    "an integer beyond 2^53": "1b 0020000000000000",
    "a negative integer beyond 2^53": "3b 001fffffffffffff",
    "a tag": "c0 61 61",
    "text that is not UTF-8": "61 ff",
    "text with half of a surrogate pair": "63 eda080",
    "an array longer than its bytes": "9a ffffffff 01",
    "a map longer than its bytes": "ba ffffffff 01 01",
    "a byte string longer than memory": "5b 001fffffffffffff",
  };
  for (const [damage, hex] of Object.entries(damages))
    it(`is refused with ${damage}`, () => {
      expectRefusal("BAD_ENCODING", () => decodeHex(hex));
    });

  it("is refused with numbers that are none, even where fractions are", () => {
    for (const hex of ["f97e00", "f97c00", "fa7f800000", "fbfff0000000000000"])
      expectRefusal("BAD_ENCODING", () => decodeHex(hex, { fractions: true }));
  });

  it("is refused when it is a well of arrays", () => {
    expectRefusal("TOO_LARGE", () => decodeCbor(new Uint8Array(60_000).fill(0x81)));
  });
});
