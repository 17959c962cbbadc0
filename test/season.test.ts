import { expect } from "chai";

import type { Bundle, Recorded } from "../gateway/core/bundle.ts";
import { fromBase64Url, toBase64Url, toHex, type Hex } from "../gateway/core/bytes.ts";
import { contentHash } from "../gateway/core/canonical.ts";
import { parseCheckpoint, signCheckpoint } from "../gateway/core/checkpoint.ts";
import { digestOf } from "../gateway/core/operations.ts";
import { idOf } from "../gateway/core/recording.ts";
import type { TraceErrorCode } from "../gateway/core/trace-error.ts";
import { verifyTrail } from "../gateway/core/verify.ts";
import { QUESTIONS, type Question, type Report } from "../gateway/core/verify/report.ts";
import { logSigner } from "../gateway/log-signer.ts";
import { CERTIFICATES, DEVICES, GI, LOTS, PEOPLE, PLACES } from "../scripts/season/cast.ts";
import { ask, signed, submit } from "../scripts/season/doors.ts";
import { on } from "../scripts/season/time.ts";
import { operations, replaced, sameAs, signedLie, the, turnedDown, type Lie } from "./lies.ts";
import { LOG_SEED, playedSeason, type Season } from "./season.ts";

type Wrong = { readonly question: Question; readonly code: TraceErrorCode; readonly subject?: Hex };

