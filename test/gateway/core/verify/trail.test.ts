import { expect } from "chai";

import { parseJson } from "../../../../gateway/core/canonical.ts";
import { verifyTrail } from "../../../../gateway/core/verify.ts";
import { bags, cashewWorld, PLACES } from "../cashew.ts";

describe("A trail that is told truly", () => {
  it("holds on all five questions, and is of one origin", async () => {
    const world = await cashewWorld();
    const bundle = parseJson(JSON.stringify(await world.bundleOf(bags.lot)));
    const report = await verifyTrail(bundle, world.trustOf(bags.lot, PLACES));
    expect(report.checks.filter(({ outcome }) => outcome !== "holds")).to.deep.equal([]);
    expect(report.outcome).to.equal("holds");
    expect(report.origin).to.deep.equal([{ area: "VN-58", grown: true, share: 1 }]);
  });
});
