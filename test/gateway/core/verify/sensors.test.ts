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
import { digest, expectSaid, judge, judgeWorld, replaced } from "./judged.ts";

const subject = dryer.keyId;
const outcome = "remark";

/** What is remarked on of the yard's device, as one text. */
async function remarksOf(world: World): Promise<string> {
  const report = await judgeWorld(world, rawA.lot);
  expect(report.checks.filter((check) => check.outcome === "fails")).to.deep.equal([]);
  return report.checks.flatMap((check) => check.reason ?? []).join("\n");
}

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
    const state = { ...trust.state, watchedAt: {} };
    const untold = await judge(lie, { ...trust, state });
    expectSaid(untold, { question: "complete", code: "UNAVAILABLE", subject, outcome });
  });
});

describe("Goods that nobody watches any more", () => {
  /** The owner ends the watch at hour 10 and begins another at hour 20; it is hot in between. */
  async function lapsed(second: boolean): Promise<World> {
    const world = yardWorld(false);
    const terms = { place: YARD, limits: LIMITS, until: at(2_000) };
    world.watch(cooperative, dryer, { ...terms, from: at(0), ended: at(10) });
    if (second) world.watch(cooperative, dryer, { ...terms, from: at(20) });
    await measure(world, 4, 32, (one, hour) =>
      hour >= 11 && hour < 19 ? { ...one, value: 70 } : one,
    );
    return world;
  }

  for (const [when, second, until] of [
    ["between two watches of one device", true, "2026-02-02T20:00Z"],
    ["after a watch that ended before the end that was signed", false, "2026-02-03T05:"],
  ] as const)
    it(`are named, and what was measured is judged, ${when}`, async () => {
      const report = await judgeWorld(await lapsed(second), rawA.lot);
      const [told] = expectSaid(report, {
        question: "complete",
        code: "WITHHELD",
        subject,
        outcome,
      });
      expect(told?.reason).to.include(`goods stood here from 2026-02-02T10:00Z to ${until}`);
      const rule = { question: "plausible", code: "RULE_BROKEN", subject, outcome } as const;
      const [hot] = expectSaid(report, rule);
      expect(hot?.reason).to.include("reached 70 Cel");
    });

  it("hide no pack that must exist by the numbers of those that are shown", async () => {
    const world = await lapsed(true);
    const bundle = await world.bundleOf(rawA.lot);
    const packs = bundle.packs.filter((_, hour) => hour < 7 || hour >= 15);
    const report = await judge({ ...bundle, packs }, world.trustOf(rawA.lot, PLACES));
    const [told] = expectSaid(report, { question: "complete", code: "WITHHELD", subject });
    expect(told?.reason).to.equal("packs between 0/6 and 0/15 are not shown");
  });

  it("are no matter where a watch ran until the end that was signed", async () => {
    const world = yardWorld(false);
    world.watch(cooperative, dryer, { place: YARD, limits: LIMITS, from: at(0), until: at(10) });
    await measure(world, 4, 32);
    expect((await judgeWorld(world, rawA.lot)).outcome).to.equal("holds");
  });
});

