import { expect } from "chai";

import { idOf } from "../../../../gateway/core/recording.ts";
import * as cashew from "../cashew.ts";
import {
  abroad,
  at,
  bags,
  cashewWorld,
  foundWorld,
  kernels,
  rawA,
  rawB,
  shells,
} from "../cashew.ts";
import { signed } from "../../../../scripts/season/doors.ts";
import { DEPLOYMENT, type World } from "../trails.ts";
import { digest, expectRed, expectSaid, judge, judgeWorld, statementOf, the } from "./judged.ts";

const { farmA, farmB, works, cooperative, certifier, province } = cashew;
const { FACTORY, FIELD, OFFICE, PLOT_A, PLOT_B, GI } = cashew;

/** Raw nuts come in at the works, from wherever. */
function intake(world: World, made: typeof abroad, mass = 1_000_000, area = "VN-58"): void {
  world.record(works, { kind: "intake", ...made, mass, area, place: FACTORY }, at(3));
}
const shelling = (inputs: readonly { lot: string; mass: number }[], mass: number) =>
  ({ kind: "process", inputs, outputs: [{ ...kernels, mass }], place: FACTORY }) as const;

// The chain of these tests believes everything, so what is told here is what contracts with a hole would have let through.
describe("The rules that a reader applies himself", () => {
  it("are broken by a harvest beyond the quota", async () => {
    const world = foundWorld();
    const harvest = { kind: "harvest", ...rawB, mass: 600_001, plot: PLOT_B } as const;
    const lie = world.record(farmB, { ...harvest, place: FIELD }, at(1));
    const report = await judgeWorld(world, rawB.lot);
    expectSaid(report, { question: "plausible", code: "RULE_BROKEN", subject: digest(lie) });
    expectSaid(report, { question: "current", code: "RULE_BROKEN", subject: idOf(PLOT_B) });
    expectRed(report, "plausible", "current");
  });

  it("are broken by a harvest on somebody else's plot", async () => {
    const world = foundWorld();
    const harvest = { kind: "harvest", ...rawB, mass: 1, plot: PLOT_A, place: FIELD } as const;
    const lie = world.record(farmB, harvest, at(1));
    const report = await judgeWorld(world, rawB.lot);
    expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject: digest(lie) });
  });

  it("are broken where more comes out than goes in", async () => {
    const world = foundWorld();
    intake(world, abroad);
    const lie = world.record(works, shelling([{ lot: abroad.lot, mass: 100 }], 101), at(5));
    const report = await judgeWorld(world, kernels.lot);
    expectSaid(report, { question: "plausible", code: "RULE_BROKEN", subject: digest(lie) });
    expectRed(report, "plausible");
  });

  it("are broken where more is drawn than there is", async () => {
    const world = foundWorld();
    intake(world, abroad, 50);
    const lie = world.record(works, shelling([{ lot: abroad.lot, mass: 51 }], 51), at(5));
    const report = await judgeWorld(world, kernels.lot);
    expectSaid(report, { question: "plausible", code: "RULE_BROKEN", subject: digest(lie) });
  });

  it("are broken where a lot is named twice in one operation", async () => {
    const world = foundWorld();
    intake(world, abroad, 50);
    const twice = [
      { lot: abroad.lot, mass: 50 },
      { lot: abroad.lot, mass: 50 },
    ];
    const lie = world.record(works, shelling(twice, 100), at(5));
    const report = await judgeWorld(world, kernels.lot);
    expectSaid(report, { question: "plausible", code: "BAD_OPERATION", subject: digest(lie) });
  });

  it("are broken where a lot is made of itself", async () => {
    const world = foundWorld();
    intake(world, kernels, 50);
    const lie = world.record(works, shelling([{ lot: kernels.lot, mass: 50 }], 50), at(5));
    const report = await judgeWorld(world, kernels.lot);
    expectSaid(report, { question: "plausible", code: "BAD_OPERATION", subject: digest(lie) });
  });

  it("are broken where two lots are made of each other", async () => {
    const world = foundWorld();
    const make = (from: string, made: typeof bags) =>
      world.record(
        works,
        {
          kind: "process",
          inputs: [{ lot: from, mass: 5 }],
          outputs: [{ ...made, mass: 5 }],
          place: FACTORY,
        },
        at(5),
      );
    make(bags.lot, shells);
    make(shells.lot, bags);
    const report = await judgeWorld(world, bags.lot);
    expectSaid(report, { question: "plausible", code: "RULE_BROKEN" });
  });

  it("are broken by a certificate that is spent twice", async () => {
    const world = await cashewWorld();
    const certify = { kind: "certify", lot: kernels.lot, mass: 100_000, certificate: GI } as const;
    world.record(works, { ...certify, place: FACTORY }, at(61));
    const lie = world.record(works, { ...certify, place: FACTORY }, at(62));
    const report = await judgeWorld(world, bags.lot);
    expectSaid(report, { question: "plausible", code: "RULE_BROKEN", subject: digest(lie) });
  });

  it("are broken where a mixed lot gets the right to an origin", async () => {
    const world = foundWorld();
    cashew.grantGi(world);
    intake(world, abroad, 1_000, "KH");
    world.record(farmA, { kind: "harvest", ...rawA, mass: 9, plot: PLOT_A, place: FIELD }, at(1));
    cashew.pass(world, [farmA, works], { ...rawA, mass: 9 }, { from: FIELD, to: FACTORY, hour: 2 });
    const mix = [
      { lot: rawA.lot, mass: 9 },
      { lot: abroad.lot, mass: 91 },
    ];
    world.record(works, shelling(mix, 100), at(5));
    const certify = { kind: "certify", lot: kernels.lot, mass: 100, certificate: GI } as const;
    const lie = world.record(works, { ...certify, place: FACTORY }, at(6));
    const report = await judgeWorld(world, kernels.lot);
    expectSaid(report, { question: "plausible", code: "RULE_BROKEN", subject: digest(lie) });
    expect(report.origin).to.deep.equal([
      { area: "KH", grown: false, share: 0.91 },
      { area: "VN-58", grown: true, share: 0.09 },
    ]);
  });

  it("are broken where goods that declare an origin get the right to it without a harvest", async () => {
    const world = foundWorld();
    cashew.grantGi(world);
    intake(world, abroad, 1_000, "VN-58");
    const certify = { kind: "certify", lot: abroad.lot, mass: 10, certificate: GI } as const;
    const lie = world.record(works, { ...certify, place: FACTORY }, at(6));
    const report = await judgeWorld(world, abroad.lot);
    expectSaid(report, { question: "plausible", code: "RULE_BROKEN", subject: digest(lie) });
  });

  it("are broken where a segregated lot is mixed", async () => {
    const world = foundWorld();
    const harvest = { kind: "harvest", mass: 10, place: FIELD } as const;
    world.record(farmA, { ...harvest, ...rawA, plot: PLOT_A, segregated: true }, at(1));
    cashew.pass(
      world,
      [farmA, works],
      { ...rawA, mass: 10 },
      { from: FIELD, to: FACTORY, hour: 2 },
    );
    intake(world, abroad, 10);
    const mix = [
      { lot: rawA.lot, mass: 10 },
      { lot: abroad.lot, mass: 10 },
    ];
    const lie = world.record(works, shelling(mix, 20), at(5));
    const report = await judgeWorld(world, kernels.lot);
    expectSaid(report, { question: "plausible", code: "RULE_BROKEN", subject: digest(lie) });
  });

  it("are broken where a harvest is dated before its growing-area code was granted", async () => {
    const world = foundWorld();
    const uri = "https://plotline.example/certificates/late";
    const right = { scheme: "growingArea", uri, area: "VN-58", quota: 100, until: at(3) } as const;
    world.grant(province, farmA, right);
    const harvest = { kind: "harvest", ...rawA, mass: 10, plot: uri, place: FIELD } as const;
    const lie = world.record(farmA, harvest, at(4));
    const report = await judgeWorld(world, rawA.lot);
    expectSaid(report, { question: "plausible", code: "NOT_CURRENT", subject: digest(lie) });
  });

  it("do not let goods from abroad take a harvest's name in another spelling", async () => {
    const world = foundWorld();
    const named = { ...abroad, lot: rawA.lot.replace("-", "%2D") };
    intake(world, named);
    const lie = world.record(works, shelling([{ lot: named.lot, mass: 100 }], 100), at(5));
    const report = await judgeWorld(world, kernels.lot);
    expectSaid(report, { question: "authentic", code: "BAD_IDENTIFIER", subject: digest(lie) });
    expectRed(await judgeWorld(world, named.lot), "authentic");
  });

  it("do not let somebody act who does not hold the lot", async () => {
    const world = foundWorld();
    intake(world, abroad);
    const lie = world.record(
      cooperative,
      { kind: "handOver", lot: abroad.lot, mass: 1_000_000, to: farmA.uri, place: FACTORY },
      at(5),
    );
    const report = await judgeWorld(world, abroad.lot);
    expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject: digest(lie) });
  });

  it("do not let a role do what it may not", async () => {
    const world = foundWorld();
    const lie = world.record(
      farmA,
      { kind: "intake", ...abroad, mass: 5, area: "KH", place: FIELD },
      at(1),
    );
    const report = await judgeWorld(world, abroad.lot);
    expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject: digest(lie) });
    expectRed(report, "authentic", "plausible");
  });

  it("do not let a key of another party sign", async () => {
    const world = foundWorld();
    intake(world, abroad);
    const note = { kind: "note", lot: abroad.lot, step: "storing", place: FACTORY } as const;
    const lie = world.record(works, note, at(4), farmB);
    const bundle = await world.bundleOf(abroad.lot);
    const trust = world.trustOf(abroad.lot, cashew.PLACES);
    const pair = `${works.party}:${farmB.party}` as const;
    const asked = { ...trust, state: { ...trust.state, delegations: { [pair]: 0 } } };
    const report = await judge(bundle, asked);
    expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject: digest(lie) });
    const unasked = await judge(bundle, trust);
    expect(unasked.outcome).to.equal("unchecked");
  });

  it("let an agent record for a farmer who allowed it, and for nobody else", async () => {
    const world = foundWorld();
    world.delegate(farmA, cooperative, at(100));
    const harvest = { kind: "harvest", ...rawA, mass: 10, plot: PLOT_A, place: FIELD } as const;
    world.record(farmA, harvest, at(1), cooperative);
    expect((await judgeWorld(world, rawA.lot)).outcome).to.equal("holds");
    const lie = world.record(
      farmB,
      { kind: "harvest", ...rawB, mass: 10, plot: PLOT_B, place: FIELD },
      at(1),
      cooperative,
    );
    const { state, ...trust } = world.trustOf(rawB.lot, cashew.PLACES);
    const pair = `${farmB.party}:${cooperative.party}` as const;
    const delegations = { ...state.delegations, [pair]: 0 };
    const report = await judge(await world.bundleOf(rawB.lot), {
      ...trust,
      state: { ...state, delegations },
    });
    expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject: digest(lie) });
  });

  it("do not let a key sign before or after its time, or one that nobody enrolled", async () => {
    const world = foundWorld();
    const harvest = { kind: "harvest", mass: 10, plot: PLOT_A, place: FIELD } as const;
    world.record(farmA, { ...harvest, ...rawA }, at(1));
    const trust = world.trustOf(rawA.lot, cashew.PLACES);
    const bundle = await world.bundleOf(rawA.lot);
    const known = trust.state.keys[farmA.keyId];
    if (known === undefined) throw new Error("the farm's key is not known");
    const subject = digest(statementOf(bundle, "Operation"));
    for (const [from, until, code] of [
      [at(2), at(9), "NOT_ALLOWED"],
      [at(0), at(1), "NOT_ALLOWED"],
      [0, 0, "UNKNOWN_SIGNER"],
    ] as const) {
      const keys = { ...trust.state.keys, [farmA.keyId]: { ...known, from, until } };
      const report = await judge(bundle, { ...trust, state: { ...trust.state, keys } });
      expectSaid(report, { question: "authentic", code, subject });
    }
  });

  it("do not let a device's key sign what only people may", async () => {
    const world = foundWorld();
    intake(world, abroad);
    const note = { kind: "note", lot: abroad.lot, step: "storing", place: FACTORY } as const;
    const lie = world.record(cooperative, note, at(4), cashew.dryer);
    const report = await judgeWorld(world, abroad.lot);
    expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject: digest(lie) });
  });

  it("do not let a key use a number twice", async () => {
    const world = foundWorld();
    intake(world, abroad);
    const note = { kind: "note", lot: abroad.lot, step: "storing", place: FACTORY } as const;
    const one = world.record(works, note, at(4));
    const bundle = await world.bundleOf(abroad.lot);
    const statement = { ...one.statement, number: 1 };
    const { name, document, time } = one;
    const told = { name, statement, document } as Parameters<typeof signed<"Operation">>[2];
    const again = { ...signed(DEPLOYMENT, works, told), time } as unknown as typeof one;
    const statements = bundle.statements.map((each) => (each === one ? again : each));
    const report = await judge({ ...bundle, statements }, world.trustOf(abroad.lot, cashew.PLACES));
    expectSaid(report, { question: "authentic", code: "REPLAYED", subject: digest(again) });
  });
});

