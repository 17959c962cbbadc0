import { expect } from "chai";

import type { Report } from "../../../../gateway/core/verify/report.ts";
import { at, certifier, LIMITS, PLACES, province, rawA, YARD } from "../cashew.ts";
import { deviceOf } from "../trails.ts";
import { reading, yardWorld } from "../yard.ts";
import { judge } from "./judged.ts";

describe("A stranger's watches that look back over one time", function () {
  this.timeout(60_000);
  const limits = Array.from({ length: 20 }, (_, i) => ({
    name: "temperature",
    unit: "Cel",
    max: i,
  }));

  /** His sensor watched the yard, where it was 50 degrees, and later he had it watch that time so many times more. */
  async function judged(again: number): Promise<{ report: Report; cost: number }> {
    const world = yardWorld(false);
    const rogue = deviceOf(certifier, "a device of these tests' certifier");
    world.enrol(province, rogue, "device");
    const watch = { place: YARD, from: at(0), until: at(2_000) };
    world.watch(certifier, rogue, { ...watch, limits: LIMITS, signed: at(0), ended: at(100) });
    for (let i = 0; i < again; i++)
      world.watch(certifier, rogue, {
        ...watch,
        limits,
        from: at(-1),
        signed: at(100 + i),
        ended: at(101 + i),
      });
    for (let seq = 0; seq < 10; seq++) {
      const readings = Array.from({ length: 1_000 }, (_, i) => reading(4 + seq + i / 1_000, 50));
      await world.publish(rogue, { seq }, readings);
    }
    const [bundle, trust] = [await world.bundleOf(rawA.lot), world.trustOf(rawA.lot, PLACES)];
    const start = process.cpuUsage();
    const report = await judge(bundle, trust);
    const { user, system } = process.cpuUsage(start);
    return { report, cost: user + system };
  }

  it("cost no more to judge than the first, whose limits count", async () => {
    await judged(1);
    const [one, many] = [await judged(1), await judged(100)];
    expect(many.cost / one.cost).to.be.lessThan(5); // 60 where each is judged
    const told = many.report.checks.filter(({ code }) => code === "RULE_BROKEN");
    expect(told.map(({ reason }) => reason)).to.have.length(1);
    expect(told[0]?.reason).to.include("reached 50 Cel (limits 10 to 40)");
  });
});
