import { expect } from "chai";
import * as fc from "fast-check";

import { applicationIdentifier } from "../../../gateway/core/application-identifiers.ts";
import { elementString, parseDigitalLink } from "../../../gateway/core/digital-link.ts";
import { requireElementValue } from "../../../gateway/core/element-value.ts";
import { expectRefusal } from "../../refusal.ts";
import { describeVectors, readVectors } from "../../vectors.ts";

const GTIN = "09520123456788";
const LINK = `https://id.gs1.org/01/${GTIN}`;

const text = fc
  .array(fc.constantFrom(...`!"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz`), {
    minLength: 1,
    maxLength: 20,
  })
  .map((characters) => characters.join(""));

describe("a GS1 Digital Link", () => {
  describeVectors("of GS1's own syntax engine", (folder) => {
    type Row = { uri: string; valid: boolean; elementString?: string; flags?: object };
    const { vectors } = readVectors<{ vectors: Row[] }>(folder, "digital-link/parse.json");
    for (const { uri, valid, elementString: wanted } of vectors.filter((row) => !row.flags))
      it(`${valid ? "is" : "is not"} ${uri}`, () => {
        if (valid) expect(elementString(parseDigitalLink(uri))).to.equal(wanted);
        else expectRefusal("BAD_IDENTIFIER", () => parseDigitalLink(uri));
      });
  });

  it("gives back any lot and any attribute that was percent-encoded into it", () => {
    fc.assert(
      fc.property(text, text, (lot, note) => {
        const [path, query] = [lot, note].map((t) =>
          encodeURIComponent(t).replace(/[!'()*]/g, hex),
        );
        expect(parseDigitalLink(`${LINK}/10/${path}?90=${query}`)).to.deep.equal({
          path: [
            { ai: "01", value: GTIN },
            { ai: "10", value: lot },
          ],
          attributes: [{ ai: "90", value: note }],
        });
      }),
    );
  });

  for (const [damage, uri] of [
    ["another scheme", `ftp://a/01/${GTIN}`],
    ["no host", `https:///01/${GTIN}`],
    ["a user", `https://u@a/01/${GTIN}`],
    ["a wrong check digit", "https://a/01/09520123456780"],
    ["a GTIN-13", "https://a/01/9520123456788"],
    ["a word for the key", `https://a/gtin/${GTIN}`],
    ["qualifiers in the wrong order", `${LINK}/21/S/10/L`],
    ["qualifiers of two orders", `${LINK}/10/L/235/T`],
    ["a qualifier twice", `${LINK}/10/L/10/L`],
    ["a qualifier in the query", `${LINK}?10=L`],
    ["a serial number in the query of another key", "https://a/414/9520123456788?21=S"],
    ["the key again in the query", `${LINK}?01=${GTIN}`],
    ["a number that is none in the query", `${LINK}?89=A`],
    ["an attribute without a value", `${LINK}?17=`],
    ["a day that there is not", `${LINK}?17=270229`],
    ["a country that there is not", `${LINK}?422=000`],
    ["a space in the lot", `${LINK}/10/A%20B`],
    ["a letter beyond ASCII in the lot", `${LINK}/10/%C4%90`],
    ["a lot of 21 characters", `${LINK}/10/${"A".repeat(21)}`],
    ["an empty lot", `${LINK}/10/`],
    ["a NUL", `${LINK}/10/A%00`],
    ["a separator in the lot", `${LINK}/10/A%5EB`],
    ["four kilobytes", `${LINK}/10/A?x=${"a".repeat(4096)}`],
  ] as const)
    it(`is refused with ${damage}`, () =>
      expectRefusal("BAD_IDENTIFIER", () => parseDigitalLink(uri)));
});

describe("the value of an Application Identifier", () => {
  for (const [ai, good, bad] of [
    ["00", "195201232345678907", "195201232345678906"],
    ["17", "280229", "270229"],
    ["11", "270200", "271300"],
    ["253", "9520123456788ABC", "9520123456788é"],
    ["255", "9520123456788123", "9520123456788A"],
    ["3103", "000195", "00195"],
    ["3910", "704100", "001100"],
    ["423", "704116", "704000"],
    ["4300", "A%20B", "A%2"],
    ["4307", "VN", "XX"],
    ["4309", "02790858480000000000", "18000000010000000000"],
    ["4321", "1", "2"],
    ["4324", "2701012359", "2701012400"],
    ["4330", "001234-", "001234+"],
    ["7007", "260301260331", "260301260332"],
    ["7030", "999A", "998A"],
    ["7040", "1ABC", "1AB!"],
    ["7041", "BX", "00"],
    ["7241", "10", "11"],
    ["7250", "20000229", "19000229"],
    ["7251", "200002292359", "200002292360"],
    ["7252", "9", "3"],
    ["7258", "1/3", "3/1"],
    ["8001", "00010000100190", "00000000100190"],
    ["8003", "09520123456788A", "19520123456788A"],
    ["8006", "095201234567880102", "095201234567880201"],
    ["8007", "DE91100000000123456789", "DE91100000000123456788"],
    ["8008", "2603012359", "2603012460"],
    ["8010", "9520123A-1", "9520123a"],
    ["8011", "0", "01"],
    ["8013", "1987654Ad4X4bL5ttr2310c2K", "1987654Ad4X4bL5ttr2310c2X"],
    ["8014", "1987654Ad4X4bL5ttr2310c2K", "12345678"],
    ["8030", "QUJD_-==", "QUJD+"],
  ] as const)
    it(`is ${good} for (${ai}), and not ${bad}`, () => {
      const entry = applicationIdentifier(ai);
      if (entry === undefined) expect.fail(`(${ai}) is missing`);
      requireElementValue(entry, good);
      expectRefusal("BAD_IDENTIFIER", () => requireElementValue(entry, bad));
    });
});

const hex = (character: string): string => `%${character.charCodeAt(0).toString(16)}`;
