import { expect } from "chai";

import { sealOf, type Opening } from "../../../gateway/core/sealed.ts";
import { idOf } from "../../../gateway/core/recording.ts";
import { CERTIFICATES, LOTS, PEOPLE, PLACES, type Who } from "../../../scripts/season/cast.ts";
import { Refused, submit, wish } from "../../../scripts/season/doors.ts";
import type { OpenGateway } from "../open.ts";
import { MORNING, openGatewayForVillage, openVillage, type Village } from "../village.ts";

describe("sealed fields", function () {
  this.timeout(60_000);
  let gateway: OpenGateway;
  let village: Village;
  let digest: string;
  const { raw1 } = LOTS;
  const opening: Opening = {
    name: "phone",
    value: "+84 000 000 000",
    salt: "c2FsdCBvZiAxNiBieXRlcw",
  };

  before(async () => {
    gateway = await openGatewayForVillage();
    village = await openVillage(gateway);
    const plot = { ...CERTIFICATES.plot1, scheme: "growingArea" } as const;
    await village.settle(
      village.enrolment("province", "certifier"),
      village.enrolment("province", "cooperative"),
      village.enrolment("cooperative", "farm1"),
      village.enrolment("cooperative", "processor"),
      village.grant("certifier", plot),
    );
  });
  after(() => gateway.end());

  const harvest = () =>
    village.record("farm1", {
      kind: "harvest",
      ...raw1,
      mass: 1000,
      plot: CERTIFICATES.plot1.uri,
      place: PLACES.plot1,
      sealed: [sealOf(opening)],
    });
  const codeOf = async (attempt: Promise<unknown>): Promise<string> => {
    const refusal: unknown = await attempt.catch((error: unknown) => error);
    return refusal instanceof Refused ? refusal.code : "accepted";
  };
  const seen = (who: Who) =>
    wish<readonly object[]>(
      village,
      PEOPLE[who],
      "/api/openings/list",
      { lot: idOf(raw1.lot) },
      MORNING,
    );
  const erase = (who: Who) =>
    wish(village, PEOPLE[who], "/api/openings/erase", { digest }, MORNING);

  it("are refused when what opens them does not fit", async () => {
    const openings = [{ ...opening, value: "+84 111 111 111" }];
    expect(await codeOf(submit(village, { ...harvest(), openings }))).to.equal("BAD_PROOF");
  });

  it("open for who sealed them and for an authority, and for nobody else", async () => {
    ({ digest } = await submit(village, { ...harvest(), openings: [opening] }));
    for (const who of ["farm1", "province"] as const)
      expect(await seen(who)).to.deep.equal([{ digest, ...opening }]);
    expect(await seen("processor")).to.deep.equal([]);
    expect(await codeOf(seen("farm2"))).to.equal("UNKNOWN_SIGNER");
  });

  it("stay shut in the trail that everybody reads", async () => {
    const path = new URL(raw1.lot).pathname;
    const bundle = await (await fetch(`${gateway.url}/bundle${path}`)).text();
    expect(bundle).to.contain(sealOf(opening));
    expect(bundle).not.to.contain(opening.salt).and.not.to.contain(String(opening.value));
  });

  it("are forgotten when who sealed them says so, and by nobody else's word", async () => {
    expect(await codeOf(erase("processor"))).to.equal("NOT_ALLOWED");
    await erase("farm1");
    expect(await seen("province")).to.deep.equal([]);
  });
});
