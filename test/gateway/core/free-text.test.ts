import { expect } from "chai";

import { languageOfText } from "../../../gateway/core/free-text.ts";

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
