import { expect } from "chai";
import * as fc from "fast-check";

import {
  excursionsOf,
  tellingReadings,
  type Limit,
} from "../../../../gateway/core/verify/excursions.ts";

const LIMITS: readonly Limit[] = [
  { name: "temperature", unit: "Cel", min: 0, max: 10 },
  { name: "temperature", unit: "Cel", max: 5 },
  { name: "humidity", unit: "%RH", max: 7 },
];

const reading = fc.record({
  name: fc.constantFrom("temperature", "urn:dev:1:temperature", "humidity"),
  unit: fc.constantFrom("Cel", "Cel", "Cel", "%RH", "K"),
  value: fc.oneof(fc.integer({ min: -3, max: 13 }), fc.constantFrom(327.67, "off", true)),
});
const inOrder = fc
  .array(reading, { minLength: 20, maxLength: 60 })
  .map((all) => all.map((each, time) => ({ ...each, time })));

async function* cut<T>(all: readonly T[], size: number) {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

describe("tellingReadings", () => {
  it("finds the same excursions as all readings do, wherever they are cut", () =>
    fc.assert(
      fc.asyncProperty(inOrder, fc.integer({ min: 1, max: 20 }), async (readings, size) => {
        const telling = await tellingReadings(cut(readings, size), LIMITS);
        expect(excursionsOf(telling, LIMITS)).to.deep.equal(excursionsOf(readings, LIMITS));
      }),
    ));

  it("keeps nothing of what was always within its limits", async () => {
    const calm = Array.from({ length: 1_000 }, (_, time) => ({
      name: "temperature",
      unit: "Cel",
      value: time % 5,
      time,
    }));
    expect(await tellingReadings(cut(calm, 100), LIMITS)).to.deep.equal([]);
  });
});