describe("A watch that takes the place of another while goods stand there", () => {
  const terms = { place: YARD, limits: LIMITS, until: at(2_000) };
  const loose = [{ name: "temperature", unit: "Cel", max: 500 }];

  /** The first watch is cut at hour 10 by these; it is hot from hour 12 on. */
  async function succeeded(
    ...next: readonly Partial<Parameters<World["watch"]>[2]>[]
  ): Promise<World> {
    const world = yardWorld(false);
    world.watch(cooperative, dryer, { ...terms, from: at(0), ended: at(10) });
    for (const watch of next) world.watch(cooperative, dryer, { ...terms, from: at(10), ...watch });
    await measure(world, 4, 32, (one, hour) => (hour >= 12 ? { ...one, value: 90 } : one));
    return world;
  }

  for (const [what, limits] of [
    ["the same limits", LIMITS],
    ["looser ones", loose],
  ] as const)
    it(`leaves them no less promised than before by running a second, with ${what}`, async () => {
      const said = await remarksOf(await succeeded({ limits, until: at(10) + 1 }));
      expect(said).to.include("goods stood here from 2026-02-02T10:00Z to 2026-02-03T05:");
      expect(said).to.include("temperature reached 90 Cel (limits 10 to 40)");
    });

  for (const [what, limits] of [
    ["loosens", loose],
    ["drops", []],
  ] as const)
    it(`is named where it ${what} a limit, and judged by that one too`, async () => {
      const said = await remarksOf(await succeeded({ limits }));
      expect(said).to.include("its owner gave up the limits 10 to 40 of temperature");
      expect(said).to.include("temperature reached 90 Cel (limits 10 to 40)");
    });

  for (const [what, next] of [
    ["and it holds readings to others", [{ ...terms, limits: loose, from: at(5) + 12 }]],
    ["and nothing is in their place", []],
  ] as const)
    it(`is not plausible where the limits that were cut are left out, ${what}`, async () => {
      const world = yardWorld(false);
      world.watch(cooperative, dryer, { ...terms, from: at(0), ended: at(5) + 12 });
      for (const watch of next) world.watch(cooperative, dryer, watch);
      for (let seq = 0; seq < 60; seq++)
        await world.publish(dryer, { seq }, [reading(5.1 + seq / 2, 90)]);
      const { statements, ...bundle } = await world.bundleOf(rawA.lot);
      const first = statements.find(({ name }) => name === "Watch");
      const kept = statements.filter((one) => one !== first);
      const trust = world.trustOf(rawA.lot, PLACES);
      const report = await judge({ ...bundle, statements: kept }, trust);
      expectSaid(report, { question: "plausible", code: "WITHHELD", subject });
    });

  it("makes no silence of what it promises less often", async () => {
    const world = yardWorld(false);
    world.watch(cooperative, dryer, { ...terms, from: at(0), ended: at(10) });
    world.watch(cooperative, dryer, { ...terms, from: at(10), interval: 86_400 });
    for (const [seq, hours] of [4.5, 5, 5.5, 6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5, 10, 28, 30].entries())
      await world.publish(dryer, { seq }, [reading(hours)]);
    expect(await remarksOf(world)).to.include("silent from 2026-02-02T10:00Z to 2026-02-03T04:00Z");
  });

  it("leaves the first one's limits to judge by where it is cut as well, and nobody watches", async () => {
    const said = await remarksOf(await succeeded({ limits: loose, ended: at(10) + 12 }));
    expect(said).to.include("its owner had ended the watch");
    expect(said).to.include("temperature reached 90 Cel (limits 10 to 40)");
  });

  it("is named where it is dated back before they came", async () => {
    const said = await remarksOf(await succeeded({ limits: loose, from: at(-1) }));
    expect(said).to.include("its owner gave up the limits 10 to 40 of temperature");
  });

  it("is named where a second's watch, or an hour without one, lies between", async () => {
    for (const next of [
      [{ until: at(10) + 1 }, { limits: loose, from: at(10) + 1 }],
      [{ limits: loose, from: at(11) }],
    ])
      expect(await remarksOf(await succeeded(...next))).to.include("gave up the limits 10 to 40");
  });

  it("is no matter where it keeps or narrows the limits, or the first ran to its end", async () => {
    const narrow = [{ name: "temperature", unit: "Cel", min: 20, max: 30 }];
    expect(await remarksOf(await succeeded({ limits: narrow }))).to.not.include("gave up");
    const world = yardWorld(false);
    world.watch(cooperative, dryer, { ...terms, from: at(0), until: at(10) });
    world.watch(cooperative, dryer, { ...terms, limits: loose, from: at(10) });
    await measure(world, 4, 32);
    expect((await judgeWorld(world, rawA.lot)).outcome).to.equal("holds");
  });

  it("cannot stand for it where the statement of the first is left out", async () => {
    for (const from of [at(10), at(0)]) {
      const world = await succeeded({ from, until: at(10) + 1 });
      const { statements, ...bundle } = await world.bundleOf(rawA.lot);
      const first = statements.find(({ name }) => name === "Watch");
      const kept = statements.filter((one) => one !== first);
      const trust = world.trustOf(rawA.lot, cashew.PLACES);
      const report = await judge({ ...bundle, statements: kept }, trust);
      const gap = { question: "complete", code: "WITHHELD", subject, outcome } as const;
      expect(
        expectSaid(report, gap)
          .map(({ reason }) => reason)
          .join(),
      ).to.include("had ended");
    }
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
