import { Transaction } from "ethers";

import type { Request } from "../../../gateway/core/chain-state.ts";
import { encodeFunction } from "../../../gateway/core/calls.ts";
import type { verifyInclusion } from "../../../gateway/core/merkle.ts";
import { EMBEDDED_CHAIN_ID } from "../../../gateway/chain/simulated.ts";
import type { Store } from "../../../gateway/store/open.ts";
import type { Sql } from "../../../gateway/store/schema.ts";
import { insertPacks } from "../../../gateway/store/packs.ts";
import { LOG_ID, type World } from "../../gateway/chain/world.ts";
import { packOf } from "../../gateway/samples.ts";
import { here, type Scheduler } from "./scheduler.ts";
import type { Invariant } from "./witness.ts";

/** A part that is broken on purpose, wrapped around the real one: what breaks must be seen. */
export type Sabotage = {
  readonly breaks: Invariant;
  readonly store?: (store: Store, scheduler: Scheduler) => Store;
  readonly request?: (request: Request, world: World) => Request;
  readonly chain?: (world: World) => Promise<void>;
  readonly verify?: typeof verifyInclusion;
  /** A start finds the disk of two starts ago, and asks nobody. */
  readonly rollback?: boolean;
  /** A start finds what was moved from the write-ahead log to the main file, no more. */
  readonly forgetful?: boolean;
};

/** Answers before the commit, for transactions that lock `name`, or for all that lock nothing. */
const early =
  (name: string | undefined) =>
  (store: Store, { after }: Scheduler): Store => {
    const locks = new Map<Sql, string>();
    return {
      ...store,
      lock: (transaction, held) => {
        locks.set(transaction, held);
        return store.lock(transaction, held);
      },
      write: async (run) => {
        const rehearsed: Awaited<ReturnType<typeof run>>[] = [];
        try {
          return await store.write(async (transaction) => {
            const result = await run(transaction);
            if (locks.get(transaction) !== name) return result;
            rehearsed.push(result);
            throw new Error("rehearsed");
          });
        } catch (failure) {
          const [result] = rehearsed;
          if (rehearsed.length === 0) throw failure;
          after(400, here(), "commits at last", () => store.write(run).catch(() => {}));
          return result as Awaited<ReturnType<typeof run>>;
        }
      },
    };
  };

/** Does something of its own, in the same transaction, to every second step of the sequencer. */
const meddling =
  (text: string) =>
  (store: Store): Store => ({
    ...store,
    lock: async (transaction, name) => {
      await store.lock(transaction, name);
      if (name === "log") await transaction.executeQuery(rawQuery(text));
    },
  });
const rawQuery = (text: string) =>
  ({ sql: text, parameters: [], query: { kind: "RawNode" }, queryId: { queryId: text } }) as never;

export const SABOTAGE: Readonly<Record<string, Sabotage>> = {
  "a disk that loses what was synced": { breaks: "I1", forgetful: true },
  "a sequencer that gives a pack two leaves": {
    breaks: "I2",
    store: meddling("UPDATE packs SET leaf_index = NULL WHERE leaf_index = 3"),
  },
  "a store that was rolled back": { breaks: "I3", rollback: true },
  "a receipt before its leaves are durable": { breaks: "I4", store: early("log") },
  "a broadcast of what is not in the books": {
    breaks: "I4",
    request:
      (request, { chain }) =>
      async (method, params) => {
        if (method !== "eth_sendRawTransaction") return request(method, params);
        const { type, chainId, nonce, to, data, gasLimit, maxFeePerGas, maxPriorityFeePerGas } =
          Transaction.from(String(params[0]));
        const fees = { maxFeePerGas: (maxFeePerGas ?? 0n) + 1n, maxPriorityFeePerGas };
        const other = { type, chainId, nonce, to, data, gasLimit, ...fees };
        return request(method, [await chain.relayer.signTransaction(other)]);
      },
  },
  "an anchor that the log never signed": {
    breaks: "I5",
    chain: async ({ chain, deployment }) => {
      const root = `0x${"ab".repeat(32)}` as const;
      const raw = await chain.relayer.signTransaction({
        type: 2,
        chainId: EMBEDDED_CHAIN_ID,
        nonce: 0,
        to: deployment.checkpoints,
        data: encodeFunction("anchor", { log: LOG_ID, size: 5, root, proof: [] }),
        gasLimit: 300_000n,
        maxFeePerGas: 10n ** 11n,
        maxPriorityFeePerGas: 10n ** 9n,
      });
      await chain.request("eth_sendRawTransaction", [raw]);
    },
  },
  "an acknowledgement before the commit": { breaks: "I6", store: early(undefined) },
  "a verifier that looks away": { breaks: "I7", verify: () => {} },
  "a relayer that reaches nobody": {
    breaks: "I8",
    request: (request) => (method, params) =>
      method === "eth_sendRawTransaction"
        ? Promise.reject(new Error("unreachable"))
        : request(method, params),
  },
  "a reading that was made up": {
    breaks: "I9",
    store: (store, { chance }) => {
      let next = 0;
      return {
        ...store,
        write: (run) =>
          store.write(async (transaction) => {
            if (chance(0.05)) await insertPacks(transaction, [packOf(next++)]);
            return run(transaction);
          }),
      };
    },
  },
};
