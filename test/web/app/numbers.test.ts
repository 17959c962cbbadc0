import { expect } from "chai";
import { assert, constantFrom, integer, property } from "fast-check";

import type { Language } from "../../../web/src/app/language.ts";
import {
  formatMass,
  formatShare,
  kilogramsText,
  massInWords,
  parseKilograms,
} from "../../../web/src/app/numbers.ts";

const READ: readonly (readonly [string, Language, number | undefined])[] = [
  ["1.250", "vi", 1_250_000],
  ["1250", "vi", 1_250_000],
  ["1,25", "vi", 1_250],
  ["1.250,5", "vi", 1_250_500],
  ["1.234.567", "vi", 1_234_567_000],
  ["1,250,000", "vi", 1_250_000_000],
  ["12.5", "vi", 12_500],
  ["0.250", "vi", 250],
  ["0,001", "vi", 1],
  [" 1 250 kg", "vi", 1_250_000],
  ["1 250 000", "en", 1_250_000_000],
  ["1,5 tấn", "vi", 1_500_000],
  ["3 tạ", "vi", 300_000],
  ["1,2345 tấn", "vi", 1_234_500],
  ["1,250", "en", 1_250_000],
  ["1.25", "en", 1_250],
  ["1,250.5", "en", 1_250_500],
  ["", "vi", undefined],
  ["0", "vi", undefined],
  ["-5", "vi", undefined],
  ["1,2,3", "vi", undefined],
  ["1.25.0", "vi", undefined],
  ["1.250,", "vi", undefined],
  ["1,0001", "vi", undefined],
  ["12 bao", "vi", undefined],
  ["12 0", "vi", undefined],
  ["1 25", "vi", undefined],
  ["1e3", "vi", undefined],
  ["99999999999", "vi", undefined],
];

const SPOKEN: readonly (readonly [number, string, string])[] = [
  [
    1_250_000,
    "một nghìn hai trăm năm mươi ki-lô-gam",
    "one thousand two hundred and fifty kilograms",
  ],
  [1_250, "một phẩy hai năm ki-lô-gam", "one point two five kilograms"],
  [15_000, "mười lăm ki-lô-gam", "fifteen kilograms"],
  [21_000, "hai mươi mốt ki-lô-gam", "twenty-one kilograms"],
  [105_000, "một trăm lẻ năm ki-lô-gam", "one hundred and five kilograms"],
  [1_005_000, "một nghìn không trăm lẻ năm ki-lô-gam", "one thousand and five kilograms"],
  [20_000_000, "hai mươi nghìn ki-lô-gam", "twenty thousand kilograms"],
  [
    2_000_034_050,
    "hai triệu không trăm ba mươi tư phẩy không năm ki-lô-gam",
    "two million and thirty-four point zero five kilograms",
  ],
  [500, "không phẩy năm ki-lô-gam", "zero point five kilograms"],
];

describe("a mass that a person types", () => {
  for (const [text, language, grams] of READ)
    it(`reads "${text}" by ${language} rules as ${grams ?? "nothing"}`, () => {
      expect(parseKilograms(text, language)).to.equal(grams);
    });

  it("is read back from what is shown and from what is put in again", () => {
    assert(
      property(
        integer({ min: 1, max: 1e10 }),
        constantFrom<Language>("vi", "en"),
        (grams, language) => {
          const shown = formatMass(grams, language);
          expect(parseKilograms(shown, language)).to.equal(grams);
          expect(parseKilograms(kilogramsText(grams, language), language)).to.equal(grams);
        },
      ),
    );
  });

  for (const [grams, vi, en] of SPOKEN)
    it(`says ${grams} g in words`, () => {
      expect(massInWords(grams, "vi")).to.equal(vi);
      expect(massInWords(grams, "en")).to.equal(en);
    });

  it("shows a share with the marks of the language", () => {
    expect(formatShare(0.064, "vi")).to.equal("6,4 %");
    expect(formatShare(0.064, "en")).to.equal("6.4 %");
  });
});
