import { expect } from "chai";

import { idOf } from "../../../gateway/core/recording.ts";
import { CERTIFICATES, LOTS, PEOPLE, PLACES } from "../../../scripts/season/cast.ts";
import { ask, signed } from "../../../scripts/season/doors.ts";
import { recordingOf } from "../../../gateway/core/recording.ts";
import type { OpenGateway } from "../open.ts";
import { MORNING, openGatewayForVillage, openVillage, type Village } from "../village.ts";

type Answer = Readonly<
  Record<"agents" | "principals", readonly { party: string; until: number }[]>
>;

describe("who may record for whom", function () {
  this.timeout(60_000);
  let gateway: OpenGateway;
  let village: Village;
  const [farm, cooperative] = [PEOPLE.farm1, PEOPLE.cooperative];
  const DAY = 86_400;

  before(async () => {
    gateway = await openGatewayForVillage();
    village = await openVillage(gateway);
    await village.settle(
      village.enrolment("province", "certifier"),
      village.enrolment("province", "cooperative"),
      village.enrolment("cooperative", "farm1"),
      village.grant("certifier", { ...CERTIFICATES.plot1, scheme: "growingArea" }),
    );
  });
  after(() => gateway.end());

  const agentsOf = (uri: string) => ask<Answer>(`${village.url}/api/parties/${idOf(uri)}/agents`);

  const delegation = (number: number, until: number) =>
    signed(village.deployment, farm, {
      name: "Delegation",
      statement: {
        party: idOf(farm.uri),
        key: farm.keyId,
        number,
        agent: idOf(cooperative.uri),
        until,
      },
      document: null,
    });

  const page = async () => {
    const { pathname } = new URL(LOTS.raw1.lot);
    return (await fetch(`${village.url}${pathname}?lang=en`)).text();
  };

  it("is nobody at first", async () => {
    expect(await agentsOf(farm.uri)).to.deep.equal({ agents: [], principals: [] });
  });

  it("is told to both, with the end of it", async () => {
    await village.settle(delegation(1, MORNING + DAY));
    const until = MORNING + DAY;
    expect((await agentsOf(farm.uri)).agents).to.deep.equal([
      { party: idOf(cooperative.uri), uri: cooperative.uri, name: cooperative.words, until },
    ]);
    const { principals } = await agentsOf(cooperative.uri);
    expect(principals).to.deep.equal([
      { party: idOf(farm.uri), uri: farm.uri, name: farm.words, until },
    ]);
  });

  it("stays on the lot's page: who signed, and in whose name", async () => {
    const intent = {
      kind: "harvest",
      ...LOTS.raw1,
      mass: 1000,
      plot: CERTIFICATES.plot1.uri,
      place: PLACES.plot1,
    } as const;
    const hand = { party: farm.uri, key: cooperative.keyId, number: 1_000, time: MORNING };
    await village.settle(signed(village.deployment, cooperative, recordingOf(intent, hand)));
    const told = "Recorded and signed by Sample cooperative, whom Sample farm 1 allowed to.";
    expect(await page()).to.contain(told);
    await village.settle(delegation(2, MORNING - DAY)); // withdrawn afterwards
    expect(await page()).to.contain(told);
  });

  it("says the newest word, also where it ends the permission", async () => {
    const [agent] = (await agentsOf(farm.uri)).agents;
    expect(agent?.until).to.equal(MORNING - DAY);
  });
});
