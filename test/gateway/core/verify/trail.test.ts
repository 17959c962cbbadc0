import { expect } from "chai";

import { idOf } from "../../../../gateway/core/recording.ts";
import { bags, cashewWorld, PLACES, rawA } from "../cashew.ts";
import { judge, judgeWorld } from "./judged.ts";

describe("A trail that is told truly", () => {
  it("holds on all five questions, and is of one origin", async () => {
    const report = await judgeWorld(await cashewWorld(), bags.lot);
    expect(report.checks.filter(({ outcome }) => outcome !== "holds")).to.deep.equal([]);
    expect(report.outcome).to.equal("holds");
    expect(report.origin).to.deep.equal([{ area: "VN-58", grown: true, share: 1 }]);
  });

  it("tells no origin and no claim where the chain was not asked about a lot that it was made of", async () => {
    const world = await cashewWorld();
    const trust = world.trustOf(bags.lot, PLACES);
    const { [idOf(rawA.lot)]: _, ...lots } = trust.state.lots;
    const saved = { ...trust, state: { ...trust.state, lots } };
    const report = await judge(await world.bundleOf(bags.lot), saved);
    expect(report.outcome).to.equal("unchecked");
    expect([...report.origin, ...report.claims]).to.deep.equal([]);
  });
});
