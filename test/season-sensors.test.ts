import { expect } from "chai";

import { verifyTrail } from "../gateway/core/verify.ts";
import type { Report } from "../gateway/core/verify/report.ts";
import { DEVICES, LOTS } from "../scripts/season/cast.ts";
import { turnedDown } from "./lies.ts";
import { anchored, playedSeason, type Season } from "./season.ts";

describe("The sensors of a season", function () {
  this.timeout(180_000);
  let season: Season;
  before(async () => {
    season = await playedSeason();
  });
  after(() => season.gateway.end());

  async function judged(): Promise<Report> {
    const bundle = await season.bundleOf(LOTS.bags.lot);
    return verifyTrail(bundle, await season.trustOf(bundle, bundle.lot));
  }

  it("are shown with the anchors by which the chain had what they said", async () => {
    const bundle = await season.bundleOf(LOTS.bags.lot);
    const { state } = await season.trustOf(bundle, bundle.lot);
    expect(Object.keys(state.anchoredAt)).to.include.members(bundle.anchors.map(String));
    const last = Math.max(...bundle.packs.map(({ index }) => index));
    expect(Math.max(...bundle.anchors)).to.be.above(last);
    const late = (await judged()).checks.filter(({ code }) => code === "CLOCK");
    expect(late).to.deep.equal([]);
  });

  it("are caught by every reader where one says two things under one number", async () => {
    expect(await turnedDown(season, DEVICES.store, 0)).to.equal("EQUIVOCATION");
    await anchored(season.doors);
    const [told] = (await judged()).checks.filter(({ code }) => code === "EQUIVOCATION");
    expect(told).to.include({ outcome: "fails", subject: DEVICES.store.keyId });
    expect(told?.record).to.include("pack 0/0");
  });
});
