import { expect } from "chai";

import { recordingOf, idOf, type Intent } from "../../../../gateway/core/recording.ts";
import { dwellingsOf } from "../../../../gateway/core/verify/dwellings.ts";
import type { Step } from "../../../../gateway/core/verify/histories.ts";

const lot = "https://id.gs1.org/01/09520001000010/10/A-1";
const party = "https://id.gs1.org/417/9520001001014";
const placeNamed = (name: string) => ({
  uri: `https://plotline.example/places/${name}`,
  name: { vi: name, en: name },
});
const [YARD, WORKS] = [placeNamed("yard"), placeNamed("works")];

/** A step that its signer dates at `said` and that the chain took at `taken`. */
function stepOf(intent: Intent, said: number, taken: number): Step {
  const hand = { party, key: idOf("a key"), number: taken, time: said };
  const { name, statement, document } = recordingOf(intent, hand);
  const signed = { name, statement, document, publicKey: "0x", signature: "" } as const;
  return {
    recorded: { ...signed, time: taken },
    operation: statement,
    digest: idOf(`${taken}`),
    time: taken,
  };
}
const stay = (said: number, taken: number): readonly Step[] => [
  stepOf({ kind: "takeOver", lot, mass: 10, from: party, place: YARD }, 100, 100),
  stepOf({ kind: "handOver", lot, mass: 10, to: party, place: WORKS }, said, taken),
];
const yardOf = (steps: readonly Step[]) =>
  dwellingsOf(new Set([idOf(lot)]), steps, {}, 1_000).filter(({ place }) => place === YARD.uri);

describe("Where goods stood", () => {
  it("lasts until the next record", () => {
    expect(yardOf(stay(500, 500))).to.deep.equal([{ place: YARD.uri, from: 100, until: 500 }]);
  });

  it("lasts until the chain took the next record, however early its signer dates it", () => {
    expect(yardOf(stay(200, 500))).to.deep.equal([{ place: YARD.uri, from: 100, until: 500 }]);
  });

  it("never reaches past the reader's own block", () => {
    expect(yardOf(stay(5_000, 5_000))).to.deep.equal([
      { place: YARD.uri, from: 100, until: 1_000 },
    ]);
  });
});
