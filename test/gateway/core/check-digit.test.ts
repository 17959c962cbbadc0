import { expect } from "chai";
import * as fc from "fast-check";

import {
  checkDigitOf,
  requireCheckDigit,
  requireCheckPair,
  requireCompanyPrefix,
} from "../../../gateway/core/check-digit.ts";
import { expectRefusal } from "../../refusal.ts";

const digits = fc.stringMatching(/^[0-9]{1,17}$/);

describe("a GS1 check digit", () => {
  it("is accepted behind its own digits, and no other one is", () => {
    fc.assert(
      fc.property(digits, fc.integer({ min: 1, max: 9 }), (text, change) => {
        const digit = Number(checkDigitOf(text));
        requireCheckDigit(`${text}${digit}`);
        expectRefusal("BAD_IDENTIFIER", () => requireCheckDigit(`${text}${(digit + change) % 10}`));
      }),
    );
  });

  it("notices any single changed digit", () => {
    fc.assert(
      fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (text, place, change) => {
        const key = text + checkDigitOf(text);
        const at = place % key.length;
        const changed = String((Number(key[at]) + change) % 10);
        expectRefusal("BAD_IDENTIFIER", () =>
          requireCheckDigit(key.slice(0, at) + changed + key.slice(at + 1)),
        );
      }),
    );
  });

  it("is 8 for the demonstration GTIN 0952012345678", () => {
    expect(checkDigitOf("0952012345678")).to.equal("8");
  });

  for (const key of ["", " 23", "12a", "4006381333931\n", "٤٠٠٦"])
    it(`refuses ${JSON.stringify(key)}`, () =>
      expectRefusal("BAD_IDENTIFIER", () => requireCheckDigit(key)));
});

describe("a GS1 check pair", () => {
  it("is 2K for the example of the General Specifications", () => {
    requireCheckPair("1987654Ad4X4bL5ttr2310c2K");
    expectRefusal("BAD_IDENTIFIER", () => requireCheckPair("1987654Ad4X4bL5ttr2310cK2"));
  });

  for (const key of ["", "2", "33", " 22", "22 ", "é22", "0".repeat(98).concat("22")])
    it(`refuses ${JSON.stringify(key)}`, () =>
      expectRefusal("BAD_IDENTIFIER", () => requireCheckPair(key)));
});

describe("a GS1 company prefix", () => {
  it("is four digits at least", () => {
    requireCompanyPrefix("9520");
    requireCompanyPrefix("9520A");
    for (const key of ["", "952", "952A1", "A9520"])
      expectRefusal("BAD_IDENTIFIER", () => requireCompanyPrefix(key));
  });
});
