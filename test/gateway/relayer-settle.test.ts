import { expect } from "chai";

import { senderOf } from "../../gateway/relayer-parts.ts";
import { allCheckpoints, checkpointAt, insertCheckpoint } from "../../gateway/store/log.ts";
import { openTransactions } from "../../gateway/store/transactions.ts";
import { openWorld, type World } from "./chain/world.ts";
import { growLog, partsOf, relayUntil } from "./relayer-world.ts";
import { describeStores } from "./store/stores.ts";

const DAY = 86_400_000;

describeStores("A final anchor", (store) => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const sizes = async () => (await allCheckpoints(store().db)).map(({ size }) => size);
  const anchorAt = async (now: number): Promise<void> => {
    const parts = { ...partsOf(world, store()), now: () => now };
    const [newest] = (await sizes()).slice(-1);
    const open = () => openTransactions(store().db, senderOf(parts));
    await relayUntil(parts, async (relayer) => {
      const { anchoredSize } = await relayer.status();
      return anchoredSize === newest && (await open()).length === 0;
    });
  };

  it("leaves every checkpoint of its day", async () => {
    for (const packs of [1, 2, 3]) await growLog(store(), packs);
    await anchorAt(Date.now());
    expect(await sizes()).to.deep.equal([1, 3, 6]);
  });

  it("ends what is a day old and before it, so that the log can go on for years", async () => {
    for (const packs of [1, 2, 3]) await growLog(store(), packs);
    await anchorAt(Date.now() + DAY + 1_000);
    expect(await sizes()).to.deep.equal([6]);
    await growLog(store(), 1);
    await anchorAt(Date.now() + 2 * DAY);
    expect(await sizes()).to.deep.equal([7]);
  });

  it("ends all of them, where a busy day left more than a thousand", async () => {
    for (let step = 0; step < 3; step++) await growLog(store(), 400);
    const newest = 1_200;
    await store().write(async (sql) => {
      const signed = await checkpointAt(sql, newest);
      if (signed === undefined) throw new Error("the log has no checkpoint");
      for (let size = 1; size < newest; size++)
        if ((await checkpointAt(sql, size)) === undefined)
          await insertCheckpoint(sql, { ...signed, size });
    });
    await anchorAt(Date.now() + DAY + 1_000);
    expect(await sizes()).to.deep.equal([newest]);
  });
});
