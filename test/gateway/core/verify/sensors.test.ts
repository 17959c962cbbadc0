import { expect } from "chai";

import type { Recorded } from "../../../../gateway/core/bundle.ts";
import { fromBase64Url, toHex } from "../../../../gateway/core/bytes.ts";
import { parsePack } from "../../../../gateway/core/envelope.ts";
import { sha256 } from "../../../../gateway/core/hash.ts";
import type { Reading } from "../../../../gateway/core/envelope.ts";
import * as cashew from "../cashew.ts";
import {
  at,
  bags,
  cashewWorld,
  cooperative,
  dryer,
  LIMITS,
  measure,
  PLACES,
  rawA,
  YARD,
} from "../cashew.ts";
import { signed } from "../../../../scripts/season/doors.ts";
import { actor, deviceOf, DEPLOYMENT, type Actor, type World } from "../trails.ts";
import { reading, yardWorld } from "../yard.ts";
import { digest, expectSaid, judge, judgeWorld, remarksOf, replaced } from "./judged.ts";

const subject = dryer.keyId;
const outcome = "remark";

describe("What sensors do not say", () => {
  for (const [instead, change] of [
    ["nothing but what probes say without one", (one) => ({ ...one, value: -127 })],
    ["another quantity only", (one) => ({ ...one, name: "humidity", unit: "%RH" })],
    ["the quantity under another name", (one) => ({ ...one, name: "temperature2" })],
    ["text in the place of numbers", (one) => ({ ...one, value: String(one.value) })],
  ] as const satisfies readonly (readonly [string, (one: Reading) => Reading])[])
    it(`is silence about a limit: ${instead}`, async () => {
      const world = yardWorld();
      await measure(world, 4, 32, change);
      const report = await judgeWorld(world, rawA.lot);
      const [none] = expectSaid(report, {
        question: "plausible",
        code: "WITHHELD",
        subject,
        outcome,
      });
      expect(none?.reason).to.equal("no reading of temperature in Cel is shown to judge by");
      const [still] = expectSaid(report, {
        question: "complete",
        code: "WITHHELD",
        subject,
        outcome,
      });
      expect(still?.reason).to.match(/^temperature: .*2026-02-02T05:00Z to 2026-02-03T05:/);
    });

  it("is silence of one limit alone, where the other quantity is measured", async () => {
    const world = yardWorld(false);
    const limits = [...LIMITS, { name: "humidity", unit: "%RH", max: 70 }];
    world.watch(cooperative, dryer, { place: YARD, limits, from: at(0), until: at(2_000) });
    await measure(world, 4, 32);
    const said = await remarksOf(world);
    expect(said).to.include("no reading of humidity in %RH");
    expect(said).to.not.include("temperature");
  });

  it("is heard however seldom the owner promised a reading", async () => {
    const world = yardWorld(false);
    const terms = { place: YARD, limits: LIMITS, from: at(0), until: at(2_000) };
    world.watch(cooperative, dryer, { ...terms, interval: 2 ** 32 - 1 });
    await world.publish(dryer, { seq: 0 }, [reading(5.5), reading(28)]);
    expect(await remarksOf(world)).to.include("a reading every 49710 days only");
  });

  it("is not asked for by a limit without an end, which limits nothing", async () => {
    const world = yardWorld(false);
    const limits = [{ name: "temperature", unit: "Cel" }];
    world.watch(cooperative, dryer, { place: YARD, limits, from: at(0), until: at(2_000) });
    await measure(world, 4, 32, (one) => ({ ...one, name: "humidity", unit: "%RH" }));
    expect((await judgeWorld(world, rawA.lot)).outcome).to.equal("holds");
  });

  it("is remarked on where a pack stands for one that the log refused", async () => {
    const world = yardWorld();
    for (let seq = 0; seq < 60; seq++) {
      const told = reading(4 + seq / 2);
      const refused = { name: "refused", value: "CLOCK", time: told.time };
      await world.publish(dryer, { seq }, seq === 20 ? [refused, told] : [told]);
    }
    const report = await judgeWorld(world, rawA.lot);
    const [told] = expectSaid(report, { question: "complete", code: "CLOCK", subject, outcome });
    expect(told?.record).to.equal(`device ${subject.slice(0, 10)}… pack 0/20`);
    expect(told?.reason).to.include("refused (CLOCK) by 2026-02-02T14:00");
  });

  for (const [what, ahead, wanted] of [
    [
      "is no contradiction where both came to the log, since the device names the other",
      20,
      "remark",
    ],
    ["is one where the device names something else", 19, "fails"],
  ] as const)
    it(what, async () => {
      const world = yardWorld();
      for (let seq = 0; seq < 60; seq++)
        await world.publish(dryer, { seq }, [reading(4 + seq / 2)]);
      const packs = (await world.bundleOf(rawA.lot)).packs.map(({ envelope }) => envelope);
      const { signed } = parsePack(fromBase64Url(packs[ahead] ?? ""));
      const value = `CLOCK ${toHex(sha256(signed))}`;
      const refused = { name: "refused", value, time: at(14) * 1_000 };
      await world.publish(dryer, { seq: 20 }, [refused, reading(14)]);
      const { questions } = await judgeWorld(world, rawA.lot);
      expect(questions.authentic).to.equal(wanted === "fails" ? "fails" : "holds");
      expect(questions.complete).to.equal("remark");
    });
});

