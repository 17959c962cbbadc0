import { expect } from "chai";

import type { Hex } from "../../../../gateway/core/bytes.ts";
import { readChainState } from "../../../../gateway/core/chain-reader.ts";
import type { ChainState } from "../../../../gateway/core/chain-state.ts";
import { ROLES } from "../../../../gateway/core/operations.ts";
import { areaBytes, idOf, NOTHING } from "../../../../gateway/core/recording.ts";
import { NOBODY } from "../../../../gateway/core/trust.ts";
import { personOf, signedCall, type Person } from "../../../contracts/person.ts";
import { FOR_EVER, harvestOf, lotNamed, openWorld, type World } from "../../chain/world.ts";

const [harvested, taken, forged] = [lotNamed("harvested"), lotNamed("taken"), lotNamed("forged")];
const content = idOf("what the thief calls his party");

describe("A key id that a cooperative enrolled as its own party's, without holding the key", () => {
  let world: World;
  let thief: Person;
  let phone: Person;
  let state: ChainState;
  before(async () => {
    world = await openWorld();
    const { accessManager: _, block: __, ...deployment } = world.deployment;
    const { farm, province, chain, plot } = world;
    thief = personOf("a thief of keys", idOf("https://x.example/thief"));
    phone = personOf("a phone of the farm", farm.party);
    const enrol = (by: Person, subject: Hex, subjectKey: Hex, roles: number): Hex => {
      const terms = { roles, from: 0, until: FOR_EVER, content };
      return signedCall(deployment, by, "Enrolment", { subject, subjectKey, ...terms });
    };
    await world.relay(
      "parties",
      enrol(province, thief.party, thief.key, ROLES.cooperative),
      enrol(thief, thief.party, phone.key, ROLES.processor),

      enrol(province, farm.party, phone.key, ROLES.farmer),
    );
    const intakeOf = (lot: Hex, key: Hex): Hex => {
      const said = { ...harvestOf(lot, NOTHING), kind: 2, area: areaBytes("KH"), key };
      return signedCall(deployment, thief, "Operation", said);
    };
    await world.relay(
      "lots",
      signedCall(deployment, phone, "Operation", harvestOf(harvested, plot)),
      intakeOf(taken, thief.key),
      intakeOf(forged, phone.key),
    );
    const wanted = { ...NOBODY, keys: [phone.key], lots: [harvested, taken, forged] };
    state = await readChainState({ request: chain.request, deployment, wanted });
  });
  after(() => world.close());

  it("is the thief's for ever, since the chain takes a key once", () => {
    expect(state.keys[phone.key]).to.include({ party: thief.party, roles: ROLES.processor });
  });

  it("says nothing: neither in its holder's name, nor in the thief's without the key", () => {
    expect(state.keys[phone.key]?.number).to.equal(0);
    const counts = [harvested, taken, forged].map((lot) => state.lots[lot]?.count);
    expect(counts).to.deep.equal([0, 1, 0]);
  });
});
