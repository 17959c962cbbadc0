import { expect } from "chai";
import * as fc from "fast-check";

import { canonicalUri } from "../../../gateway/core/canonical-uri.ts";
import { checkDigitOf } from "../../../gateway/core/check-digit.ts";
import { describeVectors, readVectors } from "../../vectors.ts";

const ID = "https://id.gs1.org";

describe("canonicalUri", () => {
  describeVectors("as other people's vectors have it", (folder) => {
    type Table = { vectors: readonly { in: string; out: string | null }[] };
    for (const row of readVectors<Table>(folder, "event-hash/identifiers.json").vectors)
      it(`makes ${row.out ?? "nothing"} of ${row.in}`, () => {
        expect(canonicalUri(row.in) ?? null).to.equal(row.out);
      });
  });

  it("finds the same GTIN however long the company prefix is", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9]{13}$/),
        fc.integer({ min: 6, max: 12 }),
        fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/),
        (digits, length, lot) => {
          const [prefix, item] = [digits.slice(0, length), digits.slice(length)];
          const gtin = item.charAt(0) + prefix + item.slice(1);
          expect(canonicalUri(`urn:epc:class:lgtin:${prefix}.${item}.${lot}`)).to.equal(
            `${ID}/01/${gtin}${checkDigitOf(gtin)}/10/${lot}`,
          );
        },
      ),
    );
  });

  it("leaves what it made as it is", () => {
    for (const uri of [
      `${ID}/01/09520123456788/10/A-1`,
      `${ID}/414/9520123456788/254/0`,
      `${ID}/8010/9520123A-1/8011/7`,
      `${ID}/253/9520123456788X%2F1`,
    ])
      expect(canonicalUri(uri)).to.equal(uri);
  });

  for (const [uri, canonical] of [
    ["urn:epc:id:sgln:952012345678..0", `${ID}/414/9520123456788`],
    ["urn:epc:id:sgln:952012345678..A", `${ID}/414/9520123456788/254/A`],
    ["urn:epc:id:sscc:9520123.1234567890", `${ID}/00/195201232345678907`],
    ["urn:epc:id:giai:9520123.A.1", `${ID}/8004/9520123A.1`],
    ["urn:epc:id:ginc:9520123.B:2", `${ID}/401/9520123B%3A2`],
    ["urn:epc:id:itip:952012.3456789.01.02.S", `${ID}/8006/395201245678970102/21/S`],
    ["urn:epc:id:giai:9520123.%22%2f%3E%5F%7A", `${ID}/8004/9520123%22%2f%3E%5F%7A`],
    ["https://example.com/a/01/09520123456788/10/A/?17=271231#b", `${ID}/01/09520123456788/10/A`],
    ["https://example.com/01/09520123456788/235/T", `${ID}/01/09520123456788/235/T`],
    ["https://example.com/gln/9520123456788/254/X", `${ID}/414/9520123456788/254/X`],
  ] as const)
    it(`makes ${canonical} of ${uri}`, () => expect(canonicalUri(uri)).to.equal(canonical));

  for (const [damage, uri] of [
    ["a prefix of 5 digits", "urn:epc:id:sgtin:95201.23456789.1"],
    ["a prefix of 13 digits", "urn:epc:id:sgln:9520123456788.."],
    ["a digit too many", "urn:epc:id:sgtin:9520123.0123456.1"],
    ["no serial", "urn:epc:id:sgtin:9520123.012345"],
    ["a serial of 21 characters", `urn:epc:id:sgtin:9520123.012345.${"1".repeat(21)}`],
    ["a character of no set", "urn:epc:id:sgtin:9520123.012345.ü"],
    ["an escaped space", "urn:epc:id:sgtin:9520123.012345.A%20B"],
    ["an escaped character of no set", "urn:epc:class:lgtin:9520123.012345.A%5EB"],
    ["an escaped space in a link", `${ID}/01/09520123456788/10/A%20B`],
    ["an escaped byte of UTF-8 in a link", `${ID}/01/09520123456788/21/%C3%A0`],
    ["a star in a pure identity", "urn:epc:id:cpi:9520123.A.*"],
    ["another scheme", "urn:epc:id:bic:CSQU305438.3"],
    ["a scheme that objects inherit", "urn:epc:constructor:name:9520123.012345"],
    ["a GTIN of 11 digits", "https://example.com/01/95201234567"],
    ["a qualifier that is none of its key", `${ID}/414/9520123456788/10/A`],
    ["a qualifier without a value", `${ID}/01/09520123456788/10`],
    ["no dot", "http://localhost/01/09520123456788"],
    ["another URI", "geo:10.75,106.67"],
  ] as const)
    it(`leaves alone what has ${damage}`, () => expect(canonicalUri(uri)).to.equal(undefined));
});