describe("What sensors say too early", () => {
  for (const [what, ahead, wanted] of [
    ["is named when the chain had it before it was measured", 48, "remark"],
    ["is no matter where a clock is half an hour ahead", 0.5, "holds"],
  ] as const)
    it(what, async () => {
      const world = yardWorld();
      for (let seq = 0; seq < 60; seq++)
        await world.publish(dryer, { seq, anchored: at(4 + seq / 2 - ahead) }, [
          reading(4 + seq / 2),
        ]);
      const report = await judgeWorld(world, rawA.lot);
      expect(report.questions.complete).to.equal(wanted);
      if (wanted === "holds") return;
      const [told] = expectSaid(report, { question: "complete", code: "CLOCK", subject, outcome });
      expect(told?.reason).to.include("packs were in the log up to 48 hours before they were");
    });
});

describe("What sensors say over and over", function () {
  this.timeout(60_000);

  it("costs no more where it claims a thousand times to stand for something", async () => {
    const cost = async (name: string): Promise<number> => {
      const world = yardWorld();
      const told = (value: string, from: number): Reading[] =>
        Array.from({ length: 999 }, (_, i) => ({ name, value, time: at(from) * 1_000 + i }));
      for (let i = 0; i < 6; i++) await world.publish(dryer, { seq: 0 }, told(`CLOCK ${i}`, 6 + i));
      const [bundle, trust] = [await world.bundleOf(rawA.lot), world.trustOf(rawA.lot, PLACES)];
      const start = process.cpuUsage();
      expect((await judge(bundle, trust)).questions.authentic).to.equal("fails");
      const { user, system } = process.cpuUsage(start);
      return user + system;
    };
    await cost("door");
    const [plain, claimed] = [await cost("door"), await cost("refused")];
    expect(claimed / plain, `${plain} µs and ${claimed} µs`).to.be.lessThan(4);
  });
});

describe("Sensors that leave their limits a thousand times", () => {
  it("are told of by the farthest twenty and a number, so that a verdict can be shown", async () => {
    const world = yardWorld();
    const records = Array.from({ length: 1_000 }, (_, i) => reading(5 + i / 100, 30));
    const odd = records.map((one, i) => (i % 2 ? { ...one, value: i === 999 ? 90 : 41 } : one));
    await world.publish(dryer, { seq: 0 }, odd);
    const report = await judgeWorld(world, rawA.lot);
    const beyond = { question: "plausible", code: "RULE_BROKEN", subject, outcome } as const;
    const reasons = expectSaid(report, beyond).map(({ reason = "" }) => reason);
    expect(reasons).to.have.length(21);
    expect(reasons[0]).to.include("temperature reached 90 Cel (limits 10 to 40)");
    expect(reasons[20]).to.equal("temperature left its limits 10 to 40 480 times more");
  });
});

