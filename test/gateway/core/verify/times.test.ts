import { expect } from "chai";

import type { Recorded } from "../../../../gateway/core/bundle.ts";
import { idOf } from "../../../../gateway/core/recording.ts";
import { verifyTrail } from "../../../../gateway/core/verify.ts";
import * as cashew from "../cashew.ts";
import { at, bags, cashewWorld, foundWorld, kernels, PLACES, rawA } from "../cashew.ts";
import { HOUR } from "../trails.ts";
import { digest, expectRed, expectSaid, judgeWorld } from "./judged.ts";

const { farmA, works, FACTORY, FIELD, PLOT_A, GI } = cashew;
const DAY = 24; // hours

const harvest = { kind: "harvest", ...rawA, mass: 1_000_000, plot: PLOT_A, place: FIELD } as const;
const intake = { kind: "intake", ...rawA, mass: 1_000_000, area: "VN-58", place: FACTORY } as const;
const shelling = {
  kind: "process",
  inputs: [{ lot: rawA.lot, mass: 1_000_000 }],
  outputs: [{ ...kernels, mass: 250_000 }],
  place: FACTORY,
} as const;

const remarkOn = (recorded: Recorded) =>
  ({
    question: "plausible",
    code: "CLOCK",
    subject: digest(recorded),
    outcome: "remark",
  }) as const;

describe("The dates that signers write", () => {
  it("are remarked on where the chain learnt of an act days later", async () => {
    const world = foundWorld();
    const late = world.record(farmA, harvest, at(1), farmA, at(1 + 4 * DAY));
    const report = await judgeWorld(world, rawA.lot);
    expectSaid(report, remarkOn(late));
  });

  it("may lie some days back, for whoever had no signal", async () => {
    const world = foundWorld();
    world.record(farmA, harvest, at(1), farmA, at(1 + 2 * DAY));
    expect((await judgeWorld(world, rawA.lot)).outcome).to.equal("holds");
  });

  it("are remarked on where a processing is put before its harvest", async () => {
    const world = foundWorld();
    world.record(works, intake, at(10 * DAY));
    const lie = world.record(works, shelling, at(8 * DAY), works, at(10 * DAY + 1));
    const report = await judgeWorld(world, kernels.lot);
    expectSaid(report, remarkOn(lie));
  });

  it("are remarked on where a harvest is put before its growing-area code", async () => {
    const world = foundWorld();
    const lie = world.record(farmA, harvest, at(-2 * DAY), farmA, at(1));
    expectSaid(await judgeWorld(world, rawA.lot), remarkOn(lie));
  });

  it("turn nobody's trail red, whoever writes them", async () => {
    const world = foundWorld();
    world.record(farmA, harvest, at(10 * DAY));
    const note = { kind: "note", lot: rawA.lot, step: "inspecting", place: FIELD } as const;
    const slur = world.record(cashew.certifier, note, at(0), cashew.certifier, at(11 * DAY));
    const report = await judgeWorld(world, rawA.lot);
    expectSaid(report, remarkOn(slur));
    expectRed(report);
  });
});

describe("A reader's own clock", () => {
  const judgedAt = async (hoursLater: number) => {
    const world = await cashewWorld();
    const trust = world.trustOf(bags.lot, PLACES);
    const now = trust.state.block.time + hoursLater * HOUR;
    return verifyTrail(await world.bundleOf(bags.lot), { ...trust, now });
  };

  it("believes a chain that goes on", async () => {
    expect((await judgedAt(11)).outcome).to.equal("holds");
  });

  it("leaves open what is current where the newest block is old: somebody may keep the rest back", async () => {
    const report = await judgedAt(13);
    expectSaid(report, { question: "current", code: "UNAVAILABLE", outcome: "unchecked" });
    expect(report.questions.anchored).to.equal("holds");
  });

  it("ends a certificate though the chain's newest block is from before", async () => {
    const report = await judgedAt(3 * 365 * DAY);
    expectSaid(report, { question: "current", code: "NOT_CURRENT", subject: idOf(GI) });
  });
});

describe("A right to an origin", () => {
  it("is none where it names no area", async () => {
    const world = foundWorld();
    const right = { scheme: "gi", uri: GI, area: null, quota: 500_000 } as const;
    world.grant(cashew.certifier, works, right);
    world.record(works, { ...intake, area: "KH" }, at(3));
    const spent = { kind: "certify", lot: rawA.lot, mass: 500_000, certificate: GI } as const;
    world.record(works, { ...spent, place: FACTORY }, at(4));
    const report = await judgeWorld(world, rawA.lot);
    expectSaid(report, { question: "current", code: "RULE_BROKEN", subject: idOf(GI) });
    expect(report.questions.authentic).to.equal("fails"); // no honest document says such a thing
  });
});
