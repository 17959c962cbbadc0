import { expect } from "chai";
import { Transaction } from "ethers";

import type { Hex } from "../../gateway/core/bytes.ts";
import type { Request } from "../../gateway/core/chain-state.ts";
import { emptyMemory, type Memory } from "../../gateway/relayer-memory.ts";
import { senderOf, type RelayerParts } from "../../gateway/relayer-parts.ts";
import { readAnchored } from "../../gateway/relayer-plans.ts";
import { step } from "../../gateway/relayer-step.ts";
import { openStore, type Store } from "../../gateway/store/open.ts";
import { statementByDigest } from "../../gateway/store/statements.ts";
import { openTransactions, transactionsIn } from "../../gateway/store/transactions.ts";
import { openFolder } from "./chain/embedded-folder.ts";
import { openBareWorld, type World } from "./chain/world.ts";
import { captureHarvest, growLog, partsOf, stateOf } from "./relayer-world.ts";

/** Blocks behind the newest that count as final here. */
const DEPTH = 10;

describe("a relayer on a chain that changes its mind", () => {
  let world: World;
  let folder: Awaited<ReturnType<typeof openFolder>>;
  let store: Store;
  let memory: Memory;
  let parts: RelayerParts;
  beforeEach(async () => {
    world = await openBareWorld();
    folder = await openFolder();
    store = await openStore({ dataDir: folder.path });
    memory = emptyMemory();
    parts = partsOf(world, store, lagging);
  });
  afterEach(async () => {
    await store.close();
    await folder.close();
    await world.close();
  });

  /** The simulation, on which only old blocks are final. */
  const lagging: Request = async (method, params) => {
    const { request } = world.chain;
    if (method !== "eth_getBlockByNumber" || params[0] !== "finalized")
      return request(method, params);
    const newest = Number(await request("eth_blockNumber", []));
    return request(method, [`0x${Math.max(0, newest - DEPTH).toString(16)}`, false]);
  };
  const tester = (method: string, ...params: unknown[]): Promise<unknown> =>
    world.chain.request(method, params);
  const mineBlocks = async (count: number): Promise<void> => {
    await tester("hardhat_mine", `0x${count.toString(16)}`);
  };
  const steps = async (count = 6): Promise<void> => {
    for (let i = 0; i < count; i++) await step(parts, memory);
  };
  const blockOf = async (digest: Hex) => (await statementByDigest(store.db, digest))?.block;
  const anchoredSize = async (): Promise<number> => (await readAnchored(parts)).size;
  const open = () => openTransactions(store.db, senderOf(parts));

  for (let depth = 1; depth <= 8; depth++)
    it(`carries everything to the chain again after ${depth} blocks were replaced`, async () => {
      const first = await captureHarvest(world, store);
      const size = await growLog(store, 2);
      await steps();
      const snapshot = await tester("evm_snapshot");
      const second = await captureHarvest(world, store);
      const grown = await growLog(store, 5);
      await steps();
      await mineBlocks(depth);
      await steps(1);
      expect([await stateOf(store, second), await anchoredSize()]).to.deep.equal([
        "confirmed",
        grown,
      ]);
      const [before, undone] = [await blockOf(first), await blockOf(second)];

      await tester("evm_revert", snapshot);
      const { governance } = world.chain;
      await (await governance.sendTransaction({ to: governance.address })).wait();
      expect(await anchoredSize()).to.equal(size);
      await mineBlocks(depth + 2);
      // A relayer that saw it happen, and one that was away and finds its books too far ahead.
      if (depth % 2 === 0) memory = emptyMemory();
      await step(parts, memory);
      await steps();
      expect([await stateOf(store, second), await anchoredSize()]).to.deep.equal([
        "confirmed",
        grown,
      ]);
      expect(await blockOf(first)).to.deep.equal(before);
      expect((await blockOf(second))?.number).to.be.above(undone?.number ?? 0);
      await mineBlocks(DEPTH + 2);
      await steps(2);
      expect(await open()).to.deep.equal([]);
      expect(await stateOf(store, first)).to.equal("confirmed");
    });

  it("says so while a statement that was in a block is in none", async () => {
    const snapshot = await tester("evm_snapshot");
    const digest = await captureHarvest(world, store);
    await steps();
    expect(await stateOf(store, digest)).to.equal("confirmed");
    await tester("evm_revert", snapshot);
    await tester("evm_setAutomine", false);
    await mineBlocks(3);
    await step(parts, memory);
    expect([await stateOf(store, digest), await blockOf(digest)]).to.deep.equal(["sent", null]);
    await mineBlocks(1);
    await step(parts, memory);
    expect(await stateOf(store, digest)).to.equal("confirmed");
  });

  it("keeps a transaction open until it is final", async () => {
    const digest = await captureHarvest(world, store);
    await steps();
    expect(await stateOf(store, digest)).to.equal("confirmed");
    expect((await open()).length).to.equal(1);
    await mineBlocks(DEPTH);
    await steps(1);
    expect(await open()).to.deep.equal([]);
  });

  it("raises its fees while the chain asks for more, and lands the newest root without a gap", async () => {
    const digest = await captureHarvest(world, store);
    await growLog(store, 2);
    await tester("evm_setAutomine", false);
    await steps(4); // the anchor and the batch are signed at today's fees
    const spike = 40_000_000_000n;
    const mineSpiked = async (): Promise<void> => {
      await tester("hardhat_setNextBlockBaseFeePerGas", `0x${spike.toString(16)}`);
      await mineBlocks(1);
    };
    let size = 0;
    let mined = 0;
    // The fees that are asked for keep ahead of what the relayer believes for twenty blocks.
    const believed: Request = async (method, params) => {
      const answer = await lagging(method, params);
      const stuck = method === "eth_getBlockByNumber" && params[0] === "latest" && mined < 20;
      return stuck ? { ...(answer as object), baseFeePerGas: "0x3b9aca00" } : answer;
    };
    parts = partsOf(world, store, believed);
    for (; mined < 20; mined++) {
      await mineSpiked();
      if (mined === 10) size = await growLog(store, 4);
      await step(parts, memory);
    }
    const waiting = await open();
    expect(waiting.map(({ nonce }) => nonce)).to.deep.equal([0, 1]);
    for (const { attempts } of waiting) {
      expect(attempts.length).to.be.within(6, 8);
      const fees = attempts.map(({ raw }) => Transaction.from(raw));
      for (const [i, now] of fees.entries()) {
        const before = fees[i - 1];
        if (before === undefined) continue;
        expect(now.nonce).to.equal(before.nonce);
        for (const fee of ["maxFeePerGas", "maxPriorityFeePerGas"] as const)
          expect(Number(now[fee])).to.be.at.least(Number(before[fee]) * 1.125);
      }
    }
    for (let i = 0; i < 8; i++) {
      await mineBlocks(1);
      await step(parts, memory);
    }
    expect(await stateOf(store, digest)).to.equal("confirmed");
    expect(await anchoredSize()).to.equal(size);
    await mineBlocks(DEPTH);
    await steps(2);
    const all = await transactionsIn(store.db, senderOf(parts), ["confirmed", "failed"]);
    expect(all.map(({ nonce, state }) => [nonce, state])).to.deep.equal([
      [0, "confirmed"],
      [1, "confirmed"],
    ]);
  });

  it("stops raising where a node is never content", async () => {
    await captureHarvest(world, store);
    let sent = 0;
    parts = partsOf(world, store, (method, params) => {
      if (method !== "eth_sendRawTransaction") return lagging(method, params);
      sent += 1;
      throw Object.assign(new Error("replacement transaction underpriced"), { code: -32000 });
    });
    await steps(80);
    const [stuck] = await open();
    expect(stuck?.attempts.length).to.be.within(10, 40);
    expect(sent).to.be.above(stuck?.attempts.length ?? 0);
  });
});