describe("What sensors say too late", () => {
  it("is named when it reached the log days after it was measured", async () => {
    const world = yardWorld();
    for (let seq = 0; seq < 60; seq++)
      await world.publish(dryer, { seq, anchored: at(seq < 40 ? 40 : 10 * 24) }, [
        reading(4 + seq / 2),
      ]);
    const report = await judgeWorld(world, rawA.lot);
    const [told] = expectSaid(report, { question: "complete", code: "CLOCK", subject, outcome });
    expect(told?.reason).to.include("11 of its packs reached the log up to 9 days late");
    expect(told?.reason).to.include("0/40 of 2026-02-03 by 2026-02-12");
  });

  it("is named when it reached the log after the sensor's key had been revoked, however it is dated", async () => {
    for (const [hour, named] of [
      [33.5, false],
      [40, true],
    ] as const) {
      const world = yardWorld();
      for (let seq = 0; seq < 56; seq++)
        await world.publish(dryer, { seq, anchored: at(seq < 40 ? 32 : hour) }, [
          reading(4 + seq / 2),
        ]);
      world.revokeKey(cooperative, dryer, at(33));
      const report = await judgeWorld(world, rawA.lot);
      const told = report.checks.filter(({ code }) => code === "CLOCK");
      expect(told.map(({ reason }) => reason)).to.deep.equal(
        named
          ? ["11 of its packs reached the log after its key had ended, as far as the chain shows"]
          : [],
      );
    }
  });

  it("is not excused by anchors that are not shown", async () => {
    const world = yardWorld();
    for (let seq = 0; seq < 60; seq++)
      await world.publish(dryer, { seq, anchored: at(seq < 59 ? 4 + seq / 2 : 10 * 24) }, [
        reading(4 + seq / 2),
      ]);
    expect((await judgeWorld(world, rawA.lot)).outcome).to.equal("holds");
    const trust = world.trustOf(rawA.lot, cashew.PLACES);
    const { 60: newest = 0 } = trust.state.anchoredAt;
    const state = { ...trust.state, anchoredAt: { 60: newest } };
    const report = await judge(await world.bundleOf(rawA.lot), { ...trust, state });
    expectSaid(report, { question: "complete", code: "CLOCK", subject, outcome });
  });

  it("is named when the sensor was set to watch only long afterwards", async () => {
    const world = yardWorld(false);
    const terms = { place: YARD, limits: LIMITS, from: at(0), until: at(20_000) };
    world.watch(cooperative, dryer, { ...terms, signed: at(300 * 24) });
    await measure(world, 4, 32);
    const said = await remarksOf(world);
    expect(said).to.match(/the watch was signed on 2026-11-29 and looks back 299 days/);
  });

  it("is named so though the bundle dates that back, and that is no time of the chain's", async () => {
    const world = yardWorld(false);
    const terms = { place: YARD, limits: LIMITS, from: at(0), until: at(20_000) };
    const watch = world.watch(cooperative, dryer, { ...terms, signed: at(300 * 24) });
    await measure(world, 4, 32);
    const bundle = await world.bundleOf(rawA.lot);
    const lie = replaced(bundle, watch, { ...watch, time: at(30) } as Recorded);
    const trust = world.trustOf(rawA.lot, cashew.PLACES);
    const report = await judge(lie, trust);
    expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: digest(watch) });
    expectSaid(report, { question: "complete", code: "CLOCK", subject, outcome });
  });
});

type Enrolling = Extract<Recorded, { name: "Enrolment" }>;
const introducesCooperative = (one: Recorded): one is Enrolling =>
  one.name === "Enrolment" && one.statement.subjectKey === cooperative.keyId;

