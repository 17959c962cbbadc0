import { expect } from "chai";

import { at, cooperative, dryer, FACTORY, LIMITS, measure, rawA, YARD } from "../cashew.ts";
import { yardWorld } from "../yard.ts";
import { expectSaid, judgeWorld } from "./judged.ts";

describe("A sensor that is said to watch two places", () => {
  const subject = dryer.keyId;
  const terms = { limits: LIMITS, until: at(2_000) };
  /** It watches the yard until this hour, and the factory, where the goods go, from that one. */
  async function moved(until: number, from: number) {
    const world = yardWorld(false);
    world.watch(cooperative, dryer, { ...terms, place: YARD, from: at(0), until: at(until) });
    world.watch(cooperative, dryer, { ...terms, place: FACTORY, from: at(from) });
    await measure(world, 4, 56);
    return judgeWorld(world, rawA.lot);
  }

  it("at one time is named, also where goods stood at one of them only", async () => {
    const wanted = { question: "plausible", code: "REPLAYED", subject, outcome: "remark" } as const;
    const [told] = expectSaid(await moved(31, 30), wanted);
    expect(told?.reason).to.equal("from 2026-02-03T06:00Z it is said to watch two places at once");
    expectSaid(await moved(40, 10), wanted);
  });

  it("one after the other was moved, and nothing is said of it", async () => {
    expect((await moved(29.25, 29.25)).outcome).to.equal("holds");
    expect((await moved(2_000, 2_000)).checks.map(({ code }) => code)).not.to.include("REPLAYED");
  });
});
