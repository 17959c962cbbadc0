import { expect } from "chai";
import { assert, integer, property } from "fast-check";

import { checkDigitOf } from "../../../../gateway/core/check-digit.ts";
import { scanned } from "../../../../gateway/http/pages/gs1-path.ts";

describe("scanned", () => {
  it("pads short product codes, so that a lot has one address", () => {
    assert(
      property(integer({ min: 0, max: 9_999_999 }), (number) => {
        const digits = String(number).padStart(7, "0");
        const gtin = digits + checkDigitOf(digits);
        const path = `/01/000000${gtin}/10/A-1`;
        expect(scanned(gtin, "A-1")).to.deep.equal({ path, canonical: false });
        expect(scanned(`000000${gtin}`, "A-1")).to.deep.equal({ path, canonical: true });
      }),
    );
  });

  for (const [damage, gtin, lot, values] of [
    ["a wrong check digit", "9520000003013", "A", { found: "9520000003013", wanted: "2" }],
    ["letters", "952000000301X", "A", { found: "952000000301X" }],
    ["eleven digits", "95200000301", "A", { found: "95200000301" }],
    ["a lot number with a slash", "9520000003012", "a/b", { found: "a/b" }],
    ["a lot number of 21 characters", "9520000003012", "A".repeat(21), { found: "A".repeat(21) }],
    ["no lot number", "9520000003012", "", { found: "" }],
  ] as const)
    it(`says what is wrong with ${damage}`, () => {
      expect(scanned(gtin, lot)).to.have.deep.property("values", values);
    });
});