describe("What is no longer current", () => {
  it("is a lot that was recalled, and all that was made of it", async () => {
    const world = await cashewWorld();
    world.record(province, { kind: "recall", lot: rawA.lot, place: OFFICE }, at(70));
    const report = await judgeWorld(world, bags.lot);
    expectSaid(report, { question: "current", code: "NOT_CURRENT", subject: idOf(rawA.lot) });
    expectRed(report, "current");
    world.record(province, { kind: "lift", lot: rawA.lot, place: OFFICE }, at(71));
    expect((await judgeWorld(world, bags.lot)).outcome).to.equal("holds");
  });

  it("is so even if the recall was left out", async () => {
    const world = await cashewWorld();
    const recall = world.record(province, { kind: "recall", lot: rawA.lot, place: OFFICE }, at(70));
    const bundle = await world.bundleOf(bags.lot);
    const statements = bundle.statements.filter((one) => one !== recall);
    const report = await judge({ ...bundle, statements }, world.trustOf(bags.lot, cashew.PLACES));
    expectSaid(report, { question: "current", code: "NOT_CURRENT", subject: idOf(rawA.lot) });
    expectSaid(report, { question: "complete", code: "WITHHELD", subject: idOf(rawA.lot) });
    expectRed(report, "current", "complete", "plausible");
  });

  it("is a certificate that was revoked, whether or not that is shown", async () => {
    const world = await cashewWorld();
    const revocation = world.revokeGrant(certifier, GI, at(80));
    const report = await judgeWorld(world, bags.lot);
    expectSaid(report, { question: "current", code: "NOT_CURRENT", subject: idOf(GI) });
    expectRed(report, "current");
    const bundle = await world.bundleOf(bags.lot);
    const statements = bundle.statements.filter((one) => one !== revocation);
    const silent = await judge({ ...bundle, statements }, world.trustOf(bags.lot, cashew.PLACES));
    expectSaid(silent, { question: "current", code: "NOT_CURRENT", subject: idOf(GI) });
  });

  it("is a claim that expired, while a growing-area code may end after its harvest", async () => {
    const world = await cashewWorld();
    const trust = world.trustOf(bags.lot, cashew.PLACES);
    const bundle = await world.bundleOf(bags.lot);
    const [plot, claim] = [idOf(PLOT_A), idOf(GI)].map((id) => trust.state.certificates[id]);
    if (plot === undefined || claim === undefined) throw new Error("no certificates");
    const later = { ...trust.state.block, time: claim.until };
    const report = await judge(bundle, { ...trust, state: { ...trust.state, block: later } });
    expectSaid(report, { question: "current", code: "NOT_CURRENT", subject: idOf(GI) });
    const subjects = report.checks.filter(({ code }) => code === "NOT_CURRENT");
    expect(subjects.map(({ subject }) => subject)).to.deep.equal([idOf(GI)]);
  });
});

describe("A note of whoever did not hold the goods", () => {
  it("turns no trail red when its signer's key is ended for the past", async () => {
    const world = await cashewWorld();
    world.revokeKey(province, certifier, at(10)); // who had looked at the goods in hour 20
    const report = await judgeWorld(world, bags.lot);
    const subject = digest(the(await world.bundleOf(bags.lot), "note", rawA.lot));
    expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject, outcome: "remark" });
    expect(report.outcome).to.equal("remark");
  });

  it("turns it red where they were its signer's, or another act is its", async () => {
    for (const ended of [cashew.farmA, works]) {
      const world = await cashewWorld();
      const note = { kind: "note", lot: bags.lot, step: "storing", place: FACTORY } as const;
      const own = world.record(works, note, at(70));
      world.revokeKey(province, ended, ended === works ? at(65) : at(0));
      const report = await judgeWorld(world, bags.lot);
      const subject =
        ended === works
          ? digest(own)
          : digest(the(await world.bundleOf(bags.lot), "harvest", rawA.lot));
      expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject });
    }
  });
});
