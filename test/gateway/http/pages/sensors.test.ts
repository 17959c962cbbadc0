import { expect } from "chai";

import type { Reading } from "../../../../gateway/core/envelope.ts";
import { readingsIn } from "../../../../gateway/core/sensor-view.ts";
import { viewOf } from "../../../../gateway/core/trail-view.ts";
import type { Limit } from "../../../../gateway/core/verify/excursions.ts";
import { contextIn } from "../../../../gateway/http/pages/trail/context.ts";
import { sensorsCard } from "../../../../gateway/http/pages/trail/sensors.ts";
import { at, cooperative, dryer, LIMITS, measure, rawA, YARD } from "../../core/cashew.ts";
import { yardWorld } from "../../core/yard.ts";

const NO_END = [{ name: "temperature", unit: "Cel" }];
const TWICE = [{ name: "temperature", unit: "Cel", max: 90 }, ...LIMITS];

/** What the page says of the yard's device. */
async function saidOf(
  limits: readonly Limit[],
  change: (one: Reading, hour: number) => Reading = (one) => one,
): Promise<string> {
  const world = yardWorld(false);
  world.watch(cooperative, dryer, { place: YARD, limits, from: at(0), until: at(2_000) });
  await measure(world, 4, 32, change);
  const bundle = await world.bundleOf(rawA.lot);
  const view = viewOf(bundle, { readings: readingsIn(bundle), now: at(60) });
  return sensorsCard(view, contextIn("en")).html;
}

describe("The sensors on the page of a lot", () => {
  it("were within their limits where readings show it", async () => {
    expect(await saidOf(LIMITS)).to.include("Always within its limits");
  });

  for (const [instead, change] of [
    ["what probes say without one", (one) => ({ ...one, value: -127 })],
    ["another quantity", (one) => ({ ...one, name: "humidity", unit: "%RH" })],
    ["the quantity under another name", (one) => ({ ...one, name: "temperature2" })],
    ["another unit", (one) => ({ ...one, value: 303, unit: "K" })],
    ["text", (one) => ({ ...one, value: String(one.value) })],
  ] as const satisfies readonly (readonly [string, (one: Reading) => Reading])[])
    it(`have nothing to judge by where they measured ${instead}`, async () => {
      const said = await saidOf(LIMITS, change);
      expect(said).to.include("No reading is shown to judge by").and.include("Temperature");
      expect(said).to.not.include("Always within").and.not.include("No sensor watched");
    });

  it("are told of by every quantity with a limit, and by no more than thirty others", async () => {
    const world = yardWorld();
    const names = [...Array.from({ length: 500 }, (_, i) => `n${i}`), "temperature"];
    const time = at(6) * 1_000;
    const said = names.map((name) => ({ name, unit: "Cel", value: 60, time }));
    await world.publish(dryer, { seq: 0 }, said);
    const bundle = await world.bundleOf(rawA.lot);
    const { series } = viewOf(bundle, { readings: readingsIn(bundle), now: at(60) });
    expect(series.map(({ name }) => name))
      .to.have.length(31)
      .and.include("temperature");
  });

  it("are judged by no limit that has no end", async () => {
    expect(await saidOf(NO_END)).to.not.include("Always within");
  });

  it("are there, though they said nothing and have no limits", async () => {
    const said = await saidOf([], (one) => ({ ...one, value: "x" }));
    expect(said).to.include("Sensor, Drying yard").and.not.include("No sensor watched");
  });

  it("are judged by every limit of a quantity", async () => {
    const said = await saidOf(TWICE, (one, hour) => (hour === 12 ? { ...one, value: 60 } : one));
    expect(said).to.include("Above 40").and.not.include("Always within");
  });

  it("are not always within limits of which nothing is known for hours", async () => {
    const said = await saidOf(LIMITS, (one, hour) =>
      hour > 11 && hour < 20 ? { ...one, value: -127 } : one,
    );
    expect(said).to.include("Silent").and.not.include("Always within");
  });
});
