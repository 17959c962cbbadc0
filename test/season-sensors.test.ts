import { expect } from "chai";

import { fromBase64Url } from "../gateway/core/bytes.ts";
import { parsePack } from "../gateway/core/envelope.ts";
import { verifyTrail } from "../gateway/core/verify.ts";
import type { Report } from "../gateway/core/verify/report.ts";
import { DEVICES, LOTS } from "../scripts/season/cast.ts";
import { anchored } from "../scripts/season/doors.ts";
import { turnedDown } from "./lies.ts";
import { playedSeason, type Season } from "./season.ts";

describe("The sensors of a season", function () {
  this.timeout(180_000);
  let season: Season;
  before(async () => {
    season = await playedSeason();
  });
  after(() => season.gateway.end());

  async function judged({ lot } = LOTS.bags): Promise<Report> {
    const bundle = await season.bundleOf(lot);
    return verifyTrail(bundle, await season.trustOf(bundle, bundle.lot));
  }

  it("are shown with the anchors by which the chain had what they said", async () => {
    const bundle = await season.bundleOf(LOTS.bags.lot);
    const { state } = await season.trustOf(bundle, bundle.lot);
    expect(Object.keys(state.anchoredAt)).to.include.members(bundle.anchors.map(String));
    const last = Math.max(...bundle.packs.map(({ index }) => index));
    expect(Math.max(...bundle.anchors)).to.be.above(last);
    expect(bundle.anchors.length).to.be.below(bundle.packs.length / 2);
  });

  it("reached the chain in time, every pack of every lot", async () => {
    for (const each of Object.values(LOTS)) {
      const reasons = (await judged(each)).checks.map(({ reason = "" }) => reason);
      const late = reasons.filter((reason) => reason.includes("reached the log"));
      expect(late, each.lot).to.deep.equal([]);
    }
  });

  it("are caught by every reader where one says two things under one number", async () => {
    const { packs, checkpoint } = await season.bundleOf(LOTS.bags.lot);
    const store = packs
      .map(({ envelope }) => parsePack(fromBase64Url(envelope)))
      .findLast(({ keyId }) => keyId === DEVICES.store.keyId);
    const told = { epoch: 0, time: store?.records[0]?.time ?? 0 };
    expect(await turnedDown(season, DEVICES.store, told)).to.equal("EQUIVOCATION");
    await anchored(season.doors, Number(checkpoint?.split("\n")[1]));
    const check = (await judged()).checks.find(({ code }) => code === "EQUIVOCATION");
    expect(check).to.include({ outcome: "fails", subject: DEVICES.store.keyId });
    expect(check?.record).to.include("pack 0/0");
  });
});
