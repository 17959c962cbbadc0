import type { Reading } from "../../../gateway/core/envelope.ts";
import { at, cooperative, FACTORY, farmA, FIELD, foundWorld, pass, PLOT_A } from "./cashew.ts";
import { rawA, works, YARD } from "./cashew.ts";
import type { World } from "./trails.ts";

/** Goods that stand in the yard from hour 5 to hour 29, and nothing else: what devices say is up to the test. */
export function yardWorld(watched = true): World {
  const world = foundWorld(watched);
  const harvest = { kind: "harvest", ...rawA, mass: 10, plot: PLOT_A } as const;
  world.record(farmA, { ...harvest, place: FIELD }, at(1));
  pass(world, [farmA, cooperative], { ...rawA, mass: 10 }, { from: FIELD, to: YARD, hour: 4.75 });
  pass(
    world,
    [cooperative, works],
    { ...rawA, mass: 10 },
    { from: YARD, to: FACTORY, hour: 28.75 },
  );
  return world;
}
export const reading = (hour: number, value = 30): Reading => ({
  name: "temperature",
  unit: "Cel",
  value,
  time: at(hour) * 1000,
});