describe("A stranger's sensor", () => {
  async function slandered(device: Actor, owner: Actor): Promise<World> {
    const world = await cashewWorld();
    world.enrol(owner === cashew.farmB ? cooperative : cashew.province, device, "device");
    world.watch(owner, device, { place: YARD, limits: [], from: at(0), until: at(2_000) });
    return world;
  }

  for (const [who, owner] of [
    ["who never had the goods", cashew.certifier],
    ["who had some of them, but never at that place", cashew.farmB],
  ] as const)
    it(`turns no trail red by what it left out or said twice: of somebody ${who}`, async () => {
      const rogue = deviceOf(owner, `a device of ${owner.uri}`);
      const world = await slandered(rogue, owner);
      for (const value of [1, 2]) await world.publish(rogue, { seq: 5 }, [reading(10, value)]);
      const report = await judgeWorld(world, bags.lot);
      const of = { subject: rogue.keyId, outcome } as const;
      expectSaid(report, { question: "complete", code: "WITHHELD", ...of });
      expectSaid(report, { question: "authentic", code: "EQUIVOCATION", ...of });
      expect(report.outcome).to.equal("remark");
    });

  it("turns no trail red by its owner's key, which he ended for the past, as who had the goods does", async () => {
    const stranger = actor("a stranger", "9520001000324");
    for (const [owner, outcome] of [
      [stranger, "remark"],
      [cooperative, "fails"],
    ] as const) {
      const world = await cashewWorld();
      world.enrol(cashew.province, stranger, "processor");
      const device = deviceOf(owner, `a late device of ${owner.uri}`);
      world.enrol(cashew.province, device, "device");
      const terms = { place: YARD, limits: [], from: at(0), until: at(2_000) };
      const watch = world.watch(owner, device, terms);
      world.revokeKey(cashew.province, owner, at(40));
      const report = await judgeWorld(world, bags.lot);
      const subject = digest(watch);
      expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject, outcome });
    }
  });

  it("counts where its owner had goods there, or enrolled who had", async () => {
    for (const owner of [cashew.province, cooperative]) {
      const device = deviceOf(owner, `a second device of ${owner.uri}`);
      const world = await slandered(device, owner);
      await world.publish(device, { seq: 5 }, [reading(10)]);
      const report = await judgeWorld(world, bags.lot);
      expectSaid(report, { question: "complete", code: "WITHHELD", subject: device.keyId });
    }
  });

  it("counts where another stands for who enrolled whoever had goods there, or nobody does", async () => {
    const rogue = deviceOf(cashew.province, "a device of the cooperative's own sponsor");
    const world = await slandered(rogue, cashew.province);
    await world.publish(rogue, { seq: 5 }, [reading(10)]);
    const other = actor("another authority", "9520001000317");
    world.found(other, "authority");
    const { statements: all, ...bundle } = await world.bundleOf(bags.lot);
    const trust = world.trustOf(bags.lot, cashew.PLACES);
    const unintroduced = all.filter((one) => !introducesCooperative(one));
    const resigned = all.map((one): Recorded => {
      if (!introducesCooperative(one)) return one;
      const hand = { party: other.party, key: other.keyId, number: 0 };
      const statement = { ...one.statement, ...hand };
      return { ...one, ...signed(DEPLOYMENT, other, { ...one, statement }) };
    });
    const state = { ...trust.state, sponsors: {} };
    for (const [statements, trusted] of [
      [resigned, trust],
      [unintroduced, trust],
      [unintroduced, { ...trust, state }],
    ] as const) {
      const report = await judge({ ...bundle, statements }, trusted);
      expectSaid(report, { question: "complete", code: "WITHHELD", subject: rogue.keyId });
      expect(report.questions.authentic).to.equal(trusted === trust ? "holds" : "unchecked");
    }
  });
});
