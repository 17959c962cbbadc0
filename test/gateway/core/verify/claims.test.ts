import { expect } from "chai";
import * as fc from "fast-check";

import type { Hex } from "../../../../gateway/core/bytes.ts";
import {
  KINDS,
  type Kind,
  type Operation,
  type Portion,
} from "../../../../gateway/core/operations.ts";
import { idOf, NO_AREA, NOTHING } from "../../../../gateway/core/recording.ts";
import { claimsOf } from "../../../../gateway/core/verify/claims.ts";
import type { Step } from "../../../../gateway/core/verify/histories.ts";

const [A, B, RESULT, OTHER] = ["a", "b", "result", "other"].map((name) => idOf(name)) as [
  Hex,
  Hex,
  Hex,
  Hex,
];
const [GI, ORGANIC] = [idOf("gi"), idOf("organic")];

const step = (kind: Kind, told: Partial<Operation>): Step => {
  const operation: Operation = {
    kind: KINDS[kind],
    party: NOTHING,
    key: NOTHING,
    number: 1,
    time: 0,
    inputs: [],
    outputs: [],
    certificate: NOTHING,
    counterparty: NOTHING,
    area: NO_AREA,
    segregated: false,
    content: NOTHING,
    ...told,
  };
  const recorded = {
    name: "Operation",
    statement: operation,
    publicKey: NOTHING,
    signature: "",
    document: null,
    time: 0,
  } as const;
  return { recorded, operation, digest: NOTHING, time: 0 };
};
const harvest = (lot: Hex, mass: number) => step("harvest", { outputs: [{ lot, mass }] });
const certify = (lot: Hex, mass: number, certificate = GI) =>
  step("certify", { inputs: [{ lot, mass }], certificate });
const process = (inputs: readonly Portion[], outputs: readonly Portion[]) =>
  step("process", { inputs, outputs });

/** The share that the one certificate covers. */
const shareOf = (lot: Hex, steps: readonly Step[], certificate = GI): number =>
  claimsOf(lot, steps).find((claim) => claim.certificate === certificate)?.share ?? 0;

describe("claimsOf", () => {
  const lots = [A, B, RESULT, OTHER];
  const portion = fc.record({ lot: fc.constantFrom(...lots), mass: fc.nat(1_000) });
  const anything = fc.oneof(
    portion.map(({ lot, mass }) => harvest(lot, mass)),
    fc
      .tuple(portion, fc.constantFrom(GI, ORGANIC))
      .map(([{ lot, mass }, claim]) => certify(lot, mass, claim)),
    fc
      .tuple(fc.array(portion, { maxLength: 3 }), fc.array(portion, { maxLength: 2 }))
      .map(([inputs, outputs]) => process(inputs, outputs)),
  );

  it("stays between nothing and the whole, whatever the steps", () => {
    fc.assert(
      fc.property(fc.array(anything), fc.constantFrom(...lots), (steps, lot) => {
        for (const { share } of claimsOf(lot, steps)) expect(share).to.be.within(0, 1);
      }),
    );
  });

  it("is whole where every input is, however much of each is drawn", () => {
    const masses = fc.array(
      fc
        .integer({ min: 1, max: 1e9 })
        .chain((mass) =>
          fc.record({ mass: fc.constant(mass), drawn: fc.integer({ min: 1, max: mass }) }),
        ),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(masses, (inputs) => {
        const named = inputs.map((input, at) => ({ ...input, lot: idOf(`lot ${at}`) }));
        const steps = [
          ...named.flatMap(({ lot, mass }) => [harvest(lot, mass), certify(lot, mass)]),
          process(
            named.map(({ lot, drawn }) => ({ lot, mass: drawn })),
            [{ lot: RESULT, mass: 7 }],
          ),
        ];
        expect(claimsOf(RESULT, steps)).to.deep.equal([{ certificate: GI, share: 1 }]);
        expect(claimsOf(idOf("lot 0"), steps)).to.deep.equal([{ certificate: GI, share: 1 }]);
      }),
    );
  });

  it("is never whole where one input is not", () => {
    const mass = fc.integer({ min: 2, max: 1e6 });
    fc.assert(
      fc.property(mass, mass, (whole, part) => {
        const inputs = [
          { lot: A, mass: whole },
          { lot: B, mass: part },
        ];
        const made = [harvest(A, whole), harvest(B, part), certify(A, whole), certify(B, part - 1)];
        const share = shareOf(RESULT, [...made, process(inputs, [{ lot: RESULT, mass: 5 }])]);
        expect(share).to.be.within(whole / (whole + part), 1);
        expect(share).not.to.equal(1);
      }),
    );
  });

  it("of one gram of certified bags in 500 kg of others is one gram", () => {
    const steps = [harvest(A, 200_000), certify(A, 200_000), harvest(B, 499_999)];
    const mixing = process(
      [
        { lot: A, mass: 1 },
        { lot: B, mass: 499_999 },
      ],
      [{ lot: RESULT, mass: 500_000 }],
    );
    expect(shareOf(RESULT, [...steps, mixing])).to.equal(1 / 500_000);
  });

  it("of one gram of a large lot is no claim on all of it, nor on what is made of it", () => {
    const steps = [
      harvest(A, 500_000),
      certify(A, 1),
      process([{ lot: A, mass: 250_000 }], [{ lot: RESULT, mass: 240_000 }]),
    ];
    for (const lot of [A, RESULT]) expect(shareOf(lot, steps)).to.equal(1 / 500_000);
  });

  it("adds up what is certified in parts, and no further than the whole", () => {
    const parts = [harvest(A, 10), certify(A, 7), certify(A, 1)];
    expect(shareOf(A, parts)).to.equal(0.8);
    expect(shareOf(A, [...parts, certify(A, 2)])).to.equal(1);
    expect(shareOf(A, [...parts, certify(A, 2), certify(A, 2)])).to.equal(1);
  });

  it("of the last gram, after all else was drawn, is no claim on what bears the label", () => {
    const draw = process([{ lot: A, mass: 298_999 }], [{ lot: OTHER, mass: 298_999 }]);
    const steps = [harvest(A, 299_000), draw, certify(A, 1)];
    expect(shareOf(A, steps)).to.equal(1 / 299_000);
    expect(shareOf(OTHER, steps)).to.equal(0);
  });

  it("of the same last grams again and again covers no others", () => {
    const draw = process([{ lot: A, mass: 990 }], [{ lot: OTHER, mass: 990 }]);
    const again = Array.from({ length: 100 }, () => certify(A, 10));
    expect(shareOf(A, [harvest(A, 1_000), draw, ...again])).to.equal(10 / 1_000);
  });

  it("covers what is left when it comes after a draw, and nothing of what was drawn before", () => {
    const steps = [
      harvest(A, 500),
      process([{ lot: A, mass: 400 }], [{ lot: RESULT, mass: 400 }]),
      certify(A, 50),
      process([{ lot: A, mass: 100 }], [{ lot: OTHER, mass: 90 }]),
    ];
    expect([A, RESULT, OTHER].map((lot) => shareOf(lot, steps))).to.deep.equal([0.1, 0, 0.5]);
  });

  it("tells certificates apart, largest share first", () => {
    const steps = [harvest(A, 4), certify(A, 1, ORGANIC), certify(A, 4)];
    expect(claimsOf(A, steps)).to.deep.equal([
      { certificate: GI, share: 1 },
      { certificate: ORGANIC, share: 0.25 },
    ]);
  });
});
