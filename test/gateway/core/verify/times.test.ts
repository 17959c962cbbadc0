import { expect } from "chai";

import type { Recorded } from "../../../../gateway/core/bundle.ts";
import { idOf } from "../../../../gateway/core/recording.ts";
import { verifyTrail } from "../../../../gateway/core/verify.ts";
import * as cashew from "../cashew.ts";
import { at, bags, cashewWorld, foundWorld, kernels, PLACES, rawA } from "../cashew.ts";
import { HOUR } from "../trails.ts";
import {
  digest,
  expectRed,
  expectSaid,
  judge,
  judgeWorld,
  replaced,
  statementOf,
} from "./judged.ts";

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

describe("A certificate by a key that was ended for the past", () => {
  /** The key is stolen in hour 10, grants a right in hour 30, and is ended as of hour 10; the bundle dates the grant back. */
  async function told(certified: number, stolen = true) {
    const world = foundWorld();
    const first = world.record(farmA, harvest, at(1));
    cashew.pass(world, [farmA, works], harvest, { from: FIELD, to: FACTORY, hour: 2 });
    cashew.grantGi(world, 1_000_000);
    const right = { kind: "certify", lot: rawA.lot, mass: 1_000_000, certificate: GI } as const;
    world.record(works, { ...right, place: FACTORY }, at(certified));
    if (stolen) world.revokeKey(cashew.province, cashew.certifier, at(10));
    const bundle = await world.bundleOf(rawA.lot);
    const grant = statementOf(bundle, "Grant", ({ statement }) => {
      return statement.key === cashew.certifier.keyId;
    });
    const lie = replaced(bundle, grant, { ...grant, time: first.time } as Recorded);
    return { grant, report: await judge(lie, world.trustOf(rawA.lot, PLACES)) };
  }

  it("is remarked on where nothing proves that the grant was there before, whatever its date", async () => {
    const { grant, report } = await told(31);
    const subject = digest(grant);
    expectSaid(report, { question: "authentic", code: "CLOCK", subject, outcome: "remark" });
  });

  it("is no matter where it was spent before, or its key runs to its end", async () => {
    for (const { report } of [await told(5), await told(31, false)])
      expect(report.outcome).to.equal("holds");
  });
});
