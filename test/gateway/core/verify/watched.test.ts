import { expect } from "chai";

import * as cashew from "../cashew.ts";
import { at, cooperative, dryer, LIMITS, measure, PLACES, rawA, YARD } from "../cashew.ts";
import type { World } from "../trails.ts";
import { reading, yardWorld } from "../yard.ts";
import { expectSaid, judge, judgeWorld, remarksOf } from "./judged.ts";

const subject = dryer.keyId;
const outcome = "remark";

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
