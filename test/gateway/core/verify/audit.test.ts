import { expect } from "chai";

import type { Bundle } from "../../../../gateway/core/bundle.ts";
import { fromBase64Url } from "../../../../gateway/core/bytes.ts";
import { bundleOf as entriesBundle } from "../../../../gateway/core/tile-path.ts";
import { auditLog, type ReadEntries } from "../../../../gateway/core/verify/audit.ts";
import { verifyTrail, type Trust } from "../../../../gateway/core/verify.ts";
import { expectRejection } from "../../../refusal.ts";
import { at, bags, cashewWorld, certifier, dryer, PLACES, province, YARD } from "../cashew.ts";
import { deviceOf } from "../trails.ts";
import { reading } from "../yard.ts";

describe("The audit of a whole log", () => {
  let bundle: Bundle;
  let trust: Trust;
  let entries: readonly Uint8Array[];
  before(async () => {
    const world = await cashewWorld();
    bundle = await world.bundleOf(bags.lot);
    trust = world.trustOf(bags.lot, PLACES);
    entries = bundle.packs.map(({ envelope }) => fromBase64Url(envelope));
  });
  const serving =
    (served: readonly Uint8Array[]): ReadEntries =>
    () =>
      Promise.resolve(entriesBundle(served));
  const audit = (shown: Bundle, served = entries) => auditLog(shown, trust, serving(served));

  it("holds where every pack of the place and time is shown", async () => {
    const [whole, ...others] = await audit(bundle);
    expect(whole).to.include({ question: "complete", outcome: "holds", record: "the whole log" });
    expect(others).to.deep.equal([]);
  });

  it("names the packs that were withheld after the last shown, which a bundle alone cannot prove", async () => {
    const shown = { ...bundle, packs: bundle.packs.slice(0, -6) };
    expect((await verifyTrail(shown, trust)).questions.complete).to.equal("remark");
    const missing = (await audit(shown)).filter(({ outcome }) => outcome === "fails");
    expect(missing.length).to.be.greaterThan(0);
    expect(missing[0]).to.include({ code: "WITHHELD", subject: dryer.keyId });
  });

  it("only remarks on those of a stranger's device, of which a bundle shows a share", async () => {
    const world = await cashewWorld();
    const rogue = deviceOf(certifier, "a stranger's device");
    world.enrol(province, rogue, "device");
    world.watch(certifier, rogue, { place: YARD, limits: [], from: at(0), until: at(2_000) });
    await world.publish(rogue, { seq: 0 }, [reading(10)]);
    const { packs, ...others } = await world.bundleOf(bags.lot);
    const served = packs.map(({ envelope }) => fromBase64Url(envelope));
    const shown = { ...others, packs: packs.slice(0, -1) };
    const [, missing] = await auditLog(shown, world.trustOf(bags.lot, PLACES), serving(served));
    expect(missing).to.include({ outcome: "remark", code: "WITHHELD", subject: rogue.keyId });
  });

  it("does not believe entries that do not lead to the root on the chain", async () => {
    const [first, ...rest] = entries;
    const bent = Uint8Array.from(first ?? [], (byte, i) => (i === 40 ? byte ^ 1 : byte));
    for (const served of [[bent, ...rest], rest, entries.toReversed()]) {
      const [whole] = await audit(bundle, served);
      expect(whole).to.include({ outcome: "fails", code: "BAD_PROOF" });
    }
  });

  it("leaves open what the chain has no checkpoint for", async () => {
    const unread = { ...trust, state: { ...trust.state, checkpoint: null } };
    const [whole, ...others] = await auditLog(bundle, unread, serving(entries));
    expect(whole).to.include({ outcome: "unchecked", code: "UNAVAILABLE" });
    expect(others).to.deep.equal([]);
  });

  it("holds nobody to a pack that its device never signed, whoever appended it", async () => {
    const honest = fromBase64Url(bundle.packs.at(-6)?.envelope ?? "");
    const forged = honest.map((byte, i) => (i === honest.length - 1 ? byte ^ 1 : byte));
    const shown = { ...bundle, packs: bundle.packs.slice(0, -6) };
    const named = async (served: readonly Uint8Array[]) =>
      (await audit(shown, served)).filter(({ code }) => code === "WITHHELD").length;
    expect(await named(entries)).to.be.greaterThan(0);
    expect(await named([forged, ...entries.slice(1)])).to.equal(await named(entries));
  });

  it("refuses a bundle that is none", async () => {
    await expectRejection("BAD_BUNDLE", auditLog({}, trust, serving(entries)));
  });
});
