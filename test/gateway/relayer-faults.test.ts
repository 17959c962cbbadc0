import { expect } from "chai";

import { RpcError } from "../../gateway/core/rpc-error.ts";
import type { Hex } from "../../gateway/core/bytes.ts";
import type { Request } from "../../gateway/core/chain-state.ts";
import { emptyMemory, type Memory } from "../../gateway/relayer-memory.ts";
import { senderOf, Trouble, type RelayerParts } from "../../gateway/relayer-parts.ts";
import { readAnchored } from "../../gateway/relayer-plans.ts";
import { step } from "../../gateway/relayer-step.ts";
import { openStore, type Store } from "../../gateway/store/open.ts";
import { openTransactions, transactionsIn } from "../../gateway/store/transactions.ts";
import { openFolder } from "./chain/embedded-folder.ts";
import { openWorld, type World } from "./chain/world.ts";
import { startRelayer } from "../../gateway/relayer.ts";
import { POSTGRES_PROGRAMS, startPostgres } from "../postgres.ts";
import { captureHarvest, growLog, partsOf, QUIET, stateOf } from "./relayer-world.ts";

/** Steps until it holds, over whatever a step throws; gives what was thrown. */
async function stepUntil(
  parts: RelayerParts,
  memory: Memory,
  holds: () => Promise<boolean>,
): Promise<unknown[]> {
  const thrown: unknown[] = [];
  for (let i = 0; !(await holds()); i++) {
    if (i > 100) throw new Error("it never came to that", { cause: thrown.at(-1) });
    await step(parts, memory).catch((error: unknown) => thrown.push(error));
  }
  return thrown;
}

