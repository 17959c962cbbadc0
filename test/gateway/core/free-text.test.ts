import { expect } from "chai";

import { languageOfText, straight } from "../../../gateway/core/free-text.ts";

describe("languageOfText", () => {
  for (const text of [
    "phơi xong, chuyển vào kho",
    "độ ẩm đạt",
    "hàng ướt".normalize("NFD"),
    "Kho lạnh",
  ])
    it(`takes "${text}" for Vietnamese`, () => expect(languageOfText(text)).to.equal("vi"));

  for (const text of ["sealed for export", "399 x 500 g", "café, à la carte, Ñandú", ""])
    it(`does not claim to know the language of "${text}"`, () =>
      expect(languageOfText(text)).to.equal(""));
});

describe("straight", () => {
  it("shows what would turn a text's direction, and leaves every letter as it is", () => {
    const turning = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";
    expect(straight(`Kho ${turning}!`)).to.equal(`Kho ${"\ufffd".repeat(turning.length)}!`);
    for (const text of ["Hạt điều 100 %", "ស្វាយ\u200bចន្ទី", "مزرعة", "👩\u200d🌾"])
      expect(straight(text)).to.equal(text);
  });
});
