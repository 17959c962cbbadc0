import { expect } from "chai";

import type { Bundle, Recorded } from "../../../../gateway/core/bundle.ts";
import { idOf, recordingOf, type Intent } from "../../../../gateway/core/recording.ts";
import type { Trust } from "../../../../gateway/core/verify.ts";
import { signed } from "../../../../scripts/season/doors.ts";
import * as cashew from "../cashew.ts";
import { bags, cashewWorld, kernels, PLACES, rawA, rawB, shells } from "../cashew.ts";
import { DEPLOYMENT, type Actor, type World } from "../trails.ts";
import { digest, expectRed, expectSaid, judge, replaced, the } from "./judged.ts";

describe("A trail that is told falsely", () => {
  let world: World;
  let bundle: Bundle;
  let trust: Trust;
  before(async () => {
    world = await cashewWorld();
    bundle = await world.bundleOf(bags.lot);
    trust = world.trustOf(bags.lot, PLACES);
  });

  /** What `who` would have signed in place of a record, with a real key, for a gateway that plays along. */
  function instead(old: Recorded, who: Actor, intent: Intent, by = who): Recorded {
    const { number } = old.statement;
    const time = old.time - 60;
    const told = recordingOf(intent, { party: who.uri, key: by.keyId, number, time });
    return { ...signed(DEPLOYMENT, by, told), time: old.time };
  }

  it("is not authentic when an event was altered", async () => {
    const old = the(bundle, "harvest", rawA.lot);
    const document = { ...old.document, "plotline:memo": "organic" };
    const report = await judge(replaced(bundle, old, { ...old, document } as Recorded), trust);
    expectSaid(report, { question: "authentic", code: "BAD_OPERATION", subject: digest(old) });
    expectRed(report, "authentic");
  });

  it("is not authentic when event and hash were altered together", async () => {
    const old = the(bundle, "harvest", rawA.lot);
    const lie = instead(old, cashew.farmA, {
      kind: "harvest",
      ...rawA,
      mass: 1_000_000,
      plot: cashew.PLOT_A,
      place: cashew.FIELD,
      memo: "organic",
    });
    const report = await judge(
      replaced(bundle, old, { ...lie, signature: old.signature } as Recorded),
      trust,
    );
    expectSaid(report, { question: "authentic", code: "BAD_SIGNATURE", subject: digest(lie) });
    expectSaid(report, { question: "anchored", code: "OTHER_CHAIN", subject: digest(lie) });
  });

  it("is not anchored when the signer himself put another record in its place", async () => {
    const old = the(bundle, "process", kernels.lot);
    const lie = instead(old, cashew.works, {
      kind: "process",
      inputs: [
        { lot: rawA.lot, mass: 1_000_000 },
        { lot: rawB.lot, mass: 400_000 },
      ],
      outputs: [
        { ...kernels, mass: 400_000 },
        { ...shells, mass: 950_000 },
      ],
      place: cashew.FACTORY,
    });
    const report = await judge(replaced(bundle, old, lie), trust);
    expectSaid(report, { question: "anchored", code: "OTHER_CHAIN", subject: digest(lie) });
    expectSaid(report, { question: "complete", code: "OTHER_CHAIN", subject: idOf(kernels.lot) });
    expect(report.questions.authentic).to.equal("holds");
  });

  it("is not complete when an event was left out", async () => {
    const report = await judge(replaced(bundle, the(bundle, "note", rawA.lot)), trust);
    expectSaid(report, { question: "complete", code: "WITHHELD", subject: idOf(rawA.lot) });
    expect(report.questions.anchored).to.equal("unchecked");
  });

  it("is not complete when the harvest of an ancestor was left out", async () => {
    const report = await judge(replaced(bundle, the(bundle, "harvest", rawB.lot)), trust);
    expectSaid(report, { question: "complete", code: "WITHHELD", subject: idOf(rawB.lot) });
    expectSaid(report, { question: "plausible", code: "WITHHELD", subject: idOf(rawB.lot) });
  });

  it("is not complete when where it came from was left out altogether", async () => {
    const statements = bundle.statements.filter((one) => one === the(bundle, "process", bags.lot));
    const report = await judge({ ...bundle, statements }, trust);
    expectSaid(report, { question: "complete", code: "WITHHELD", subject: idOf(kernels.lot) });
  });

  it("is not anchored when two events were swapped", async () => {
    const first = the(bundle, "handOver", rawA.lot);
    const second = the(bundle, "takeOver", rawA.lot);
    const swapped = bundle.statements.map((recorded) =>
      recorded === first ? second : recorded === second ? first : recorded,
    );
    const report = await judge({ ...bundle, statements: swapped }, trust);
    expectSaid(report, { question: "anchored", code: "OTHER_CHAIN", subject: digest(first) });
    expectSaid(report, { question: "complete", code: "OTHER_CHAIN", subject: idOf(rawA.lot) });
  });

  it("is not anchored when a block time was moved", async () => {
    const old = the(bundle, "certify", kernels.lot);
    const report = await judge(replaced(bundle, old, { ...old, time: old.time - 1 }), trust);
    expectSaid(report, { question: "anchored", code: "OTHER_CHAIN", subject: digest(old) });
  });

  it("is not authentic when a record is shown twice", async () => {
    const old = the(bundle, "note", rawA.lot);
    const report = await judge(replaced(bundle, old, old, old), trust);
    expectSaid(report, { question: "authentic", code: "REPLAYED", subject: digest(old) });
    expectSaid(report, { question: "complete", code: "OTHER_CHAIN", subject: idOf(rawA.lot) });
  });

  it("is not authentic when somebody else's document was put under a record", async () => {
    const [one, other] = [the(bundle, "harvest", rawA.lot), the(bundle, "harvest", rawB.lot)];
    const lie = { ...one, document: other.document } as Recorded;
    const report = await judge(replaced(bundle, one, lie), trust);
    expectSaid(report, { question: "authentic", code: "BAD_OPERATION", subject: digest(one) });
  });

  it("is not authentic when somebody else's signature was put under a record", async () => {
    const [one, other] = [the(bundle, "harvest", rawA.lot), the(bundle, "harvest", rawB.lot)];
    const lie = { ...one, signature: other.signature } as Recorded;
    const report = await judge(replaced(bundle, one, lie), trust);
    expectSaid(report, { question: "authentic", code: "BAD_SIGNATURE", subject: digest(one) });
  });

  it("is not authentic when a key signed that the statement does not name", async () => {
    const old = the(bundle, "harvest", rawA.lot);
    const { signature, publicKey } = signed(DEPLOYMENT, cashew.farmB, old);
    const report = await judge(replaced(bundle, old, { ...old, signature, publicKey }), trust);
    expectSaid(report, { question: "authentic", code: "BAD_KEY", subject: digest(old) });
  });

  it("is not complete when a record of another lot is among it", async () => {
    const other = await cashewWorld();
    other.record(
      cashew.works,
      { kind: "intake", ...cashew.abroad, mass: 5, area: "KH", place: cashew.FACTORY },
      cashew.at(70),
    );
    const stray = the(await other.bundleOf(cashew.abroad.lot), "intake", cashew.abroad.lot);
    const honest = await other.bundleOf(bags.lot);
    const report = await judge(
      { ...honest, statements: [...honest.statements, stray] },
      other.trustOf(bags.lot, PLACES),
    );
    expectSaid(report, { question: "complete", code: "BAD_BUNDLE", subject: digest(stray) });
    expectRed(report, "complete");
  });

  it("is not the trail of another lot", async () => {
    const report = await judge(bundle, world.trustOf(kernels.lot, PLACES));
    expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: null });
  });

  it("does not hold for a lot of which nobody recorded anything", async () => {
    const { lot } = cashew.abroad;
    const report = await judge({ ...bundle, lot, statements: [] }, world.trustOf(lot, PLACES));
    expect(report.outcome).to.equal("fails");
    expect(report.questions.current).not.to.equal("holds");
    const known = world.trustOf(bags.lot, PLACES);
    const nothing = { ...bundle, statements: [], packs: [], founders: [], checkpoint: null };
    expectSaid(await judge(nothing, known), { question: "complete", code: "WITHHELD" });
    const never = { head: `0x${"00".repeat(32)}`, holder: `0x${"00".repeat(32)}` } as const;
    const zeros = { ...never, pending: never.head, mass: 0, count: 0, flags: 0 } as const;
    const lots = { [idOf(lot)]: { ...zeros, area: "0x000000000000" } } as const;
    const unknown = { ...trust, lot, state: { ...trust.state, lots } };
    expectSaid(await judge({ ...nothing, lot }, unknown), {
      question: "complete",
      code: "OTHER_CHAIN",
    });
  });

  for (const [what, deployment] of [
    ["chain", { chainId: 1 }],
    ["registry", { parties: `0x${"ab".repeat(20)}` }],
    ["contract of lots", { lots: `0x${"ab".repeat(20)}` }],
    ["contract of certificates", { certificates: `0x${"ab".repeat(20)}` }],
    ["contract of checkpoints", { checkpoints: `0x${"ab".repeat(20)}` }],
  ] as const)
    it(`is not the trail of another ${what}`, async () => {
      const lie = { ...bundle, deployment: { ...bundle.deployment, ...deployment } };
      expectSaid(await judge(lie, trust), {
        question: "authentic",
        code: "OTHER_CHAIN",
        subject: null,
      });
      const theirs = { ...trust, state: { ...trust.state, deployment: lie.deployment } };
      expect((await judge(lie, theirs)).outcome, "signed for ours").to.equal(
        what === "contract of checkpoints" ? "holds" : "fails",
      );
    });

  it("could not be checked where the chain was not asked", async () => {
    const { state } = trust;
    const bare = { ...state, lots: {}, certificates: {}, keys: {}, watches: {} };
    const report = await judge(bundle, { ...trust, state: bare });
    for (const question of ["authentic", "current", "plausible"] as const)
      expect(report.questions[question], question).to.equal("unchecked");
    expect(report.questions.complete).to.equal("unchecked");
    expect(report.outcome).to.equal("unchecked");
  });
});