describe("a relayer in trouble", () => {
  let world: World;
  let folder: Awaited<ReturnType<typeof openFolder>>;
  let store: Store;
  before(async () => {
    world = await openWorld();
    folder = await openFolder();
    store = await openStore({ dataDir: folder.path });
  });
  after(async () => {
    await store.close();
    await folder.close();
    await world.close();
  });

  const honest: Request = (method, params) => world.chain.request(method, params);
  const anchoredSize = async (): Promise<number> =>
    (await readAnchored(partsOf(world, store))).size;
  const chainNonce = async (): Promise<number> =>
    Number(await honest("eth_getTransactionCount", [world.chain.relayer.address, "latest"]));

  /** All is well in the end: the work is on chain, once, and each nonce is settled without a gap. */
  const arrived = (digest: Hex, size: number) => async (): Promise<boolean> =>
    (await stateOf(store, digest)) === "confirmed" &&
    (await anchoredSize()) === size &&
    (await openTransactions(store.db, senderOf(partsOf(world, store)))).length === 0;

  async function expectBooksInOrder(): Promise<void> {
    const sender = senderOf(partsOf(world, store));
    const all = await transactionsIn(store.db, sender, ["stored", "sent", "confirmed", "failed"]);
    expect(all.map(({ nonce }) => nonce)).to.deep.equal(all.map((_, i) => i));
    expect(all.every(({ state }) => state === "confirmed")).to.equal(true);
    expect(await chainNonce()).to.equal(all.length);
  }

  const refused = (message: string) => () => Promise.reject(new RpcError(-32000, message));
  type Answer = (method: string, params: readonly unknown[]) => Promise<unknown>;

  /** What an endpoint may do to one method, a few times, before it behaves. */
  const faults: Readonly<Record<string, readonly [method: string, () => Answer]>> = {
    "a timeout after it forwarded": [
      "eth_sendRawTransaction",
      () => {
        let left = 2;
        return async (method, params) => {
          const answer = await honest(method, params);
          if (left-- > 0) throw new Error("timeout");
          return answer;
        };
      },
    ],
    "a timeout before it forwarded": [
      "eth_sendRawTransaction",
      () => {
        let left = 2;
        return (method, params) =>
          left-- > 0 ? Promise.reject(new Error("timeout")) : honest(method, params);
      },
    ],
    '"already known" after it forwarded': [
      "eth_sendRawTransaction",
      () => async (method, params) => {
        await honest(method, params);
        throw new RpcError(-32000, "already known");
      },
    ],
    '"nonce too low" after it forwarded': [
      "eth_sendRawTransaction",
      () => async (method, params) => {
        await honest(method, params);
        throw new RpcError(-32000, "nonce too low");
      },
    ],
    '"replacement transaction underpriced"': [
      "eth_sendRawTransaction",
      () => {
        let left = 2;
        return (method, params) =>
          left-- > 0 ? refused("replacement transaction underpriced")() : honest(method, params);
      },
    ],
    "null for receipts that it has": [
      "eth_getTransactionReceipt",
      () => {
        let left = 4;
        return async (method, params) => (left-- > 0 ? null : honest(method, params));
      },
    ],
    "receipts of another fork": [
      "eth_getTransactionReceipt",
      () => {
        let left = 2;
        return async (method, params) => {
          const receipt = await honest(method, params);
          const forked = { ...(receipt as object), blockHash: `0x${"ee".repeat(32)}` };
          return receipt !== null && left-- > 0 ? forked : receipt;
        };
      },
    ],
    "receipts that are nonsense": [
      "eth_getTransactionReceipt",
      () => {
        let left = 2;
        return async (method, params) => (left-- > 0 ? { status: "yes" } : honest(method, params));
      },
    ],
    "no fees": [
      "eth_maxPriorityFeePerGas",
      () => {
        let left = 2;
        return (method, params) =>
          left-- > 0
            ? Promise.reject(new RpcError(-32601, "no such method"))
            : honest(method, params);
      },
    ],
    "no final block": [
      "eth_getBlockByNumber",
      () => {
        let left = 3;
        return (method, params) =>
          params[0] === "finalized" && left-- > 0
            ? Promise.reject(new RpcError(-32602, "unknown tag"))
            : honest(method, params);
      },
    ],
    "a nonce of long ago": [
      "eth_getTransactionCount",
      () => {
        let left = 3;
        return async (method, params) => (left-- > 0 ? "0x0" : honest(method, params));
      },
    ],
  };
  for (const [what, [faulty, make]] of Object.entries(faults))
    it(`gets its work done once where the node gives ${what}`, async () => {
      const answer = make();
      const request: Request = (method, params) =>
        method === faulty ? answer(method, params) : honest(method, params);
      const digest = await captureHarvest(world, store);
      const size = await growLog(store, 3);
      await stepUntil(partsOf(world, store, request), emptyMemory(), arrived(digest, size));
      await expectBooksInOrder();
    });

  it("gets its work done over a node that refuses a request again and again", async () => {
    let count = 0;
    const request: Request = async (method, params) => {
      if (count++ % 17 === 0) throw new RpcError(-32005, "429: too many requests");
      return honest(method, params);
    };
    const digest = await captureHarvest(world, store);
    const size = await growLog(store, 3);
    const parts = partsOf(world, store, request);
    const thrown = await stepUntil(parts, emptyMemory(), arrived(digest, size));
    expect(thrown.length).to.be.above(0);
    await expectBooksInOrder();
  });

  const states: readonly [string, string, Readonly<Record<string, () => unknown>>][] = [
    ["another chain", "other-chain", { eth_chainId: () => "0x5" }],
    ["a chain without our contracts", "no-contracts", { eth_getCode: () => "0x" }],
    ["an account that somebody else uses", "shared", { eth_getTransactionCount: () => "0xfff" }],
    [
      "an account without money",
      "drained",
      { eth_sendRawTransaction: refused("insufficient funds for gas * price + value") },
    ],
  ];
  for (const [what, state, answers] of states)
    it(`stops before ${what}, says so, and goes on when that is over`, async () => {
      const digest = await captureHarvest(world, store);
      const size = await growLog(store, 1);
      const request: Request = async (method, params) =>
        answers[method] === undefined ? honest(method, params) : answers[method]();
      const [before, memory] = [await chainNonce(), emptyMemory()];
      for (let i = 0; i < 3; i++) {
        const parts = partsOf(world, store, request);
        const thrown = await step(parts, memory)
          .then(({ again }) => (again ? step(parts, memory) : undefined))
          .catch((error: unknown) => error);
        expect(thrown).to.be.instanceOf(Trouble);
        expect((thrown as Trouble).state).to.equal(state);
      }
      expect(await chainNonce()).to.equal(before);
      await stepUntil(partsOf(world, store), memory, arrived(digest, size));
      await expectBooksInOrder();
    });

  it("loses nothing and does nothing twice, wherever it dies", async () => {
    let deaths = 0;
    for (let survived = false, point = 0; !survived; point++) {
      const digest = await captureHarvest(world, store);
      const size = await growLog(store, 1);
      // Each request and each write is a place to die at, in front of it and behind it.
      const life = { left: point };
      const dying = async <T>(run: () => Promise<T>): Promise<T> => {
        if (life.left-- <= 0) throw new Error("dead");
        const result = await run();
        if (life.left-- <= 0) throw new Error("dead");
        return result;
      };
      const mortal = partsOf(
        world,
        { ...store, write: (run) => dying(() => store.write(run)) },
        (method, params) => dying(() => honest(method, params)),
      );
      const memory = emptyMemory();
      const done = arrived(digest, size);
      for (let i = 0; i < 20 && life.left >= 0 && !survived; i++) {
        await step(mortal, memory).catch((error: Error) => {
          if (error.message !== "dead" && !/dead/.test(error.message)) throw error;
        });
        survived = life.left >= 0 && (await done());
      }
      if (!survived) deaths += 1;
      await stepUntil(partsOf(world, store), emptyMemory(), done);
    }
    expect(deaths).to.be.above(40);
    await expectBooksInOrder();
  }).timeout(120_000);
});

(POSTGRES_PROGRAMS === undefined ? describe.skip : describe)(
  "a relayer whose database goes",
  function () {
    this.timeout(60_000);

    it("names the store and not the chain, and works again once it is back", async () => {
      const world = await openWorld();
      const server = await startPostgres();
      const store = await openStore({ databaseUrl: await server.newDatabase() });
      const told: string[] = [];
      const parts = {
        ...partsOf(world, store),
        log: { ...QUIET, error: (_about: unknown, words?: string) => void told.push(words ?? "") },
      };
      const relayer = startRelayer(parts);
      const until = async (state: string): Promise<string | null> => {
        for (;;) {
          const status = await relayer.status().catch(() => undefined);
          if (status?.state === state) return status.trouble;
          expect(status?.state ?? "starting").not.to.equal("unreachable");
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      try {
        await until("working");
        await captureHarvest(world, store);
        const restarted = server.restart();
        while (told.length === 0) {
          relayer.wake();
          await new Promise((resolve) => setImmediate(resolve));
        }
        await restarted;
        await until("working");
      } finally {
        await relayer.close();
        await store.close();
        await server.stop();
        await world.close();
      }
    });
  },
);
