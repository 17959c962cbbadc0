import { expect } from "chai";

import { sizesIn, VERIFIER } from "../../../scripts/bench/verify-browser.ts";

describe("The page's verifier, as it was built", () => {
  it("is 20 kB of gzip with all that a lot without sensors needs", () => {
    const { page } = sizesIn(VERIFIER);
    expect(page).to.be.above(0);
    expect(page).to.be.below(20_000);
  });
});
