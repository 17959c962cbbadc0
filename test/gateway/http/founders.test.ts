import { expect } from "chai";

import { PEOPLE } from "../../../scripts/season/cast.ts";
import { ask, Refused } from "../../../scripts/season/doors.ts";
import { partyDocument } from "../../../scripts/season/play.ts";
import type { OpenGateway } from "../open.ts";
import { openGatewayForVillage, openVillage } from "../village.ts";

describe("The name of a founder", function () {
  this.timeout(60_000);
  let gateway: OpenGateway;
  before(async () => {
    gateway = await openGatewayForVillage();
  });
  after(() => gateway.end());

  it("is not taken for a party whom another enrolled: no bundle with it would hold", async () => {
    const village = await openVillage(gateway);
    await village.settle(village.enrolment("province", "cooperative"));
    const tell = ({ keyId: key, ...person }: typeof PEOPLE.province): Promise<unknown> =>
      ask(`${gateway.url}/api/founders`, { key, document: partyDocument(person) });
    expect(await tell(PEOPLE.province)).to.deep.equal({ key: PEOPLE.province.keyId });
    const refusal = await tell(PEOPLE.cooperative).catch((failure: unknown) => failure);
    expect(refusal).to.be.instanceOf(Refused);
    expect(refusal).to.include({ status: 403 });
  });
});
