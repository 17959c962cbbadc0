import { expect } from "chai";

import { idOf } from "../../../../gateway/core/recording.ts";
import type { Report } from "../../../../gateway/core/verify/report.ts";
import { spansAt, withSigned } from "../../../../gateway/core/verify/watched.ts";
import { at, certifier, dryer, LIMITS, PLACES, province, rawA, YARD } from "../cashew.ts";
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

  it("are sorted out in proportion to their number, all of one name", () => {
    const [place, device] = [idOf(YARD.uri), dryer.keyId];
    const cost = (count: number): number => {
      const watch = { device, from: at(0), interval: 60, content: place };
      const watches = Array.from({ length: count }, (_, i) => ({
        ...watch,
        until: at(100) + i,
        taken: at(100) + i,
      }));
      const start = process.cpuUsage();
      const spans = spansAt(
        { place: YARD.uri, from: at(5), until: at(29) },
        withSigned([])(YARD.uri, watches),
      );
      const { user, system } = process.cpuUsage(start);
      expect(spans).to.have.length(count);
      return user + system;
    };
    cost(1_000);
    const [small, large] = [cost(2_000), cost(20_000)];
    expect(large / small, `${small} µs and ${large} µs`).to.be.lessThan(30); // 100 if it were quadratic
  });
});
