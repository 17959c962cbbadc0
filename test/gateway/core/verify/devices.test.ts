import { expect } from "chai";

import type { Report } from "../../../../gateway/core/verify/report.ts";
import * as cashew from "../cashew.ts";
import { at, measure, rawA, YARD } from "../cashew.ts";
import { deviceOf, type Actor, type World } from "../trails.ts";
import { expectSaid, judgeWorld } from "./judged.ts";

const dayAt = (hour: number): string => new Date(at(hour) * 1000).toISOString().slice(0, 10);

/** Goods that stand in the yard from hour 5 to hour 29, watched by the dryer's sensor, and by others if they are added. */
async function watchedWorld(world = cashew.foundWorld()): Promise<World> {
  const { cooperative, farmA, works, FIELD, FACTORY } = cashew;
  const harvest = { kind: "harvest", ...rawA, mass: 10, plot: cashew.PLOT_A } as const;
  world.record(farmA, { ...harvest, place: FIELD }, at(1));
  const goods = { ...rawA, mass: 10 };
  cashew.pass(world, [farmA, cooperative], goods, { from: FIELD, to: YARD, hour: 4.75 });
  cashew.pass(world, [cooperative, works], goods, { from: YARD, to: FACTORY, hour: 28.75 });
  await measure(world, 4, 32);
  return world;
}

/** With a second sensor that was calibrated until then. */
async function judgeCalibrated(until: string | undefined): Promise<[Report, Actor]> {
  const world = await watchedWorld();
  const { cooperative, LIMITS: limits } = cashew;
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

  it("is remarked on where a later watch, which names none, takes the place of the first", async () => {
    const world = cashew.foundWorld(false);
    const { cooperative, dryer, LIMITS: limits } = cashew;
    const first = await watchedWorld(world);
    const calibration = { certificate: "HC-26/104", issuer: "a laboratory", until: dayAt(1) };
    const terms = { place: YARD, limits, until: at(90) };
    first.watch(cooperative, dryer, {
      ...terms,
      calibration,
      from: at(0),
      signed: at(0),
      ended: at(20),
    });
    for (const from of [at(20), at(-1)]) {
      first.watch(cooperative, dryer, { ...terms, from, signed: at(20) });
      const wanted = {
        question: "plausible",
        code: "NOT_CURRENT",
        subject: dryer.keyId,
        outcome: "remark",
      } as const;
      expectSaid(await judgeWorld(first, rawA.lot), wanted);
    }
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

describe("A sensor's new key", () => {
  const CHANGE = 17; // the hour at which the one key ends and the other begins

  /** A second place in the yard, of which one key speaks and then another; the first for so many hours too long. */
  async function judgeRotated(tooLong: number): Promise<[Report, Actor]> {
    const world = await watchedWorld();
    const { cooperative, LIMITS: limits } = cashew;
    const [old, fresh] = [deviceOf(cooperative, "an old key"), deviceOf(cooperative, "a new key")];
    for (const [device, from, until] of [
      [old, 0, CHANGE],
      [fresh, CHANGE, 90],
    ] as const) {
      world.enrol(cooperative, device, "device");
      world.watch(cooperative, device, { place: YARD, limits, from: at(from), until: at(until) });
    }
    world.revokeKey(cooperative, old, at(CHANGE));
    const speak = async (device: Actor, from: number, until: number): Promise<void> => {
      for (let seq = 0; seq < until - from; seq++) {
        const times = [from + seq, from + seq + 0.5].map((hour) => at(hour) * 1000);
        const one = { name: "temperature", unit: "Cel", value: 30 };
        const records = times.map((time) => Object.assign({ time }, one));
        await world.publish(device, { seq }, records);
      }
    };
    await speak(old, 4, CHANGE + tooLong);
    await speak(fresh, CHANGE, 32);
    return [await judgeWorld(world, rawA.lot), old];
  }

  it("goes on where the old one ended, with nothing missing between them", async () => {
    const [{ questions }] = await judgeRotated(0);
    for (const question of ["authentic", "complete", "plausible"] as const)
      expect(questions[question], question).to.equal("holds");
  });

  it("leaves the old one no word about the time behind its end", async () => {
    const [report, { keyId: subject }] = await judgeRotated(1);
    expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject });
  });
});
