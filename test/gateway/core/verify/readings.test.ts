import { expect } from "chai";

import type { Bundle } from "../../../../gateway/core/bundle.ts";
import { fromBase64Url, toBase64Url } from "../../../../gateway/core/bytes.ts";
import { parseCheckpoint, signCheckpoint } from "../../../../gateway/core/checkpoint.ts";
import { parsePack } from "../../../../gateway/core/envelope.ts";
import { idOf } from "../../../../gateway/core/recording.ts";
import type { Trust } from "../../../../gateway/core/verify.ts";
import { SIGNER } from "../../samples.ts";
import * as cashew from "../cashew.ts";
import { at, bags, cashewWorld, dryer, measure, PLACES, rawA, YARD } from "../cashew.ts";
import { deviceOf, HOUR } from "../trails.ts";
import { reading, yardWorld } from "../yard.ts";
import { digest, expectRed, expectSaid, judge, judgeWorld, statementOf } from "./judged.ts";

const seqOf = ({ envelope }: Bundle["packs"][number]): number =>
  parsePack(fromBase64Url(envelope)).seq;
const without = (bundle: Bundle, left: (seq: number) => boolean): Bundle => ({
  ...bundle,
  packs: bundle.packs.filter((pack) => !left(seqOf(pack))),
});

describe("What sensors say", () => {
  let bundle: Bundle;
  let trust: Trust;
  before(async () => {
    const world = await cashewWorld();
    bundle = await world.bundleOf(bags.lot);
    trust = world.trustOf(bags.lot, PLACES);
  });
  const subject = dryer.keyId;
  const withPack = (
    i: number,
    change: (pack: Bundle["packs"][number]) => Bundle["packs"][number],
  ) => ({
    ...bundle,
    packs: bundle.packs.map((pack, k) => (k === i ? change(pack) : pack)),
  });

  it("is not authentic when a reading was forged", async () => {
    const lie = withPack(4, (pack) => ({
      ...pack,
      envelope: toBase64Url(
        fromBase64Url(pack.envelope).map((byte, i, all) =>
          i === all.length - 80 ? byte ^ 1 : byte,
        ),
      ),
    }));
    const report = await judge(lie, trust);
    expect(report.questions.authentic).to.equal("fails");
    expectSaid(report, { question: "complete", code: "WITHHELD", subject });
  });

  it("is not authentic when a pack is shown twice", async () => {
    const [first] = bundle.packs;
    if (first === undefined) throw new Error("no packs");
    const report = await judge({ ...bundle, packs: [...bundle.packs, first] }, trust);
    expectSaid(report, { question: "authentic", code: "REPLAYED", subject });
    expectRed(report, "authentic");
  });

  it("is not authentic when the device said two things under one number", async () => {
    const world = await cashewWorld();
    await world.publish(dryer, { seq: 3 }, [reading(7, 21)]);
    const report = await judgeWorld(world, bags.lot);
    expectSaid(report, { question: "authentic", code: "EQUIVOCATION", subject });
  });

  it("is not authentic from a device that watches something else", async () => {
    const world = await cashewWorld();
    world.enrol(cashew.cooperative, cashew.otherDevice, "device");
    await world.publish(cashew.otherDevice, { seq: 0 }, [reading(10)]);
    const report = await judgeWorld(world, bags.lot);
    const subject = cashew.otherDevice.keyId;
    expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject });
  });

  it("is not authentic from a device whose key had been revoked by then", async () => {
    const world = await cashewWorld();
    const revocation = world.revokeKey(cashew.cooperative, dryer, at(20));
    const report = await judgeWorld(world, bags.lot);
    expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject });
    const shown = report.checks.filter((check) => check.subject === digest(revocation));
    expect(shown.map(({ outcome }) => outcome)).to.deep.equal(["holds"]);
  });

  it("is not authentic from a person's key, nor from a device whose key is not shown", async () => {
    const world = yardWorld();
    await measure(world, 4, 32);
    const known = world.trustOf(rawA.lot, PLACES);
    const key = known.state.keys[dryer.keyId];
    if (key === undefined) throw new Error("the dryer is not known");
    const keys = { ...known.state.keys, [dryer.keyId]: { ...key, roles: 1 } };
    const yard = await world.bundleOf(rawA.lot);
    const report = await judge(yard, { ...known, state: { ...known.state, keys } });
    expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject });
    const nameless = await judge({ ...yard, devices: [] }, known);
    expectSaid(nameless, { question: "authentic", code: "BAD_KEY", subject });
  });

  for (const [damage, change] of [
    ["cut short", (proof: readonly string[]) => proof.slice(1)],
    ["cut at the root", (proof: readonly string[]) => proof.slice(0, -1)],
    ["padded", (proof: readonly string[]) => [...proof, toBase64Url(new Uint8Array(32))]],
    ["reordered", (proof: readonly string[]) => proof.toReversed()],
    ["emptied", () => []],
  ] as const)
    it(`is not anchored when a proof is ${damage}`, async () => {
      const report = await judge(
        withPack(2, (pack) => ({ ...pack, proof: change(pack.proof) })),
        trust,
      );
      expectSaid(report, { question: "anchored", code: "BAD_PROOF", subject });
      expectRed(report, "anchored");
    });

  it("is not anchored when a pack has the place and proof of another", async () => {
    const { index = 0, proof = [] } = bundle.packs[9] ?? {};
    const report = await judge(
      withPack(2, (pack) => ({ ...pack, index, proof })),
      trust,
    );
    expectSaid(report, { question: "anchored", code: "BAD_PROOF", subject });
  });

  it("is not anchored when the log's own key signed a checkpoint that rewrites history", async () => {
    const { origin, publicKey, sign } = SIGNER;
    const honest = await parseCheckpoint(bundle.checkpoint ?? "", { origin, publicKey });
    const root = honest.root.map((byte) => byte ^ 255);
    const checkpoint = await signCheckpoint({ ...honest, root }, publicKey, sign);
    const report = await judge({ ...bundle, checkpoint }, trust);
    expectSaid(report, { question: "anchored", code: "BAD_CHECKPOINT", subject: null });
  });

  it("is not anchored by another key, another log, or no checkpoint at all", async () => {
    const other = { ...bundle.log, publicKey: toBase64Url(new Uint8Array(32).fill(9)) };
    for (const lie of [
      { ...bundle, log: other },
      { ...bundle, log: { ...bundle.log, publicKey: "" } },
      { ...bundle, log: { ...bundle.log, origin: "plotline.test/other" } },
    ])
      expectSaid(await judge(lie, trust), { question: "anchored", code: "BAD_CHECKPOINT" });
    const bare = await judge({ ...bundle, checkpoint: null }, trust);
    expectSaid(bare, { question: "anchored", code: "WITHHELD" });
  });

  it("is not anchored by a size that was never anchored, and unchecked by one that comes later", async () => {
    const { state } = trust;
    const size = bundle.packs.length;
    const root = state.anchored[size] ?? "0x";
    for (const [newest, outcome] of [
      [size + 1, "fails"],
      [size - 1, "unchecked"],
    ] as const) {
      const checkpoint = { root, size: newest, time: at(1) };
      const report = await judge(bundle, {
        ...trust,
        state: { ...state, checkpoint, anchored: {} },
      });
      expect(report.questions.anchored).to.equal(outcome);
    }
    const never = await judge(bundle, {
      ...trust,
      state: { ...state, checkpoint: null, anchored: {} },
    });
    expectSaid(never, { question: "anchored", code: "OTHER_CHAIN" });
  });

  it("is not complete when packs were left out of the middle", async () => {
    const report = await judge(
      without(bundle, (seq) => seq === 9),
      trust,
    );
    const [told] = expectSaid(report, { question: "complete", code: "WITHHELD", subject });
    expect(told?.reason).to.include("between 0/8 and 0/10");
    expectRed(report, "complete");
  });

  it("is not complete when packs were left out at the beginning", async () => {
    const report = await judge(
      without(bundle, (seq) => seq < 5),
      trust,
    );
    const [told] = expectSaid(report, { question: "complete", code: "WITHHELD", subject });
    expect(told?.reason).to.include("before 0/5");
  });

  it("is not complete when a pack was left out whose readings lie between those of one that began before", async () => {
    const world = yardWorld();
    await world.publish(dryer, { seq: 0 }, [reading(3), reading(3.5)]);
    await world.publish(dryer, { seq: 1 }, [reading(5, 70)]);
    await world.publish(dryer, { seq: 2 }, [reading(4), reading(4.5), reading(5.5)]);
    for (let seq = 3; seq < 54; seq++)
      await world.publish(dryer, { seq }, [reading(4.5 + seq / 2)]);
    const yard = await world.bundleOf(rawA.lot);
    const known = world.trustOf(rawA.lot, PLACES);
    expect((await judge(yard, known)).questions.complete).to.equal("holds");
    const first = without(yard, (seq) => seq === 1);
    const [told] = expectSaid(await judge(first, known), {
      question: "complete",
      code: "WITHHELD",
      subject,
    });
    expect(told?.reason).to.equal("packs between 0/0 and 0/2 are not shown");
    expectSaid(
      await judge(
        without(yard, (seq) => seq < 2),
        known,
      ),
      {
        question: "complete",
        code: "WITHHELD",
        subject,
      },
    );
  });

  it("is remarked on when packs were left out at the end, be it a single reading", async () => {
    const world = yardWorld();
    for (let seq = 0; seq < 60; seq++) await world.publish(dryer, { seq }, [reading(4 + seq / 2)]);
    expect((await judgeWorld(world, rawA.lot)).outcome).to.equal("holds");
    const yard = await world.bundleOf(rawA.lot);
    const known = world.trustOf(rawA.lot, PLACES);
    // The goods left at hour 29: the reading of hour 28:30 is pack 49.
    for (const from of [49, 30, 1]) {
      const report = await judge(
        without(yard, (seq) => seq >= from),
        known,
      );
      const outcome = "remark";
      const [told] = expectSaid(report, {
        question: "complete",
        code: "WITHHELD",
        subject,
        outcome,
      });
      expect(told?.reason).to.include("left out");
    }
  });

  it("is remarked on when a device that watches was left out altogether", async () => {
    const world = await cashewWorld();
    const second = deviceOf(cashew.cooperative, "a second sensor");
    world.enrol(cashew.cooperative, second, "device");
    const limits = cashew.LIMITS;
    world.watch(cashew.cooperative, second, { place: YARD, limits, from: at(0), until: at(90) });
    const report = await judgeWorld(world, bags.lot);
    const subject = second.keyId;
    expectSaid(report, { question: "complete", code: "WITHHELD", subject, outcome: "remark" });
    expectSaid(report, { question: "plausible", code: "WITHHELD", subject, outcome: "remark" });
  });

  it("remarks on silence that the numbers prove", async () => {
    const world = yardWorld();
    for (let seq = 0; seq < 28; seq++)
      await world.publish(dryer, { seq }, [reading(4 + seq), reading(4.5 + (seq === 9 ? 0 : seq))]);
    const report = await judgeWorld(world, rawA.lot);
    expect(report.questions.complete).to.equal("holds");
    const quiet = yardWorld();
    for (let seq = 0; seq < 28; seq++) {
      const hour = 4 + seq + (seq > 9 ? 3 : 0);
      await quiet.publish(dryer, { seq }, [reading(hour), reading(hour + 0.5)]);
    }
    const outcome = "remark";
    const said = await judgeWorld(quiet, rawA.lot);
    const [told] = expectSaid(said, { question: "complete", code: "WITHHELD", subject, outcome });
    expect(told?.reason).to.match(
      /^temperature: silent from 2026-02-02T13:30Z to 2026-02-02T17:00Z$/,
    );
  });

  it("takes a restart for what it is, and does not believe that nothing was said before it", async () => {
    const world = yardWorld();
    const speak = async (epoch: number, seq: number, hour: number) =>
      world.publish(dryer, { epoch, seq }, [reading(hour), reading(hour + 0.5)]);
    for (let seq = 0; seq < 10; seq++) await speak(0, seq, 4 + seq);
    for (let seq = 0; seq < 18; seq++) await speak(2, seq, 14 + seq);
    expect((await judgeWorld(world, rawA.lot)).outcome).to.equal("holds");
    const yard = await world.bundleOf(rawA.lot);
    const packs = yard.packs.filter(({ envelope }) => {
      const { epoch, seq } = parsePack(fromBase64Url(envelope));
      return epoch !== 0 || seq !== 9;
    });
    const report = await judge({ ...yard, packs }, world.trustOf(rawA.lot, PLACES));
    const outcome = "remark";
    const [told] = expectSaid(report, { question: "complete", code: "WITHHELD", subject, outcome });
    expect(told?.reason).to.include("left out");
    const begun = yard.packs.filter(({ envelope }) => {
      const { epoch, seq } = parsePack(fromBase64Url(envelope));
      return epoch !== 2 || seq !== 0;
    });
    const cut = await judge({ ...yard, packs: begun }, world.trustOf(rawA.lot, PLACES));
    expectSaid(cut, { question: "complete", code: "WITHHELD", subject });
  });

  it("remarks on readings outside the limits that the owner signed", async () => {
    const world = yardWorld();
    await measure(world, 4, 32, (one, hour) => (hour === 12 ? { ...one, value: 55 } : one));
    const report = await judgeWorld(world, rawA.lot);
    const outcome = "remark";
    const [told] = expectSaid(report, {
      question: "plausible",
      code: "RULE_BROKEN",
      subject,
      outcome,
    });
    expect(told?.reason).to.include("temperature reached 55 Cel");
    expect(report.outcome).to.equal("remark");
  });

  it("does not take for a temperature what probes say without one, or in another unit", async () => {
    const world = yardWorld();
    await measure(world, 4, 32, (one) =>
      one.time === at(12) * 1000 ? { ...one, value: 327.67 } : one,
    );
    expect((await judgeWorld(world, rawA.lot)).outcome).to.equal("holds");
    const kelvin = yardWorld();
    await measure(kelvin, 4, 32, (one) => ({ ...one, value: 303, unit: "K" }));
    const report = await judgeWorld(kelvin, rawA.lot);
    const outcome = "remark";
    const [told] = expectSaid(report, {
      question: "plausible",
      code: "RULE_BROKEN",
      subject,
      outcome,
    });
    expect(told?.reason).to.include("in K");
  });

  it("is not plausible when an older, more patient watch is shown in place of the one that counted", async () => {
    const world = yardWorld();
    const { cooperative } = cashew;
    const patient = [{ name: "temperature", unit: "Cel", max: 99 }];
    const device = deviceOf(cooperative, "a sensor with two watches");
    world.enrol(cooperative, device, "device");
    const old = { place: YARD, limits: patient, from: at(0), until: at(3) };
    const strict = [{ name: "temperature", unit: "Cel", max: 41 }];
    const now = { place: YARD, limits: strict, from: at(3), until: at(90) };
    world.watch(cooperative, device, old);
    const counted = world.watch(cooperative, device, now);
    await measure(world, 4, 32);
    for (let seq = 0; seq < 28; seq++)
      await world.publish(device, { seq }, [reading(4 + seq, 60), reading(4.5 + seq, 60)]);
    const outcome = "remark";
    expectSaid(await judgeWorld(world, rawA.lot), {
      question: "plausible",
      code: "RULE_BROKEN",
      subject: device.keyId,
      outcome,
    });
    const yard = await world.bundleOf(rawA.lot);
    const statements = yard.statements.filter((one) => one !== counted);
    const report = await judge({ ...yard, statements }, world.trustOf(rawA.lot, PLACES));
    expectSaid(report, { question: "plausible", code: "WITHHELD", subject: device.keyId });
  });

  it("could not be checked where the chain was not asked who watches", async () => {
    const { state } = trust;
    const watches = { ...state.watches };
    delete watches[idOf(cashew.FACTORY.uri)];
    const report = await judge(bundle, { ...trust, state: { ...state, watches } });
    expect(report.questions.complete).to.equal("unchecked");
  });

  it("is asked for only while goods of this trail stood there", async () => {
    const world = yardWorld();
    await measure(world, 4, 32, (one, hour) =>
      hour > 29 || hour < 4.9 ? { ...one, value: 90 } : one,
    );
    expect((await judgeWorld(world, rawA.lot)).outcome).to.equal("holds");
  });

  it("is asked for where the goods were, not where somebody recalled them", async () => {
    const world = yardWorld();
    await measure(world, 4, 32, (one, hour) => (hour === 20 ? { ...one, value: 90 } : one));
    const recall = { kind: "recall", lot: rawA.lot, place: cashew.OFFICE } as const;
    const before = await judgeWorld(world, rawA.lot);
    expect(before.questions.plausible).to.equal("remark");
    world.record(cashew.province, recall, at(40));
    world.record(cashew.province, { ...recall, kind: "lift" }, at(41));
    const dwelt = (await judgeWorld(world, rawA.lot)).checks.filter(({ record }) =>
      record.includes(cashew.OFFICE.uri),
    );
    expect(dwelt).to.deep.equal([]);
  });

  it("names the watch that the chain does not have", async () => {
    const world = await cashewWorld();
    const known = world.trustOf(bags.lot, PLACES);
    const honest = await world.bundleOf(bags.lot);
    const watch = statementOf(honest, "Watch");
    const place = idOf(YARD.uri);
    const other = (known.state.watches[place] ?? []).map((one) => ({ ...one, interval: HOUR * 9 }));
    const state = { ...known.state, watches: { ...known.state.watches, [place]: other } };
    const report = await judge(honest, { ...known, state });
    expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: digest(watch) });
  });
});
