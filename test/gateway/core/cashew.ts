import type { Reading } from "../../../gateway/core/envelope.ts";
import { lotUri, placeUri } from "../../../gateway/core/identifiers.ts";
import { checkDigitOf } from "../../../gateway/core/check-digit.ts";
import type { Place } from "../../../gateway/core/recording.ts";
import type { Limit } from "../../../gateway/core/verify/excursions.ts";
import { actor, deviceOf, HOUR, openWorld, START, type World } from "./trails.ts";

const gln = (number: number): string => {
  const digits = `9520001${String(number).padStart(5, "0")}`;
  return digits + checkDigitOf(digits);
};
const gtin = (number: number): string => `0${gln(number)}`;
const product = (number: number, lot: string, en: string) => ({
  lot: lotUri(gtin(number), lot),
  product: { vi: en, en },
});
const place = (number: number, en: string): Place => ({
  uri: placeUri(gln(number)),
  name: { vi: en, en },
});

export const province = actor("province of these tests", gln(1));
export const cooperative = actor("cooperative of these tests", gln(2));
export const farmA = actor("farm A", gln(3));
export const farmB = actor("farm B", gln(4));
export const works = actor("works of these tests", gln(5));
export const certifier = actor("certifier of these tests", gln(6));
export const dryer = deviceOf(cooperative, "dryer of these tests");
export const otherDevice = deviceOf(cooperative, "a device that watches something else");

export const FIELD = place(11, "Field");
export const YARD = place(12, "Drying yard");
export const FACTORY = place(13, "Factory");
export const OFFICE = place(14, "Office");
export const PLACES = [FIELD, YARD, FACTORY, OFFICE];

export const rawA = product(21, "A-1", "Raw cashew");
export const rawB = product(21, "B-1", "Raw cashew");
export const kernels = product(22, "K-1", "Kernels");
export const shells = product(23, "S-1", "Shells");
export const bags = product(24, "G-1", "Bags");
export const abroad = product(25, "N-1", "Imported cashew");

export const PLOT_A = "https://plotline.example/certificates/plot-a";
export const PLOT_B = "https://plotline.example/certificates/plot-b";
export const GI = "https://plotline.example/certificates/gi-1";
export const LIMITS: readonly Limit[] = [{ name: "temperature", unit: "Cel", min: 10, max: 40 }];

/** Hours after the beginning. */
export const at = (hours: number): number => START + hours * HOUR;

/** One pack an hour with a reading each half hour, from `from` until before `until` (hours). */
export async function measure(
  world: World,
  from: number,
  until: number,
  change: (reading: Reading, hour: number) => Reading = (reading) => reading,
): Promise<void> {
  for (let hour = from; hour < until; hour++) {
    const records = [0, 0.5].map((half) =>
      change(
        { name: "temperature", unit: "Cel", value: 30 + half, time: at(hour + half) * 1000 },
        hour,
      ),
    );
    await world.publish(dryer, { seq: hour - from }, records);
  }
}

/** Everybody is enrolled, both plots and the GI are granted, and the dryer's sensor watches the yard (where `watched`). */
export function foundWorld(watched = true): World {
  const world = openWorld();
  world.found(province, "authority");
  world.enrol(province, cooperative, "cooperative");
  world.enrol(province, certifier, "certifier");
  world.enrol(cooperative, farmA, "farmer");
  world.enrol(cooperative, farmB, "farmer");
  world.enrol(cooperative, works, "processor");
  world.enrol(cooperative, dryer, "device");
  const plot = { scheme: "growingArea", area: "VN-58" } as const;
  world.grant(province, farmA, { ...plot, uri: PLOT_A, quota: 1_000_000 });
  world.grant(province, farmB, { ...plot, uri: PLOT_B, quota: 600_000 });
  if (watched)
    world.watch(cooperative, dryer, { place: YARD, limits: LIMITS, from: at(0), until: at(2_000) });
  return world;
}

export const grantGi = (world: World, quota = 500_000): void => {
  world.grant(certifier, works, { scheme: "gi", uri: GI, area: "VN-58", quota });
};

type Passing = { readonly lot: string; readonly mass: number };
/** From `giver` to `taker`, both signing. */
export function pass(
  world: World,
  [giver, taker]: readonly [typeof farmA, typeof farmA],
  { lot, mass }: Passing,
  { from, to, hour }: { readonly from: Place; readonly to: Place; readonly hour: number },
): void {
  world.record(giver, { kind: "handOver", lot, mass, to: taker.uri, place: from }, at(hour));
  world.record(taker, { kind: "takeOver", lot, mass, from: giver.uri, place: to }, at(hour + 0.25));
}

/** Two harvests, dried in the yard, shelled at the works, certified and packed: `bags` is what the reader asks for. */
export async function cashewWorld(): Promise<World> {
  const world = foundWorld();
  grantGi(world);
  const harvest = { kind: "harvest", place: FIELD } as const;
  world.record(farmA, { ...harvest, ...rawA, mass: 1_000_000, plot: PLOT_A }, at(1));
  world.record(farmB, { ...harvest, ...rawB, mass: 500_000, plot: PLOT_B }, at(2));
  pass(
    world,
    [farmA, cooperative],
    { ...rawA, mass: 1_000_000 },
    { from: FIELD, to: YARD, hour: 5 },
  );
  pass(world, [farmB, cooperative], { ...rawB, mass: 500_000 }, { from: FIELD, to: YARD, hour: 6 });
  await measure(world, 4, 32);
  const drying = { kind: "note", lot: rawA.lot, step: "inspecting", place: YARD } as const;
  world.record(certifier, { ...drying, memo: "dry" }, at(20));
  const home = { from: YARD, to: FACTORY } as const;
  pass(world, [cooperative, works], { ...rawA, mass: 1_000_000 }, { ...home, hour: 29 });
  pass(world, [cooperative, works], { ...rawB, mass: 500_000 }, { ...home, hour: 30 });
  world.record(
    works,
    {
      kind: "process",
      inputs: [
        { lot: rawA.lot, mass: 1_000_000 },
        { lot: rawB.lot, mass: 400_000 },
      ],
      outputs: [
        { ...kernels, mass: 400_000 },
        { ...shells, mass: 900_000 },
      ],
      place: FACTORY,
    },
    at(50),
  );
  world.record(
    works,
    { kind: "certify", lot: kernels.lot, mass: 400_000, certificate: GI, place: FACTORY },
    at(51),
  );
  world.record(
    works,
    {
      kind: "process",
      inputs: [{ lot: kernels.lot, mass: 300_000 }],
      outputs: [{ ...bags, mass: 299_000 }],
      place: FACTORY,
    },
    at(60),
  );
  return world;
}