describe("A season, and the lies about it", function () {
  this.timeout(180_000);
  let season: Season;
  let pure: Bundle;
  let mixed: Bundle;
  before(async () => {
    season = await playedSeason();
    pure = await season.bundleOf(LOTS.bags.lot);
    mixed = await season.bundleOf(LOTS.mixedBags.lot);
  });
  after(() => season.gateway.end());

  /** What a reader who asked for `lot` is told of these bytes. */
  const judge = async (bundle: Bundle, lot = bundle.lot): Promise<Report> =>
    verifyTrail(bundle, await season.trustOf(bundle, lot));

  /** The question turns red, for this reason, and names this record. */
  function expectRed(report: Report, { question, code, subject }: Wrong): void {
    const found = report.checks.filter(
      (check) => check.question === question && check.outcome === "fails" && check.code === code,
    );
    expect(
      report.questions[question],
      JSON.stringify(
        report.checks.filter((c) => c.outcome !== "holds"),
        null,
        1,
      ),
    ).to.equal("fails");
    expect(found.length, `${question} ${code}`).to.be.greaterThan(0);
    if (subject !== undefined) expect(found.map((check) => check.subject)).to.include(subject);
    expect(report.outcome).to.equal("fails");
  }

  const digest = ({ name, statement }: Recorded): Hex =>
    digestOf(season.gateway.deployment, name, statement);
  const forged = (...lie: Lie): Recorded => signedLie(season, ...lie);

  describe("told truly", () => {
    it("holds on all five questions for the pure bag", async () => {
      const report = await judge(pure);
      expect(
        report.checks.filter(({ outcome }) => outcome === "fails" || outcome === "unchecked"),
      ).to.deep.equal([]);
      expect(report.questions).to.include({
        authentic: "holds",
        anchored: "holds",
        current: "holds",
      });
    });

    it("is 100 % Binh Phuoc for the pure bag, 60 % for the mixed one", async () => {
      expect((await judge(pure)).origin).to.deep.equal([{ area: "VN-58", grown: true, share: 1 }]);
      const [home, abroad] = (await judge(mixed)).origin;
      expect(home).to.include({ area: "VN-58", grown: true });
      expect(home?.share.toFixed(9)).to.equal("0.600000000");
      expect(abroad).to.include({ area: "KH", grown: false });
    });

    it("says of which share of a lot each claim speaks", async () => {
      const whole = [{ certificate: idOf(GI.uri), share: 1 }];
      expect((await judge(pure)).claims).to.deep.equal(whole);
      expect((await judge(await season.bundleOf(LOTS.cartons.lot))).claims).to.deep.equal(whole);
      expect((await judge(mixed)).claims).to.deep.equal([]);
    });

    it("remarks on the store-room's silence and its open door", async () => {
      const remarks = (await judge(pure)).checks.filter(({ outcome }) => outcome === "remark");
      expect(remarks.map(({ question }) => question)).to.include.members(["complete", "plausible"]);
      expect(remarks.every(({ subject }) => subject === DEVICES.store.keyId)).to.equal(true);
    });

    it("says of everything made from the recalled lot that it is recalled", async () => {
      const report = await judge(mixed);
      expectRed(report, { question: "current", code: "NOT_CURRENT", subject: idOf(LOTS.raw3.lot) });
      const others = QUESTIONS.filter((question) => question !== "current");
      for (const question of others) expect(report.questions[question]).not.to.equal("fails");
    });

    for (const name of ["cartons", "pepperBags", "rubberBlocks"] as const)
      it(`holds for the ${name}`, async () => {
        const report = await judge(await season.bundleOf(LOTS[name].lot));
        expect(
          report.checks.filter(({ outcome }) => outcome === "fails" || outcome === "unchecked"),
        ).to.deep.equal([]);
      });
  });

  describe("told falsely to a reader", () => {
    it("turns authentic red when an event was altered", async () => {
      const old = the(pure, "harvest", LOTS.raw1.lot);
      const lie = { ...old, document: { ...old.document, "plotline:memo": "organic" } } as Recorded;
      const report = await judge(replaced(pure, old, [lie]));
      expectRed(report, { question: "authentic", code: "BAD_OPERATION", subject: digest(old) });
    });

    it("turns complete red when an event was left out", async () => {
      const report = await judge(replaced(pure, the(pure, "note", LOTS.raw1.lot), []));
      expectRed(report, { question: "complete", code: "WITHHELD", subject: idOf(LOTS.raw1.lot) });
    });

    it("turns complete and current red when the recall was left out", async () => {
      const report = await judge(replaced(mixed, the(mixed, "recall", LOTS.raw3.lot), []));
      expectRed(report, { question: "complete", code: "WITHHELD", subject: idOf(LOTS.raw3.lot) });
      expectRed(report, { question: "current", code: "NOT_CURRENT", subject: idOf(LOTS.raw3.lot) });
    });

    it("turns anchored red when two events were swapped", async () => {
      const first = the(pure, "handOver", LOTS.raw1.lot);
      const second = the(pure, "takeOver", LOTS.raw1.lot);
      const swapped = pure.statements.map((recorded) =>
        recorded === first ? second : recorded === second ? first : recorded,
      );
      const report = await judge({ ...pure, statements: swapped });
      expectRed(report, { question: "anchored", code: "OTHER_CHAIN", subject: digest(first) });
    });

    const withPack = (change: (envelope: Uint8Array) => Uint8Array): Bundle => ({
      ...pure,
      packs: pure.packs.map((pack, i) =>
        i === 3 ? { ...pack, envelope: toBase64Url(change(fromBase64Url(pack.envelope))) } : pack,
      ),
    });

    it("turns authentic and anchored red when a reading was forged", async () => {
      const report = await judge(
        withPack((bytes) => bytes.map((byte, i) => (i === bytes.length - 70 ? byte ^ 1 : byte))),
      );
      expect(report.questions.authentic).to.equal("fails");
      expect(report.outcome).to.equal("fails");
    });

    it("turns authentic red when a reading was replayed", async () => {
      const [first] = pure.packs;
      if (first === undefined) throw new Error("the bundle shows no pack");
      const report = await judge({ ...pure, packs: [...pure.packs, first] });
      expectRed(report, { question: "authentic", code: "REPLAYED" });
    });

    it("turns authentic red when a key of another party signed", async () => {
      const old = the(pure, "handOver", LOTS.raw1.lot);
      const lie = forged(
        "farm1",
        {
          kind: "handOver",
          ...LOTS.raw1,
          mass: 1_200_000,
          to: PEOPLE.cooperative.uri,
          place: PLACES.plot1,
        },
        { ...sameAs(old), number: 99 },
        "farm4",
      );
      const report = await judge(replaced(pure, old, [lie]));
      expectRed(report, { question: "authentic", code: "NOT_ALLOWED", subject: digest(lie) });
    });

    it("turns authentic red when a role did what it may not", async () => {
      const old = the(pure, "takeOver", LOTS.raw1.lot);
      const lie = forged(
        "farm1",
        { kind: "intake", ...LOTS.raw1, mass: 1_200_000, area: "KH", place: PLACES.plot1 },
        { ...sameAs(old), number: 98 },
      );
      const report = await judge(replaced(pure, the(pure, "harvest", LOTS.raw1.lot), [lie]));
      expectRed(report, { question: "authentic", code: "NOT_ALLOWED", subject: digest(lie) });
    });

    it("turns plausible red when more was harvested than the quota", async () => {
      const old = the(mixed, "harvest", LOTS.raw3.lot);
      const lie = forged(
        "farm3",
        {
          kind: "harvest",
          ...LOTS.raw3,
          mass: 1_900_000,
          plot: CERTIFICATES.plot3.uri,
          place: PLACES.plot3,
        },
        sameAs(old),
      );
      const report = await judge(replaced(mixed, old, [lie]));
      expectRed(report, { question: "plausible", code: "RULE_BROKEN", subject: digest(lie) });
    });

    it("turns plausible red when more came out than went in", async () => {
      const old = operations(pure, "process", LOTS.bags.lot)[0];
      if (old === undefined) throw new Error("no packing");
      const lie = forged(
        "processor",
        {
          kind: "process",
          inputs: [{ lot: LOTS.kernels.lot, mass: 200_000 }],
          outputs: [{ ...LOTS.bags, mass: 299_500 }],
          place: PLACES.works,
        },
        sameAs(old),
      );
      const report = await judge(replaced(pure, old, [lie]));
      expectRed(report, { question: "plausible", code: "RULE_BROKEN", subject: digest(lie) });
    });

    it("turns plausible red when a certificate was spent again and again", async () => {
      const old = the(pure, "certify", LOTS.bags.lot);
      const certify = { kind: "certify", certificate: GI.uri, place: PLACES.works } as const;
      const again = [500, 501, 502].map((number) =>
        forged(
          "processor",
          { ...certify, lot: LOTS.bags.lot, mass: 199_500 },
          { time: old.time, number },
        ),
      );
      const report = await judge(replaced(pure, old, [old, ...again]));
      // Four times 199.5 kg is more than the 600 kg of the right; three times is not.
      for (const subject of again.slice(2).map(digest))
        expectRed(report, { question: "plausible", code: "RULE_BROKEN", subject });
    });

    it("turns anchored red when the log's own key signed a checkpoint that rewrites history", async () => {
      const { origin } = pure.log;
      const { publicKey, sign } = logSigner(origin, toBase64Url(LOG_SEED));
      const honest = await parseCheckpoint(pure.checkpoint ?? "", { origin, publicKey });
      const root = honest.root.map((byte) => byte ^ 255);
      const checkpoint = await signCheckpoint({ ...honest, root }, publicKey, sign);
      const report = await judge({ ...pure, checkpoint });
      expectRed(report, { question: "anchored", code: "BAD_CHECKPOINT" });
    });

    it("turns authentic red for a bundle of another lot", async () => {
      expectRed(await judge(pure, LOTS.pepperBags.lot), {
        question: "authentic",
        code: "OTHER_CHAIN",
      });
    });

    for (const [what, deployment] of [
      ["chain", { chainId: 1 }],
      ["contract", { lots: `0x${"ab".repeat(20)}` }],
    ] as const)
      it(`turns authentic red for a bundle of another ${what}`, async () => {
        const lie = { ...pure, deployment: { ...pure.deployment, ...deployment } };
        expectRed(await judge(lie), { question: "authentic", code: "OTHER_CHAIN" });
      });

    for (const [damage, change] of [
      ["cut short", (proof: readonly string[]) => proof.slice(1)],
      ["padded", (proof: readonly string[]) => [...proof, toBase64Url(new Uint8Array(32))]],
    ] as const)
      it(`turns anchored red when a proof is ${damage}`, async () => {
        const packs = pure.packs.map((pack, i) =>
          i === 2 ? { ...pack, proof: change(pack.proof) } : pack,
        );
        expectRed(await judge({ ...pure, packs }), { question: "anchored", code: "BAD_PROOF" });
      });
  });

  describe("after a device was revoked", () => {
    it("turns authentic red for readings from after its end", async () => {
      const document = { type: "Reason", text: "stolen" };
      const { next } = await ask<{ next: number }>(
        `${season.doors.url}/api/keys/${PEOPLE.cooperative.keyId}`,
      );
      const statement = {
        party: idOf(PEOPLE.cooperative.uri),
        key: PEOPLE.cooperative.keyId,
        number: next,
        subjectKey: DEVICES.store.keyId,
        until: on(20, 0),
        content: toHex(contentHash(document)),
      };
      await submit(
        season.doors,
        signed(season.doors.deployment, PEOPLE.cooperative, {
          name: "KeyRevocation",
          statement,
          document,
        }),
      );
      const report = await judge(await season.bundleOf(LOTS.bags.lot));
      expectRed(report, {
        question: "authentic",
        code: "NOT_ALLOWED",
        subject: DEVICES.store.keyId,
      });
    });

    it("is refused when it goes on publishing", async () => {
      expect(await turnedDown(season, DEVICES.store)).to.equal("NOT_ALLOWED");
    });
  });
});
