import { expect } from "chai";
import { network } from "hardhat";

import { ROLES } from "../../gateway/core/operations.ts";
import { idOf, NOTHING } from "../../gateway/core/recording.ts";
import { deployPlotline } from "../../scripts/ignition/deployment.ts";
import { personOf, signedCall } from "./person.ts";

const osaka = await network.create();
const prague = await network.create({ override: { hardfork: "prague" } });
const FOR_EVER = 4_000_000_000;

describe("A P-256 signature", () => {
  for (const [name, connection, least, most] of [
    ["costs little where EIP-7951 is", osaka, 100_000, 200_000],
    ["is computed where EIP-7951 is not", prague, 300_000, 600_000],
  ] as const)
    it(name, async () => {
      const { contracts, deployment } = await deployPlotline(connection);
      const { parties } = contracts;
      const coop = personOf("coop", idOf("https://x.example/coop"));
      const farm = personOf("farm", idOf("https://x.example/farm"));
      const terms = [ROLES.cooperative, 0, FOR_EVER, NOTHING];
      await parties.getFunction("found").send(coop.party, coop.key, ...terms);
      const call = signedCall(deployment, coop, "Enrolment", {
        subject: farm.party,
        subjectKey: farm.key,
        roles: ROLES.farmer,
        from: 0,
        until: FOR_EVER,
        content: NOTHING,
      });
      const sent = await parties.getFunction("relay").send([call]);
      const receipt = await sent.wait();
      expect(receipt?.logs.map(({ topics }) => topics[0])).to.deep.equal([
        parties.interface.getEvent("KeyEnrolled")?.topicHash,
      ]);
      expect(Number(receipt?.gasUsed)).to.be.within(least, most);
    });
});
