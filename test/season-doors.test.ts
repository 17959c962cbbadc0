import { expect } from "chai";

import type { Recorded } from "../gateway/core/bundle.ts";
import type { Intent } from "../gateway/core/recording.ts";
import {
  CERTIFICATES,
  GI,
  LOTS,
  PEOPLE,
  PLACES,
  keysOf,
  type Who,
} from "../scripts/season/cast.ts";
import { on } from "../scripts/season/time.ts";
import { signedLie, turnedDown, type Lie } from "./lies.ts";
import { playedSeason, type Season } from "./season.ts";

describe("A season, and the lies that the gateway turns away", function () {
  this.timeout(180_000);
  let season: Season;
  before(async () => {
    season = await playedSeason();
  });
  after(() => season.gateway.end());

  const forged = (...lie: Lie): Recorded => signedLie(season, ...lie);

  describe("told falsely at the gateway's doors", () => {
    /** The status and the reason with which the door refuses. */
    const refusal = async (
      body: unknown,
    ): Promise<{ status: number; reason: string | undefined }> => {
      const answer = await fetch(`${season.doors.url}/api/statements`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const { error } = (await answer.json()) as {
        error?: { code: string; reason?: string; message: { vi: string; en: string } };
      };
      if (error !== undefined) expect(error.message.vi).not.to.equal("");
      return { status: answer.status, reason: error?.reason ?? error?.code };
    };
    const said = ({ name, statement, publicKey, signature, document }: Recorded) => ({
      name,
      statement,
      publicKey,
      signature,
      document,
    });
    const now = on(64, 8);
    const number = 10_000;

    it("is refused when the document is not the one that was signed", async () => {
      const { document, ...rest } = said(
        forged(
          "farm1",
          { kind: "note", lot: LOTS.raw4.lot, step: "inspecting", place: PLACES.plot1 },
          { time: now, number },
        ),
      );
      const lie = { ...rest, document: { ...document, "plotline:memo": "organic" } };
      expect(await refusal(lie)).to.deep.include({ reason: "BAD_OPERATION" });
    });

    it("is refused when a key of another party signs", async () => {
      const lie = said(
        forged(
          "farm1",
          { kind: "recall", lot: LOTS.raw1.lot, place: PLACES.plot1 },
          { time: now, number },
          "farm4",
        ),
      );
      expect((await refusal(lie)).status).to.be.oneOf([403, 422]);
    });

    it("is refused when a number comes again for something else", async () => {
      const lie = said(
        forged(
          "farm1",
          { kind: "note", lot: LOTS.raw4.lot, step: "inspecting", place: PLACES.plot1 },
          { time: now, number: 1 },
        ),
      );
      expect((await refusal(lie)).status).to.be.oneOf([409, 422]);
    });

    const LIES: readonly (readonly [string, Who, Intent, string])[] = [
      [
        "more is harvested than the quota",
        "farm3",
        {
          kind: "harvest",
          lot: `${LOTS.raw3.lot}X`,
          product: LOTS.raw3.product,
          mass: 900_000,
          plot: CERTIFICATES.plot3.uri,
          place: PLACES.plot3,
        },
        "CertificatesQuotaExceeded",
      ],
      [
        "more comes out than went in",
        "processor",
        {
          kind: "process",
          inputs: [{ lot: LOTS.shells.lot, mass: 10 }],
          outputs: [{ lot: `${LOTS.shells.lot}X`, product: LOTS.shells.product, mass: 11 }],
          place: PLACES.works,
        },
        "LotsMassCreated",
      ],
      [
        "a certificate is spent twice",
        "processor",
        {
          kind: "certify",
          lot: LOTS.shells.lot,
          mass: 400_000,
          certificate: GI.uri,
          place: PLACES.works,
        },
        "CertificatesQuotaExceeded",
      ],
      [
        "a segregated lot is mixed",
        "processor",
        {
          kind: "process",
          inputs: [
            { lot: LOTS.rubberBlocks.lot, mass: 10 },
            { lot: LOTS.shells.lot, mass: 10 },
          ],
          outputs: [{ lot: `${LOTS.rubberBlocks.lot}X`, product: LOTS.rubber.product, mass: 11 }],
          place: PLACES.works,
        },
        "LotsMixed",
      ],
    ];
    for (const [i, [lie, who, intent, reason]] of LIES.entries())
      it(`is refused when ${lie}`, async () => {
        const body = said(forged(who, intent, { time: now, number: number + i }));
        expect(await refusal(body)).to.deep.equal({ status: 422, reason });
      });
  });

  describe("told falsely by a sensor", () => {
    it("is refused when nobody enrolled its key", async () => {
      expect(await turnedDown(season, keysOf("a stranger's sensor"))).to.equal("UNKNOWN_SIGNER");
    });

    it("is refused when the key is a person's", async () => {
      expect(await turnedDown(season, PEOPLE.farm4)).to.equal("NOT_ALLOWED");
    });
  });
});
