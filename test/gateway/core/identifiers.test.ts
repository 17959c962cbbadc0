import { expect } from "chai";
import * as fc from "fast-check";

import { checkDigitOf } from "../../../gateway/core/check-digit.ts";
import {
  lotPath,
  lotUri,
  parseLotPath,
  parseLotUri,
  partyUri,
  placeUri,
} from "../../../gateway/core/identifiers.ts";
import { expectRefusal } from "../../refusal.ts";

const GTIN = "09520123456788";
const GLN = "9520123456788";

const gtins = fc.stringMatching(/^[0-9]{13}$/).map((digits) => digits + checkDigitOf(digits));
const lots = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,19}$/);

describe("the URI of a lot", () => {
  it("gives back its GTIN and its lot number", () => {
    fc.assert(
      fc.property(gtins, lots, (gtin, lot) => {
        expect(parseLotUri(lotUri(gtin, lot))).to.deep.equal({ gtin, lot });
        expect(parseLotPath(lotPath(gtin, lot))).to.deep.equal({ gtin, lot });
      }),
    );
  });

  it("is the canonical Digital Link", () => {
    expect(lotUri(GTIN, "BP-2026.07_a")).to.equal(
      "https://id.gs1.org/01/09520123456788/10/BP-2026.07_a",
    );
  });

  for (const [damage, uri] of [
    ["another host", `https://example.com/01/${GTIN}/10/A1`],
    ["a scheme without protection", `http://id.gs1.org/01/${GTIN}/10/A1`],
    ["a host in capitals", `https://ID.GS1.ORG/01/${GTIN}/10/A1`],
    ["a host that only begins alike", `https://id.gs1.org.example.com/01/${GTIN}/10/A1`],
    ["a serial number behind it", `https://id.gs1.org/01/${GTIN}/10/A1/21/1`],
    ["a query", `https://id.gs1.org/01/${GTIN}/10/A1?17=271231`],
    ["a fragment", `https://id.gs1.org/01/${GTIN}/10/A1#a`],
    ["a slash at the end", `https://id.gs1.org/01/${GTIN}/10/A1/`],
    ["a line break at the end", `https://id.gs1.org/01/${GTIN}/10/A1\n`],
    ["a percent sign", `https://id.gs1.org/01/${GTIN}/10/A%31`],
    ["a GTIN-13", `https://id.gs1.org/01/${GTIN.slice(1)}/10/A1`],
    ["a wrong check digit", "https://id.gs1.org/01/09520123456780/10/A1"],
    ["no lot", `https://id.gs1.org/01/${GTIN}/10/`],
    ["a lot of 21 characters", `https://id.gs1.org/01/${GTIN}/10/${"A".repeat(21)}`],
    ["a lot that is a step up", `https://id.gs1.org/01/${GTIN}/10/..`],
    ["a lot with letters beyond ASCII", `https://id.gs1.org/01/${GTIN}/10/Đ1`],
    ["no key at all", "https://id.gs1.org/"],
  ] as const)
    it(`refuses ${damage}`, () => expectRefusal("BAD_IDENTIFIER", () => parseLotUri(uri)));
});

describe("the URI of a place or a party", () => {
  it("is its GLN under 414 or 417", () => {
    expect(placeUri(GLN)).to.equal(`https://id.gs1.org/414/${GLN}`);
    expect(partyUri(GLN)).to.equal(`https://id.gs1.org/417/${GLN}`);
  });

  for (const gln of ["", "952012345678", "9520123456780", "95201234567888", "952012345678x"])
    it(`refuses "${gln}"`, () => {
      expectRefusal("BAD_IDENTIFIER", () => placeUri(gln));
      expectRefusal("BAD_IDENTIFIER", () => partyUri(gln));
    });
});
