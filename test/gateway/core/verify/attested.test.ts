import { expect } from "chai";

import type { Bundle } from "../../../../gateway/core/bundle.ts";
import type { Attestation, Reading } from "../../../../gateway/core/envelope.ts";
import { ROLES } from "../../../../gateway/core/operations.ts";
import { readingsIn } from "../../../../gateway/core/sensor-view.ts";
import { viewOf } from "../../../../gateway/core/trail-view.ts";
import type { Report } from "../../../../gateway/core/verify/report.ts";
import * as cashew from "../cashew.ts";
import { at, PLACES, rawA, YARD } from "../cashew.ts";
import { deviceOf, type World } from "../trails.ts";
import { expectRed, expectSaid, judge, judgeWorld } from "./judged.ts";

const source = deviceOf(cashew.cooperative, "a sensor behind a network server");
const SAID = "attested by the network server (chirpstack), not signed by the device";
const attested = (lost = 0): Attestation => ({
  source: "chirpstack",
  message: `0x${"5a".repeat(32)}`,
  lost,
});

/** Goods that stand in the yard for a day, watched by a sensor that does not sign, and its packs by the hour. */
async function yard(
  role: "device" | "networkServer",
  attestation: (hour: number) => Attestation | undefined,
): Promise<World> {
  const { cooperative, farmA, works, FIELD, FACTORY } = cashew;
  const world = cashew.foundWorld();
  world.enrol(cooperative, source, role);
  const limits = cashew.LIMITS;
  world.watch(cooperative, source, { place: YARD, limits, from: at(0), until: at(2_000) });
  const plot = cashew.PLOT_A;
  world.record(farmA, { kind: "harvest", ...rawA, mass: 10, plot, place: FIELD }, at(1));
  const lot = { ...rawA, mass: 10 };
  cashew.pass(world, [farmA, cooperative], lot, { from: FIELD, to: YARD, hour: 4.75 });
  cashew.pass(world, [cooperative, works], lot, { from: YARD, to: FACTORY, hour: 28.75 });
  for (let hour = 4; hour < 32; hour++) {
    const records = [0, 0.5].map((half): Reading => ({
      name: "temperature",
      unit: "Cel",
      value: 30,
      time: at(hour + half) * 1_000,
    }));
    const said = attestation(hour);
    await world.publish(source, { seq: hour - 4, ...(said && { attested: said }) }, records);
  }
  return world;
}

const ofPacks = ({ checks }: Report) =>
  checks.filter(({ question, record }) => question === "authentic" && record.includes(" pack "));

/** As a gateway shows it that had each pack so long after its last reading. */
const received = (bundle: Bundle, late: (index: number) => number): Bundle => ({
  ...bundle,
  packs: bundle.packs.map((pack) => ({
    ...pack,
    received: at(4 + pack.index + 0.5) * 1_000 + late(pack.index),
  })),
});
const HOUR = 3_600_000;

describe("What a network server attests", () => {
  let world: World;
  before(async () => {
    world = await yard("networkServer", () => attested());
  });

  it("holds, and every pack says in words whose word it is", async () => {
    const report = await judgeWorld(world, rawA.lot);
    expect(report.questions.authentic).to.equal("holds");
    expect(ofPacks(report)).to.have.length(28);
    for (const { outcome, reason, record } of ofPacks(report)) {
      expect([outcome, reason]).to.deep.equal(["holds", SAID]);
      expect(record).to.match(/^source 0x/);
    }
  });

  it("is not said of what a device signed", async () => {
    const signed = await judgeWorld(await yard("device", () => undefined), rawA.lot);
    expect(signed.questions.authentic).to.equal("holds");
    for (const { reason } of ofPacks(signed)) expect(reason).to.equal(undefined);
  });

  it("is not authentic when its key poses as a device", async () => {
    const report = await judgeWorld(await yard("networkServer", () => undefined), rawA.lot);
    expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject: source.keyId });
    expectRed(report, "authentic");
  });

  it("is not authentic when a device's key poses as a network server", async () => {
    const report = await judgeWorld(await yard("device", () => attested()), rawA.lot);
    expectSaid(report, { question: "authentic", code: "NOT_ALLOWED", subject: source.keyId });
    expectRed(report, "authentic");
  });

  it("is not authentic in any statement: its key signs readings only", async () => {
    const bundle = await world.bundleOf(rawA.lot);
    const trust = world.trustOf(rawA.lot, PLACES);
    const { keyId } = cashew.cooperative;
    const key = trust.state.keys[keyId];
    if (key === undefined) throw new Error("the cooperative is not known");
    const keys = { ...trust.state.keys, [keyId]: { ...key, roles: ROLES.networkServer } };
    const report = await judge(bundle, { ...trust, state: { ...trust.state, keys } });
    expectSaid(report, { question: "authentic", code: "NOT_ALLOWED" });
  });

  it("remarks on messages that the device's counter says are lost, in the window alone", async () => {
    const lossy = await yard("networkServer", (hour) =>
      attested(hour === 10 || hour === 31 ? 3 : 0),
    );
    const report = await judgeWorld(lossy, rawA.lot);
    const wanted = { question: "complete", code: "WITHHELD", subject: source.keyId } as const;
    const said = expectSaid(report, { ...wanted, outcome: "remark" });
    expect(said.map(({ reason }) => reason)).to.deep.equal([
      "3 messages of the device before pack 0/6 never came",
    ]);
  });

  it("remarks on what came late, by the word of the gateway that shows it", async () => {
    const bundle = await world.bundleOf(rawA.lot);
    const trust = world.trustOf(rawA.lot, PLACES);
    const late = await judge(
      received(bundle, (index) => (index === 6 ? 5.5 * HOUR : 0)),
      trust,
    );
    const wanted = { question: "complete", code: "CLOCK", subject: source.keyId } as const;
    const said = expectSaid(late, { ...wanted, outcome: "remark" });
    expect(said.map(({ reason }) => reason)).to.deep.equal([
      "readings came up to 5.5 h late, the gateway says",
    ]);
    const soon = await judge(
      received(bundle, () => HOUR),
      trust,
    );
    expect(soon.checks.filter(({ code }) => code === "CLOCK")).to.deep.equal([]);
  });

  it("is refused with an arrival that is no time", async () => {
    const bundle = await world.bundleOf(rawA.lot);
    const lie = received(bundle, () => 0.5);
    const report = await judge(lie, world.trustOf(rawA.lot, PLACES));
    expectSaid(report, { question: "authentic", code: "BAD_BUNDLE" });
  });

  it("is shown as attested, and late, where people read", async () => {
    const bundle = received(await world.bundleOf(rawA.lot), (i) => (i === 6 ? 5.5 * HOUR : 0));
    const [series] = viewOf(bundle, { readings: readingsIn(bundle), now: at(100) }).series;
    expect(series).to.include({ name: "temperature", attested: true, late: 5.5 * HOUR });
  });
});
