import { expect } from "chai";

import { csvOf } from "../../../gateway/http/csv.ts";

describe("a CSV file", () => {
  it("quotes what needs it, and makes two columns of words", () => {
    const rows = [{ name: { vi: "Kho", en: 'a "store"' }, mass: 5, none: null }, { mass: -1 }];
    expect(csvOf(rows)).to.equal(
      '\ufeffname_vi,name_en,mass,none\r\nKho,"a ""store""",5,\r\n,,-1,\r\n',
    );
  });

  it("never lets a text turn the direction of its line", () => {
    expect(csvOf([{ text: "\u202e%" }])).to.equal("\ufefftext\r\n\ufffd%\r\n");
  });

  it("never lets a text run as a formula", () => {
    for (const text of ["=1+1", "+1", "-1", "@x", "\tx"])
      expect(csvOf([{ text }]).split("\r\n")[1]).to.match(/^"?'/);
  });
});
