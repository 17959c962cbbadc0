import { expect } from "chai";

import type { Report } from "../../../../gateway/core/verify/report.ts";
import * as cashew from "../cashew.ts";
import { at, measure, rawA, YARD } from "../cashew.ts";
import { deviceOf, type Actor } from "../trails.ts";
import { expectSaid, judgeWorld } from "./judged.ts";

const dayAt = (hour: number): string => new Date(at(hour) * 1000).toISOString().slice(0, 10);

/** Goods that stand in the yard from hour 5 to hour 29, watched by a second sensor that was calibrated until then. */
async function judgeCalibrated(until: string | undefined): Promise<[Report, Actor]> {
  const world = cashew.foundWorld();
  const { cooperative, farmA, works, FIELD, FACTORY, LIMITS: limits } = cashew;
  const harvest = { kind: "harvest", ...rawA, mass: 10, plot: cashew.PLOT_A } as const;
  world.record(farmA, { ...harvest, place: FIELD }, at(1));
  const goods = { ...rawA, mass: 10 };
  cashew.pass(world, [farmA, cooperative], goods, { from: FIELD, to: YARD, hour: 4.75 });
  cashew.pass(world, [cooperative, works], goods, { from: YARD, to: FACTORY, hour: 28.75 });
  await measure(world, 4, 32);
  const sensor = deviceOf(cooperative, "a calibrated sensor");
  world.enrol(cooperative, sensor, "device");
  const terms = { place: YARD, limits, from: at(0), until: at(90) };
  const calibration = { certificate: "HC-26/104", issuer: "a laboratory", until: until ?? "" };
  world.watch(cooperative, sensor, until === undefined ? terms : { ...terms, calibration });
  return [await judgeWorld(world, rawA.lot), sensor];
}

describe("A sensor's calibration", () => {
  it("is remarked on where it ended while the goods stood there", async () => {
    const [report, { keyId: subject }] = await judgeCalibrated(dayAt(4.75));
    const outcome = "remark";
    const [told] = expectSaid(report, {
      question: "plausible",
      code: "NOT_CURRENT",
      subject,
      outcome,
    });
    expect(told?.reason).to.contain("HC-26/104 of a laboratory ended with");
    expect(report.outcome).not.to.equal("fails");
  });

  for (const [what, until] of [
    ["lasted until the last day", dayAt(28.75)],
    ["is not named", undefined],
  ] as const)
    it(`is not remarked on where it ${what}`, async () => {
      const [report] = await judgeCalibrated(until);
      expect(report.checks.filter(({ code }) => code === "NOT_CURRENT")).to.deep.equal([]);
    });
});
