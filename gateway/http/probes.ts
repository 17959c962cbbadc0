import { statfs } from "node:fs/promises";

import type { NodeReport } from "../chain/survey.ts";
import type { Config } from "../config.ts";
import type { RelayerState } from "../relayer-parts.ts";
import type { RelayerStatus } from "../relayer.ts";
import type { Store } from "../store/open.ts";
import { NotReady, type Probe } from "./health.ts";

/** What /readyz asks of the parts behind it. */
export type ProbeParts = {
  readonly config: Pick<Config, "anchorEvery" | "dataDir" | "diskReserve">;
  readonly store: Pick<Store, "ping">;
  readonly block: () => Promise<{ readonly number: number; readonly time: number }>;
  readonly survey: () => Promise<readonly NodeReport[]>;
  readonly relayer: () => Promise<RelayerStatus>;
  /** How far the chain is behind the log; `lagSeconds` since the oldest checkpoint that it does not have. */
  readonly anchor: () => Promise<{
    readonly size: number;
    readonly anchored: number;
    readonly lagSeconds: number;
  }>;
  /** Why the log cannot grow at the moment. */
  readonly trouble: () => Error | undefined;
  /** Whether readings can reach us, and what kept them from it the last time. */
  readonly connected: () => boolean;
  readonly brokerTrouble: () => Error | undefined;
};

/** One probe for each part; what each says is in `http`'s part of the gateway's README. */
export function probesOf(parts: ProbeParts): Readonly<Record<string, Probe>> {
  const { config, store, survey, trouble, connected, brokerTrouble } = parts;
  return {
    store: () =>
      store.ping().then(
        () => ({}),
        (failure: Error) => {
          throw new NotReady(failure.message, { state: "unreachable", remedy: STORE });
        },
      ),
    broker: async () => {
      if (connected()) return {};
      const why = brokerTrouble()?.message ?? "no connection";
      throw new NotReady(`readings cannot reach us: ${why}`, { state: "away", remedy: BROKER });
    },
    chain: async () => {
      const nodes = await survey();
      const found = nodes.length === 0 ? {} : { nodes };
      const block = await parts.block().catch((failure: Error) => {
        const state = nodes.some((node) => node.state === "throttled")
          ? "throttled"
          : "unreachable";
        throw new NotReady(failure.message, { state, remedy: REMEDIES[state], found });
      });
      if (Number.isSafeInteger(block.number)) return { ...block, ...found };
      const told = { state: "nonsense", remedy: REMEDIES.nonsense, found };
      throw new NotReady("what a node says of its newest block is no block", told);
    },
    relayer: async () => {
      const { state, trouble, sender, pending } = await parts.relayer();
      if (state === "working" || state === "starting") return { state, sender, pending };
      const found = { sender, pending };
      throw new NotReady(trouble ?? state, { state, remedy: REMEDIES[state], found });
    },
    log: async () => {
      const why = trouble();
      if (why !== undefined) throw new NotReady(why.message, { state: "stuck", remedy: LOG });
      const found = await parts.anchor();
      const late = 2 * config.anchorEvery + GRACE;
      if (found.lagSeconds <= late) return found;
      const words = `${found.size - found.anchored} entries wait for an anchor`;
      const told = { state: "late", remedy: LATE, found };
      throw new NotReady(`${words} since ${found.lagSeconds} s, ${late} are allowed`, told);
    },
    disk: async () => {
      const { bavail, bsize } = await statfs(config.dataDir);
      const found = { freeBytes: bavail * bsize };
      if (found.freeBytes >= config.diskReserve) return found;
      const words = `${Math.floor(found.freeBytes / 1e6)} MB are free in ${config.dataDir}`;
      throw new NotReady(`${words}, ${config.diskReserve / 1e6} should be (DISK_RESERVE)`, {
        state: "low",
        remedy: DISK,
        found,
      });
    },
  };
}

const GRACE = 120; // seconds: a transaction that is outbid twice

const STORE = "See that the database of DATABASE_URL, or the disk of DATA_DIR, is there.";
const BROKER =
  "See MQTT_URL, its password and MQTT_CA, MQTT_CERT, MQTT_KEY. Devices keep their packs.";
const LOG =
  "See the reason. Of a store that was rolled back, bring the newest backup; `npm run fsck`.";
const LATE =
  "See `relayer`. Nothing is lost: the newest checkpoint is anchored as soon as it can be.";
const DISK =
  "Free space, or move DATA_DIR to a larger disk. What cannot be stored is not acknowledged.";

const ITSELF = "It goes on by itself.";
const REMEDIES: Readonly<Record<Exclude<RelayerState, "working" | "starting">, string>> = {
  "no-store": `${STORE} ${ITSELF}`,
  unreachable: `See the nodes of RPC_URL, or name more of them. ${ITSELF}`,
  throttled: `Name more nodes in RPC_URL, or take a larger plan of this one. ${ITSELF}`,
  nonsense: "Take the node out of RPC_URL, or see what stands between it and us.",
  contradicted: "Find out which node of RPC_URL lies or is stuck, and take it out.",
  "other-chain": "Set RPC_URL to the chain of DEPLOYMENT.",
  "no-contracts": "Set DEPLOYMENT to the contracts of this chain, or RPC_URL to theirs.",
  drained: `Send money to the relayer's account (sender). ${ITSELF}`,
  shared: "Nobody else may use the relayer's account: give it a RELAYER_KEY of its own.",
  "not-operator":
    "Make this account the log's operator (Checkpoints.open), or set its RELAYER_KEY.",
  behind: "This store was rolled back: bring the newest backup. It speaks for the log no more.",
};
