import { expect } from "chai";
import { network } from "hardhat";

import { fromHex, toBase64Url } from "../../gateway/core/bytes.ts";
import { encodeCall } from "../../gateway/core/calls.ts";
import { digestOf, ROLES, type Delegation } from "../../gateway/core/operations.ts";
import { idOf, NOTHING } from "../../gateway/core/recording.ts";
import { verifySignature } from "../../gateway/core/signature.ts";
import { encodeAssertion } from "../../gateway/core/webauthn.ts";
import { deployPlotline } from "../../scripts/ignition/deployment.ts";
import { answerOf, type Answer } from "../gateway/core/passkeys.ts";
import { personOf } from "./person.ts";

const connection = await network.create();
const farmer = personOf("a farmer with a passkey", idOf("https://x.example/farmer"));
const agent = personOf("an agent", idOf("https://x.example/agent"));

describe("A passkey's assertion", () => {
  async function enrolled() {
    const { contracts, deployment } = await deployPlotline(connection);
    for (const [who, role] of [
      [farmer, ROLES.farmer],
      [agent, ROLES.cooperative],
    ] as const)
      await contracts.parties.getFunction("found")(who.party, who.key, role, 0, 4e9, NOTHING);
    return { contracts, deployment };
  }

  /** What the contract and core say of the same assertion, changed in some way after it was signed or before. */
  async function judged(change: Partial<Answer>, damage = (bytes: Uint8Array) => bytes) {
    const { contracts, deployment } = await connection.networkHelpers.loadFixture(enrolled);
    const statement: Delegation = {
      party: farmer.party,
      key: farmer.key,
      number: 1,
      agent: agent.party,
      until: 3_000_000_000,
    };
    const digest = fromHex(digestOf(deployment, "Delegation", statement));
    const signature = damage(encodeAssertion(answerOf(farmer.secret, digest, change)));
    const { publicKey } = farmer;
    const text = toBase64Url(signature);
    const data = encodeCall({ name: "Delegation", statement, publicKey, signature: text });
    const [sender] = await connection.ethers.getSigners();
    const taken = await sender
      ?.sendTransaction({ to: contracts.parties.target, data })
      .then(() => true)
      .catch(() => false);
    const off = await verifySignature({ publicKey: fromHex(publicKey), digest, signature }).catch(
      () => false,
    );
    const ids = [farmer.party, agent.party];
    const until: unknown = await contracts.parties.getFunction("delegatedUntil")(...ids);
    return { taken, off, until };
  }

  it("is as good as a plain signature, on the chain and off it", async () => {
    expect(await judged({})).to.deep.equal({ taken: true, off: true, until: 3_000_000_000n });
    expect(await judged({ flags: 0x1d })).to.include({ taken: true, off: true });
  });

  for (const [damage, change] of [
    ["of a user who was not there", { flags: 4 }],
    ["of a user who was not verified", { flags: 1 }],
    ["with a backup of what has none", { flags: 0x15 }],
  ] as const)
    it(`${damage} is refused on the chain and off it`, async () => {
      expect(await judged(change)).to.deep.equal({ taken: false, off: false, until: 0n });
    });

  it("with a bit turned anywhere is refused on the chain and off it", async () => {
    for (const bit of [3, 300, 513, 800, 1_100, 1_500, 1_700, 1_900, 2_500]) {
      const turn = (bytes: Uint8Array) =>
        bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(await judged({}, turn), `bit ${bit}`).to.include({ taken: false, off: false });
    }
  });

  it("with dirt in its padding is refused off the chain, though the chain passes over it", async () => {
    const turn = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 287 ? byte ^ 1 : byte));
    expect(await judged({}, turn)).to.include({ taken: true, off: false });
  });
});
