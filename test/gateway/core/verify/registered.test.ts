import { expect } from "chai";

import type { Bundle, Recorded } from "../../../../gateway/core/bundle.ts";
import { toHex } from "../../../../gateway/core/bytes.ts";
import { contentHash } from "../../../../gateway/core/canonical.ts";
import { idOf } from "../../../../gateway/core/recording.ts";
import { namesIn, partyIn } from "../../../../gateway/core/trail-names.ts";
import type { Document } from "../../../../gateway/core/statement.ts";
import type { Trust } from "../../../../gateway/core/verify.ts";
import { keysOf } from "../../../../scripts/season/cast.ts";
import { signed } from "../../../../scripts/season/doors.ts";
import * as cashew from "../cashew.ts";
import { bags, cashewWorld, dryer, GI, PLACES } from "../cashew.ts";
import { actor, DEPLOYMENT, type Actor } from "../trails.ts";
import {
  digest,
  expectRed,
  expectSaid,
  judge,
  judgeWorld,
  replaced,
  statementOf,
} from "./judged.ts";

describe("What a trail rests on", () => {
  let bundle: Bundle;
  let trust: Trust;
  before(async () => {
    const world = await cashewWorld();
    bundle = await world.bundleOf(bags.lot);
    trust = world.trustOf(bags.lot, PLACES);
  });

  /** The same statement with other members, or another document, signed by whoever would lie. */
  function resigned(old: Recorded, who: Actor, members: object, document?: Document): Recorded {
    const content = document === undefined ? {} : { content: toHex(contentHash(document)) };
    const statement = {
      ...old.statement,
      party: who.party,
      key: who.keyId,
      ...members,
      ...content,
    };
    const told = { name: old.name, statement, document: document ?? old.document };
    const lie = signed(DEPLOYMENT, who, told as unknown as Recorded);
    return { ...lie, time: old.time } as unknown as Recorded;
  }
  const gi = (): Recorded =>
    statementOf(bundle, "Grant", ({ name, statement }) =>
      name === "Grant" ? statement.certificate === idOf(GI) : false,
    );
  const introduces =
    ({ keyId }: Actor) =>
    ({ name, statement }: Recorded): boolean =>
      name === "Enrolment" && statement.subjectKey === keyId;
  const enrolmentOf = (who: Actor): Recorded => statementOf(bundle, "Enrolment", introduces(who));

  it("is the certificate that the chain has, and no word in it is another", async () => {
    const old = gi();
    const document = { ...old.document, number: "GI-9" };
    const altered = await judge(replaced(bundle, old, { ...old, document } as Recorded), trust);
    expectSaid(altered, { question: "authentic", code: "BAD_OPERATION", subject: digest(old) });
    const lie = resigned(old, cashew.certifier, {}, document);
    const report = await judge(replaced(bundle, old, lie), trust);
    expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: digest(lie) });
    expectRed(report, "authentic");
  });

  for (const [member, value] of [
    ["quota", 9_000_000],
    ["until", 9_000_000_000],
    ["from", 0],
  ] as const)
    it(`is the certificate that the chain has, with its own ${member}`, async () => {
      const lie = resigned(gi(), cashew.certifier, { [member]: value });
      const report = await judge(replaced(bundle, gi(), lie), trust);
      expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: digest(lie) });
    });

  it("is a certificate of the issuer who gave it, not of anybody who has a key", async () => {
    const lie = resigned(gi(), cashew.farmA, {}, { ...gi().document, issuer: cashew.farmA.uri });
    const report = await judge(replaced(bundle, gi(), lie), trust);
    expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: digest(lie) });
    const forWhom = resigned(gi(), cashew.farmA, {});
    const other = await judge(replaced(bundle, gi(), forWhom), trust);
    expectSaid(other, { question: "authentic", code: "BAD_OPERATION", subject: digest(forWhom) });
  });

  it("is a certificate whose document says what its issuer signed for the chain", async () => {
    const world = await cashewWorld();
    const honest = await world.bundleOf(bags.lot);
    const { state, ...trust } = world.trustOf(bags.lot, PLACES);
    const old = gi();
    const lie = resigned(old, cashew.certifier, {}, { ...old.document, area: "VN-01" });
    const content = "content" in lie.statement ? lie.statement.content : idOf("");
    const known = state.certificates[idOf(GI)];
    if (known === undefined) throw new Error("no certificate");
    const certificates = { ...state.certificates, [idOf(GI)]: { ...known, content } };
    const statements = honest.statements.map((one) => (digest(one) === digest(old) ? lie : one));
    const report = await judge(
      { ...honest, statements },
      { ...trust, state: { ...state, certificates } },
    );
    expectSaid(report, { question: "authentic", code: "BAD_OPERATION", subject: digest(lie) });
    expectRed(report, "authentic");
  });

  it("is shown: a certificate that goods rest on is not kept back", async () => {
    const report = await judge(replaced(bundle, gi()), trust);
    expectSaid(report, { question: "current", code: "WITHHELD", subject: idOf(GI) });
  });

  it("is all that is shown: no certificate beside it that nothing here rests on", async () => {
    const world = await cashewWorld();
    const uri = "https://plotline.example/certificates/organic-1";
    const right = { scheme: "organic", uri, area: null, quota: 1 } as const;
    const stray = world.grant(cashew.certifier, cashew.works, right);
    const honest = await world.bundleOf(bags.lot);
    const lie = { ...honest, statements: [...honest.statements, stray] };
    const report = await judge(lie, world.trustOf(bags.lot, PLACES));
    expectSaid(report, { question: "complete", code: "BAD_BUNDLE", subject: digest(stray) });
    expectRed(report, "complete");
  });

  it("is not a certificate that the chain does not have", async () => {
    const uri = "https://plotline.example/certificates/organic-1";
    const document = { ...gi().document, uri, scheme: "organic" };
    const lie = resigned(gi(), cashew.certifier, { certificate: idOf(uri), scheme: 3 }, document);
    const nothing = {
      issuer: idOf(""),
      holder: idOf(""),
      scheme: 0,
      area: "0x000000000000",
    } as const;
    const zeros = { quota: 0, spent: 0, from: 0, until: 0, revoked: 0, content: idOf("") };
    const certificates = { ...trust.state.certificates, [idOf(uri)]: { ...nothing, ...zeros } };
    const statements = [...bundle.statements, lie];
    const report = await judge(
      { ...bundle, statements },
      { ...trust, state: { ...trust.state, certificates } },
    );
    expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: digest(lie) });
  });

  it("is the enrolment that the chain has: same name, same party, same role", async () => {
    const old = enrolmentOf(cashew.farmA);
    const document = { ...old.document, name: { vi: "Hộ khác", en: "Another farm" } };
    for (const lie of [
      resigned(old, cashew.cooperative, {}, document),
      resigned(old, cashew.cooperative, { roles: 32 }),
      resigned(old, cashew.cooperative, { from: 5 }),
    ]) {
      const report = await judge(replaced(bundle, old, lie), trust);
      expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: digest(lie) });
      expectRed(report, "authentic");
    }
  });

  it("is a founder's document whose hash the chain holds, for the party that it names", async () => {
    const [founder] = bundle.founders;
    if (founder === undefined) throw new Error("nobody founded this");
    const subject = founder.key;
    const document = { ...founder.document, name: { vi: "X", en: "X" } };
    const lie = await judge({ ...bundle, founders: [{ ...founder, document }] }, trust);
    expectSaid(lie, { question: "authentic", code: "OTHER_CHAIN", subject });
    const other = { ...founder.document, uri: cashew.farmA.uri };
    const known = trust.state.keys[founder.key];
    if (known === undefined) throw new Error("the founder is not known");
    const content = toHex(contentHash(other));
    const keys = { ...trust.state.keys, [founder.key]: { ...known, content } };
    const report = await judge(
      { ...bundle, founders: [{ ...founder, document: other }] },
      { ...trust, state: { ...trust.state, keys } },
    );
    expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject });
  });

  it("is not a revocation, of a key or certificate, that the chain does not have", async () => {
    const world = await cashewWorld();
    const key = world.revokeKey(cashew.cooperative, cashew.works, cashew.at(900));
    const right = world.revokeGrant(cashew.certifier, GI, cashew.at(80));
    const statements = [...bundle.statements, key, right];
    const report = await judge({ ...bundle, statements }, trust);
    for (const lie of [key, right])
      expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: digest(lie) });
  });

  for (const [what, old, who] of [
    ["enrolment", () => enrolmentOf(cashew.farmA), cashew.farmB],
    ["watch", () => statementOf(bundle, "Watch"), cashew.works],
  ] as const)
    it(`is not the same ${what}, signed by somebody who could not have`, async () => {
      const lie = resigned(old(), who, { number: 0 });
      const report = await judge(replaced(bundle, old(), lie), trust);
      expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: digest(lie) });
    });

  for (const [what, lies] of [
    ["enrolment", () => [enrolmentOf(cashew.farmA), enrolmentOf(dryer)]],
    ["watch", () => [statementOf(bundle, "Watch")]],
  ] as const)
    it(`is not the same ${what}, signed by a cooperative that answers for others`, async () => {
      const world = await cashewWorld();
      const stranger = actor("another cooperative", "9520001000317");
      world.enrol(cashew.province, stranger, "cooperative");
      const [honest, trusted] = [await world.bundleOf(bags.lot), world.trustOf(bags.lot, PLACES)];
      for (const old of lies()) {
        const lie = resigned(old, stranger, { number: 0 });
        const statements = honest.statements.map((one) =>
          digest(one) === digest(old) ? lie : one,
        );
        const report = await judge({ ...honest, statements }, trusted);
        expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: digest(lie) });
        expectRed(report, "authentic");
        const state = { ...trusted.state, sponsors: {} };
        const unasked = await judge({ ...honest, statements }, { ...trusted, state });
        expect(unasked.questions.authentic).to.equal("unchecked");
      }
    });

  it("is no other sensor's watch in the words of an authority, which ends keys and watches nothing", async () => {
    const old = statementOf(bundle, "Watch");
    const lie = resigned(old, cashew.certifier, { number: 0 });
    const known = trust.state.keys[cashew.certifier.keyId];
    if (known === undefined) throw new Error("the certifier is not known");
    const keys = { ...trust.state.keys, [cashew.certifier.keyId]: { ...known, roles: 32 } };
    const state = { ...trust.state, keys };
    const report = await judge(replaced(bundle, old, lie), { ...trust, state });
    expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: digest(lie) });
  });

  it("is a key's end in the words of its party, of who enrolled it, or of an authority", async () => {
    for (const [who, wanted] of [
      [cashew.works, "holds"],
      [cashew.cooperative, "holds"],
      [cashew.province, "holds"],
      [actor("another cooperative", "9520001000317"), "fails"],
    ] as const) {
      const world = await cashewWorld();
      if (wanted === "fails") world.enrol(cashew.province, who, "cooperative");
      const end = world.revokeKey(who, cashew.works, cashew.at(900));
      const report = await judgeWorld(world, bags.lot);
      const told = report.checks.filter(({ subject }) => subject === digest(end));
      expect(told.map(({ outcome }) => outcome)).to.deep.equal([wanted]);
    }
  });

  it("is a certificate's end in the words of who ended it, not of anybody who has a key", async () => {
    const world = await cashewWorld();
    const honest = world.revokeGrant(cashew.certifier, GI, cashew.at(80));
    const [shown, ended] = [await world.bundleOf(bags.lot), world.trustOf(bags.lot, PLACES)];
    const document = { type: "Reason", text: "the issuer was convicted" };
    const lie = resigned(honest, cashew.farmA, { number: 0 }, document);
    const report = await judge(replaced(shown, honest, lie), ended);
    expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: digest(lie) });
    expect((await judge(shown, ended)).questions.authentic).to.equal("holds");
  });

  it("is no revocation of a key that ends when its enrolment does", async () => {
    const world = await cashewWorld();
    const end = enrolmentOf(cashew.works).statement as { until: number };
    const lie = world.revokeKey(cashew.cooperative, cashew.works, end.until);
    const statements = [...bundle.statements, lie];
    const later = world.trustOf(bags.lot, PLACES);
    const report = await judge({ ...bundle, statements }, later);
    expectSaid(report, { question: "authentic", code: "REPLAYED", subject: digest(lie) });
  });

  it("is not an allowance that nobody gave", async () => {
    const world = await cashewWorld();
    const lie = world.delegate(cashew.farmA, cashew.works, 2_000_000_000);
    const statements = [...bundle.statements, lie];
    const delegations = { [`${cashew.farmA.party}:${cashew.works.party}`]: 0 } as const;
    const report = await judge(
      { ...bundle, statements },
      { ...trust, state: { ...trust.state, delegations } },
    );
    expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: digest(lie) });
    const { keys } = world.trustOf(bags.lot, PLACES).state;
    const unasked = { ...trust, state: { ...trust.state, keys } };
    const asked = await judge({ ...bundle, statements }, unasked);
    expect(asked.questions.authentic).to.equal("unchecked");
  });

  it("is nothing that its key would have signed later: the chain knows the key's last number", async () => {
    const world = await cashewWorld();
    const later = world.delegate(cashew.farmA, cashew.cooperative, 2_000_000_000);
    const delegations = { [`${cashew.farmA.party}:${cashew.cooperative.party}`]: 1 } as const;
    const report = await judge(
      { ...bundle, statements: [...bundle.statements, later] },
      { ...trust, state: { ...trust.state, delegations } },
    );
    expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: digest(later) });
  });

  it("was taken between the blocks of what the same key signed before and after", async () => {
    const world = await cashewWorld();
    const early = world.delegate(cashew.certifier, cashew.cooperative, 2_000_000_000);
    const note = { kind: "note", step: "storing", place: cashew.FACTORY } as const;
    world.record(cashew.certifier, { ...note, lot: cashew.rawA.lot }, cashew.at(60));
    const honest = await world.bundleOf(bags.lot);
    const trusted = world.trustOf(bags.lot, PLACES);
    expect((await judge(honest, trusted)).outcome).to.equal("holds");
    const old = statementOf(honest, "Delegation", (one) => digest(one) === digest(early));
    for (const time of [cashew.at(6), cashew.at(200)]) {
      const report = await judge(replaced(honest, old, { ...old, time } as Recorded), trusted);
      expectSaid(report, { question: "authentic", code: "REPLAYED", subject: digest(old) });
    }
  });

  it("is not two records under one number of a key", async () => {
    const old = enrolmentOf(cashew.farmA);
    const again = resigned(old, cashew.cooperative, { until: 2_000_000_000 });
    const report = await judge(replaced(bundle, old, old, again), trust);
    expectSaid(report, { question: "authentic", code: "REPLAYED", subject: digest(again) });
  });

  it("has names: a party of which nobody says who it is, is a remark", async () => {
    const old = enrolmentOf(cashew.farmA);
    const report = await judge(replaced(bundle, old), trust);
    const outcome = "remark";
    const subject = cashew.farmA.party;
    expectSaid(report, { question: "complete", code: "NOT_FOUND", subject, outcome });
    const nobody = await judge({ ...bundle, founders: [] }, trust);
    expectSaid(nobody, { question: "complete", code: "NOT_FOUND", outcome });
  });

  it("has names that others gave: what a party calls itself, with a key of its own, is a remark", async () => {
    const world = await cashewWorld();
    const second = { ...cashew.cooperative, ...keysOf("a second key of the cooperative") };
    const own = world.enrol(cashew.cooperative, second, "processor");
    const honest = await world.bundleOf(bags.lot);
    const trusted = world.trustOf(bags.lot, PLACES);
    expect((await judge(honest, trusted)).outcome).to.equal("holds");
    const lie = replaced(honest, statementOf(honest, "Enrolment", introduces(cashew.cooperative)));
    expect(lie.statements).to.include(own);
    const subject = cashew.cooperative.party;
    const outcome = "remark";
    const report = await judge(lie, trusted);
    expectSaid(report, { question: "complete", code: "NOT_FOUND", subject, outcome });
    expect(partyIn(namesIn(lie), subject).name).to.equal(undefined);
  });

  it("is no founder whom governance did not found, by whatever it calls itself", async () => {
    const world = await cashewWorld();
    const second = { ...cashew.cooperative, ...keysOf("a second key of the cooperative") };
    const { document } = world.enrol(cashew.cooperative, second, "processor");
    const honest = await world.bundleOf(bags.lot);
    const trusted = world.trustOf(bags.lot, PLACES);
    const { statements, founders } = honest;
    const posing = { key: second.keyId, document: document ?? {} };
    const lie = { ...honest, statements, founders: [...founders, posing] };
    const report = await judge(lie, trusted);
    expectSaid(report, { question: "authentic", code: "OTHER_CHAIN", subject: second.keyId });
    expectRed(report, "authentic");
    const state = { ...trusted.state, sponsors: {} };
    const unasked = await judge(honest, { ...trusted, state });
    const checks = unasked.checks.filter(({ subject }) => subject === founders[0]?.key);
    expect(checks.map(({ outcome }) => outcome)).to.deep.equal(["unchecked"]);
  });

  it("is in the log that the reader pinned, and in no other that governance opened", async () => {
    const [first] = bundle.packs;
    expect(first).not.to.equal(undefined);
    const other = { ...trust, log: { origin: "another.example/log", publicKey: "" } };
    expectSaid(await judge(bundle, other), { question: "anchored", code: "OTHER_CHAIN" });
    const key = { ...trust, log: { ...bundle.log, publicKey: "A".repeat(43) } };
    expectSaid(await judge(bundle, key), { question: "anchored", code: "OTHER_CHAIN" });
    const outcome = "remark";
    const any = await judge(bundle, { ...trust, log: null });
    expectSaid(any, { question: "anchored", code: "OTHER_CHAIN", outcome });
  });

  it("holds with everything that a chain took beside it", async () => {
    const world = await cashewWorld();
    world.delegate(cashew.farmA, cashew.cooperative, 2_000_000_000);
    world.revokeKey(cashew.cooperative, cashew.farmA, cashew.at(900));
    expect((await judgeWorld(world, bags.lot)).outcome).to.equal("holds");
  });
});
