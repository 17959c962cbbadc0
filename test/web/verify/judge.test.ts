import { expect } from "chai";

import { judgeOffline } from "../../../web/src/verify/judge.ts";
import { expectRejection } from "../../refusal.ts";
import { bags, cashewWorld, PLACES } from "../../gateway/core/cashew.ts";

describe("A browser", () => {
  it("judges a bundle of as many characters as the command does", async () => {
    const world = await cashewWorld();
    const text = JSON.stringify(await world.bundleOf(bags.lot));
    const { state, log } = world.trustOf(bags.lot, PLACES);
    const pinned = { lot: bags.lot, log, deployment: state.deployment };
    const judged = (bundle: string) => judgeOffline(bundle, JSON.stringify(state), pinned);
    const long = await judged(text + " ".repeat(2 ** 24));
    expect(long).to.deep.equal(await judged(text));
    expect(long.outcome).to.equal("holds");
  });

  it("judges by no saved state of other contracts than its file names, though the records are theirs", async () => {
    const world = await cashewWorld();
    const bundle = JSON.stringify(await world.bundleOf(bags.lot));
    const { state, log } = world.trustOf(bags.lot, PLACES);
    for (const other of [{ chainId: 1 }, { lots: `0x${"ab".repeat(20)}` }]) {
      const pinned = { lot: bags.lot, log, deployment: { ...state.deployment, ...other } };
      await expectRejection("OTHER_CHAIN", judgeOffline(bundle, JSON.stringify(state), pinned));
    }
  });
});
