import { expect } from "chai";

import type { Hex } from "../../gateway/core/bytes.ts";
import { emptyMemory } from "../../gateway/relayer-memory.ts";
import { senderOf } from "../../gateway/relayer-parts.ts";
import { readAnchored } from "../../gateway/relayer-plans.ts";
import { step } from "../../gateway/relayer-step.ts";
import { openTransactions, transactionsIn } from "../../gateway/store/transactions.ts";
import { openWorld, type World } from "./chain/world.ts";
import { captureHarvest, growLog, partsOf, stateOf } from "./relayer-world.ts";
import { describeStores } from "./store/stores.ts";

describeStores("Two relayers on one store", (store) => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  it("share the work, and neither does it twice", async () => {
    const parts = partsOf(world, store());
    const memories = [emptyMemory(), emptyMemory()];
    const digests: Hex[] = [];
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 7; i++) digests.push(await captureHarvest(world, store()));
      await growLog(store(), 4);
      await Promise.all(memories.map((memory) => step(parts, memory)));
    }
    const open = () => openTransactions(store().db, senderOf(parts));
    const size = await growLog(store(), 1);
    for (let i = 0; (await open()).length > 0 || (await readAnchored(parts)).size < size; i++) {
      if (i > 50) throw new Error("it never came to an end");
      await Promise.all(memories.map((memory) => step(parts, memory)));
    }
    for (const digest of digests) expect(await stateOf(store(), digest)).to.equal("confirmed");
    const all = await transactionsIn(store().db, senderOf(parts), ["confirmed", "failed"]);
    expect(all.map(({ nonce }) => nonce)).to.deep.equal(all.map((_, i) => i));
    expect(all.every(({ state }) => state === "confirmed")).to.equal(true);
  });
});
