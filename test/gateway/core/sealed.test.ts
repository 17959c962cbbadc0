import { expect } from "chai";
import * as fc from "fast-check";

import { sha256 } from "../../../gateway/core/hash.ts";
import { disclose, erase, requireSealed, seal, sealOf } from "../../../gateway/core/sealed.ts";
import { expectRefusal } from "../../refusal.ts";
import * as cashew from "./cashew.ts";
import { at, foundWorld, rawA } from "./cashew.ts";
import type { World } from "./trails.ts";
import { digest, expectRed, expectSaid, judge, statementOf, the } from "./verify/judged.ts";

/** Salts that nobody could guess, were they not written here. */
function salts(): () => Uint8Array {
  let count = 0;
  return () => sha256(Uint8Array.of(count++)).subarray(0, 16);
}
const fields = { farmer: "Sample farmer", phone: "0900 000 000", plot: [[106.8, 11.7]] };
const { sealed, openings } = seal(fields, salts());

describe("Sealed fields", () => {
  it("show nothing of what they hold, not even their order", () => {
    expect(JSON.stringify(sealed)).not.to.match(/farmer|phone|plot|0900/);
    expect(sealed).to.deep.equal(sealed.toSorted());
    const other = seal(fields, () => new Uint8Array(16).fill(7)).sealed;
    expect(other.some((one) => sealed.includes(one))).to.equal(false);
  });

  it("open with name, value and salt, and with nothing else", () => {
    const seals = new Set<string>(sealed);
    for (const opening of openings) {
      requireSealed(opening, seals);
      for (const lie of [
        { ...opening, name: `${opening.name}s` },
        { ...opening, value: "somebody else" },
        { ...opening, salt: "A".repeat(22) },
      ])
        expectRefusal("BAD_PROOF", () => requireSealed(lie, seals));
    }
  });

  it("keep salt, name and value apart, whatever they are", () => {
    const text = fc.string({ maxLength: 6 });
    fc.assert(
      fc.property(text, text, text, text, (a, b, c, d) => {
        fc.pre(a !== c || b !== d);
        const salt = "A".repeat(22);
        fc.pre(
          [a, b, c, d].every((one) => !/\p{Surrogate}/u.test(one) && one.normalize("NFC") === one),
        );
        expect(sealOf({ salt, name: a, value: b })).not.to.equal(
          sealOf({ salt, name: c, value: d }),
        );
      }),
    );
  });

  it("are not sealed with a salt that could be guessed", () => {
    expectRefusal("BAD_ENCODING", () => seal(fields, () => new Uint8Array(8)));
    expectRefusal("BAD_ENCODING", () => sealOf({ name: "phone", value: "1", salt: "" }));
  });
});

describe("A trail with sealed fields", () => {
  const told = (): World => {
    const world = foundWorld();
    const harvest = { kind: "harvest", ...rawA, mass: 10, plot: cashew.PLOT_A } as const;
    world.record(cashew.farmA, { ...harvest, place: cashew.FIELD, sealed }, at(1));
    return world;
  };
  const world = told();
  const trust = world.trustOf(rawA.lot, cashew.PLACES);

  it("holds with all of them shown, some of them, or none, and says what is not", async () => {
    const bundle = await world.bundleOf(rawA.lot);
    const subject = digest(statementOf(bundle, "Operation"));
    for (const [shown, closed] of [
      [openings, 0],
      [disclose(openings, ["farmer"]), 2],
      [erase(openings, ["phone"]), 1],
      [[], 3],
    ] as const) {
      const report = await judge({ ...bundle, openings: shown }, trust);
      expect(report.outcome).to.equal("holds");
      const kept = report.checks.filter(({ record }) => record.startsWith("sealed fields of"));
      expect(kept.map((check) => check.subject)).to.deep.equal(closed > 0 ? [subject] : []);
      if (closed > 0)
        expect(kept[0]?.reason).to.match(new RegExp(`^${closed} kept back or erased`));
      const named = report.checks.filter(({ record }) => record.startsWith('sealed field "'));
      expect(named.length).to.equal(shown.length);
      expect(named.every((check) => check.subject === subject)).to.equal(true);
    }
  });

  it("is not authentic when a value was put under a digest that is another's", async () => {
    const bundle = await world.bundleOf(rawA.lot);
    const [first] = openings;
    if (first === undefined) throw new Error("nothing was sealed");
    const lie = { ...bundle, openings: [{ ...first, value: "somebody else" }] };
    const report = await judge(lie, trust);
    expectSaid(report, { question: "authentic", code: "BAD_PROOF", subject: null });
    expectRed(report, "authentic");
  });

  it("names everybody who has the same seal: one of them copied what he could not read", async () => {
    const copied = told();
    const harvest = { kind: "harvest", ...cashew.rawB, mass: 10, plot: cashew.PLOT_B } as const;
    copied.record(cashew.farmB, { ...harvest, place: cashew.FIELD, sealed }, at(2));
    const mixed = {
      kind: "process",
      inputs: [rawA, cashew.rawB].map(({ lot }) => ({ lot, mass: 10 })),
      outputs: [{ ...cashew.kernels, mass: 20 }],
      place: cashew.FACTORY,
    } as const;
    for (const [farm, raw] of [
      [cashew.farmA, rawA],
      [cashew.farmB, cashew.rawB],
    ] as const)
      cashew.pass(
        copied,
        [farm, cashew.works],
        { ...raw, mass: 10 },
        { from: cashew.FIELD, to: cashew.FACTORY, hour: 3 },
      );
    copied.record(cashew.works, mixed, at(5));
    const bundle = await copied.bundleOf(cashew.kernels.lot);
    const own = [the(bundle, "harvest", rawA.lot), the(bundle, "harvest", cashew.rawB.lot)];
    // Who serves the bundle puts the copy first: nothing on the chain says which harvest came before.
    const statements = [
      ...own.toReversed(),
      ...bundle.statements.filter((one) => !own.includes(one)),
    ];
    const report = await judge(
      { ...bundle, statements, openings: disclose(openings, ["plot"]) },
      copied.trustOf(cashew.kernels.lot, cashew.PLACES),
    );
    const [said] = expectSaid(report, {
      question: "authentic",
      code: "REPLAYED",
      outcome: "remark",
    });
    for (const harvest of own) expect(said?.record).to.include(digest(harvest).slice(0, 10));
  });
});
