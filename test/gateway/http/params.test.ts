import { expect } from "chai";

import { timeParam } from "../../../gateway/http/params.ts";
import { expectRefusal } from "../../refusal.ts";

describe("A time in a query", () => {
  it("is in milliseconds, or a date-time with its offset, or absent", () => {
    expect(timeParam("1770775200000", 1)).to.equal(1_770_775_200_000);
    expect(timeParam("2026-02-11T09:00:00+07:00", 1)).to.equal(1_770_775_200_000);
    expect([timeParam(undefined, 1), timeParam("", 2)]).to.deep.equal([1, 2]);
  });

  for (const text of ["soon", "2026-02-30T00:00:00Z", "2026-02-11T24:00:00Z", "9".repeat(20)])
    it(`is not ${text}`, () => expectRefusal("BAD_ENCODING", () => timeParam(text, 1)));
});
