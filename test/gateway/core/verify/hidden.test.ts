import { expect } from "chai";
import * as fc from "fast-check";

import type { Bundle } from "../../../../gateway/core/bundle.ts";
import type { Outcome, Report } from "../../../../gateway/core/verify/report.ts";
import { at, cooperative, dryer, LIMITS, PLACES, rawA, YARD } from "../cashew.ts";
import type { World } from "../trails.ts";
import { reading, yardWorld } from "../yard.ts";
import { judge } from "./judged.ts";

const RANKS: readonly Outcome[] = ["holds", "remark", "unchecked", "fails"];
const LOOSER = [LIMITS, [{ name: "temperature", unit: "Cel", max: 35 }], []] as const;

/** A watch that its owner cut after so many hours and followed after so many more; what it measured, and how late it came. */
const story = fc.record({
  watches: fc.array(
    fc.record({
      limits: fc.constantFrom(...LOOSER),
      runs: fc.integer({ min: 6, max: 15 }),
      pause: fc.constantFrom(0, 0, 2),
      promised: fc.constantFrom(0, 2_000),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  values: fc.array(fc.constantFrom(30, 30, 38, 60), { minLength: 56, maxLength: 56 }),
  late: fc.constantFrom(0, 0, 100),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

async function told({ watches, values, late }: Story): Promise<World> {
  const world = yardWorld(false);
  let from = 0;
  for (const { limits, runs, pause, promised } of watches) {
    const ended = at(from + runs);
    const until = Math.max(ended, at(promised));
    world.watch(cooperative, dryer, { place: YARD, limits, from: at(from), until, ended });
    from += runs + pause;
  }
  for (const [seq, value] of values.entries()) {
    const hour = 4 + seq / 2;
    await world.publish(dryer, { seq, anchored: at(hour + (seq > 30 ? late : 0)) }, [
      reading(hour, value),
    ]);
  }
  return world;
}

/** What somebody who serves the bundle leaves out: packs from here to there, and one in so many anchors and watches. */
const hiding = fc.record({
  packs: fc.tuple(fc.nat(56), fc.nat(56)),
  anchors: fc.constantFrom(1, 1, 3),
  watch: fc.constantFrom(-1, 0, 1),
});

function hidden(
  bundle: Bundle,
  { packs, anchors, watch }: typeof hiding extends fc.Arbitrary<infer T> ? T : never,
): Bundle {
  const [from, until] = packs;
  const watches = bundle.statements.filter(({ name }) => name === "Watch");
  return {
    ...bundle,
    statements: bundle.statements.filter((one) => one !== watches[watch]),
    packs: bundle.packs.filter((_, i) => i < from || i >= until),
    anchors: bundle.anchors.filter((_, i) => i % anchors === 0),
  };
}

describe("Whoever serves a bundle", function () {
  this.timeout(60_000);

  it("never makes a trail look better by what he leaves out", async () => {
    const rank = ({ outcome }: Pick<Report, "outcome">): number => RANKS.indexOf(outcome);
    await fc.assert(
      fc.asyncProperty(story, hiding, async (truth, lie) => {
        const world = await told(truth);
        const [bundle, trust] = [await world.bundleOf(rawA.lot), world.trustOf(rawA.lot, PLACES)];
        const [all, less] = [await judge(bundle, trust), await judge(hidden(bundle, lie), trust)];
        expect(rank(less)).to.be.at.least(rank(all));
        const complete = ({ questions }: Report) => rank({ outcome: questions.complete });
        expect(complete(less)).to.be.at.least(complete(all));
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 60) },
    );
  });
});
