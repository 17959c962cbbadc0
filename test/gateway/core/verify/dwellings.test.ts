import { expect } from "chai";

import { recordingOf, idOf, type Intent } from "../../../../gateway/core/recording.ts";
import { dwellingsOf } from "../../../../gateway/core/verify/dwellings.ts";
import type { Step } from "../../../../gateway/core/verify/histories.ts";

const lot = "https://id.gs1.org/01/09520001000010/10/A-1";
const party = "https://id.gs1.org/417/9520001001014";
const receiver = "https://id.gs1.org/417/9520001001021";
const stranger = "https://id.gs1.org/417/9520001001038";
const placeNamed = (name: string) => ({
  uri: `https://plotline.example/places/${name}`,
  name: { vi: name, en: name },
});
const [YARD, WORKS] = [placeNamed("yard"), placeNamed("works")];

/** A step that its signer dates at `said` and that the chain took at `taken`. */
function stepOf(intent: Intent, said: number, taken: number, by = party): Step {
  const hand = { party: by, key: idOf("a key"), number: taken, time: said };
  const { name, statement, document } = recordingOf(intent, hand);
  const signed = { name, statement, document, publicKey: "0x", signature: "" } as const;
  return {
    recorded: { ...signed, time: taken },
    operation: statement,
    digest: idOf(`${taken}`),
    time: taken,
  };
}
const take = (said: number, taken: number): Step =>
  stepOf({ kind: "takeOver", lot, mass: 10, from: party, place: YARD }, said, taken);
const stay = (said: number, taken: number): readonly Step[] => [
  take(100, 100),
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

  it("begins when the chain took the record, however late its signer dates it", () => {
    const [arrival, departure] = [take(400, 100), stay(500, 500)[1]];
    expect(yardOf(departure === undefined ? [] : [arrival, departure])).to.deep.equal([
      { place: YARD.uri, from: 100, until: 500 },
    ]);
  });

  for (const [who, by, until] of [
    ["its holder", party, 300],
    ["whom it is being handed to", receiver, 300],
    ["somebody else", stranger, 500],
  ] as const)
    it(`${until === 500 ? "is not ended" : "ends"} by a note of ${who} from another place`, () => {
      const note = { kind: "note", lot, step: "storing", place: WORKS } as const;
      const offer = { kind: "handOver", lot, mass: 10, to: receiver, place: YARD } as const;
      const steps = [take(100, 100), stepOf(offer, 200, 200), stepOf(note, 300, 300, by)];
      const last = stay(500, 500)[1];
      const found = yardOf(last === undefined ? steps : [...steps, last]);
      expect(found).to.deep.equal([{ place: YARD.uri, from: 100, until }]);
    });

  it("is not ended by a certifier's certificate from another place", () => {
    const certify = {
      kind: "certify",
      lot,
      mass: 10,
      certificate: stranger,
      place: WORKS,
    } as const;
    const steps = [take(100, 100), stepOf(certify, 300, 300, stranger)];
    expect(yardOf(steps)).to.deep.equal([{ place: YARD.uri, from: 100, until: 1_000 }]);
  });

  it("never reaches past the reader's own block", () => {
    expect(yardOf(stay(5_000, 5_000))).to.deep.equal([
      { place: YARD.uri, from: 100, until: 1_000 },
    ]);
  });
});
