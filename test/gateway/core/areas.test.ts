import { expect } from "chai";

import { areaName } from "../../../gateway/core/areas.ts";

describe("areaName", () => {
  for (const [code, vi, en] of [
    ["VN-58", "Bình Phước (cũ), nay thuộc Đồng Nai", "Bình Phước (former province, now Đồng Nai)"],
    ["VN-39", "Đồng Nai", "Đồng Nai"],
    ["KH", "Campuchia", "Cambodia"],
    ["CI", "Côte d’Ivoire", "Côte d’Ivoire"],
  ] as const)
    it(`says ${code} as people do`, () => {
      expect(areaName(code)).to.deep.equal({ vi, en });
    });

  it("leaves a code alone that it does not know", () => {
    expect(areaName("VN-99")).to.deep.equal({ vi: "VN-99", en: "VN-99" });
    expect(areaName("?")).to.deep.equal({ vi: "?", en: "?" });
  });
});
