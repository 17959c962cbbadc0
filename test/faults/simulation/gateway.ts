import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { pino } from "pino";

import { nodeOver } from "../../../gateway/chain/node.ts";
import type { Request } from "../../../gateway/core/chain-state.ts";
import { chainView } from "../../../gateway/index/chain-view.ts";
import { startIngest, type Ingest, type IngestParts } from "../../../gateway/ingest.ts";
import { fileHead } from "../../../gateway/log-head.ts";
import { startRelayer, type Relayer } from "../../../gateway/relayer.ts";
import { openStore, type Store } from "../../../gateway/store/open.ts";
import { LOG_ID, type World } from "../../gateway/chain/world.ts";
import { SIGNER } from "../../gateway/samples.ts";
import type { Network } from "./network.ts";
import { runOn, type Machine, type Scheduler } from "./scheduler.ts";
import type { Sabotage } from "./sabotage.ts";
import type { Witness } from "./witness.ts";

/** How often anchors may follow each other, in ms. */
export const ANCHOR_EVERY = 30_000;

/** What the disk does. Chances by transaction. */
export type DiskFaults = {
  readonly fails: number; // nothing of it is written, and it says so
  readonly silent: number; // it is written, and the answer is lost
  readonly full: boolean; // every write fails
};
export const GOOD_DISK: DiskFaults = { fails: 0, silent: 0, full: false };

/** The gateway's machine: the real parts over a real store, in virtual time. */
export type GatewayMachine = {
  disk: DiskFaults;
  /** Cuts it off wherever it is; it starts again on what is on its disk. */
  readonly crash: (downtime: number) => void;
  /** Lets it finish, as a signal does, and starts it again. */
  readonly restart: (downtime: number) => void;
  /** The parts of the life that runs, if one does. */
  readonly parts: () => Running | undefined;
  readonly machine: () => Machine;
};
export type Running = { readonly store: Store; readonly relayer: Relayer };

export type GatewayParts = {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly witness: Witness;
  readonly world: World;
  readonly request: Request;
  readonly folder: string;
  readonly mqtt: IngestParts["mqtt"];
  readonly sabotage: Sabotage | undefined;
  readonly onLog: (line: string) => void;
};

const [FILE, HEAD] = ["plotline.sqlite", "log.head"];
const MOST_CLOSING = 60_000;

export function startGatewayMachine(parts: GatewayParts): GatewayMachine {
  const { scheduler, network, witness, world, folder, sabotage } = parts;
  const { after, between, chance, pause } = scheduler;
  const log = pino({ level: "info" }, { write: parts.onLog });
  const request = sabotage?.request?.(parts.request, world) ?? parts.request;
  let life = 0;
  let machine: Machine;
  let running: (Running & { readonly ingest: Ingest; readonly place: Store }) | undefined;
  const placeOf = (of: number): string => join(folder, `life-${of}`);

  /** The store as its disk lets it be. */
  const overDisk = (store: Store): Store => ({
    ...store,
    write: async (run) => {
      await pause(between(0, 30));
      const { fails, silent, full } = gateway.disk;
      const broken = full || chance(fails);
      const result = await store.write(async (transaction) => {
        const inner = await run(transaction);
        if (broken) throw new Error("disk I/O error");
        return inner;
      });
      await pause(between(0, 30));
      if (chance(silent)) throw new Error("the connection broke at the commit");
      return result;
    },
  });
  const boot = async (): Promise<void> => {
    const place = await openStore({ dataDir: placeOf(life) });
    witness.lookAt(join(placeOf(life), FILE));
    const slow = overDisk(place);
    const store = sabotage?.store?.(slow, scheduler) ?? slow;
    const chain = chainView(request, world.deployment);
    const relayer = startRelayer({
      store,
      node: nodeOver(request),
      deployment: world.deployment,
      account: world.chain.relayer,
      logId: LOG_ID,
      now: scheduler.now,
      log,
      anchorEvery: ANCHOR_EVERY,
    });
    const anchored = sabotage?.rollback === true ? async () => undefined : undefined;
    const ingest = await startIngest({
      store,
      signer: SIGNER,
      keyOf: async (keyId) => {
        const [state] = await chain.keys([keyId]);
        return state?.until === 0 ? undefined : state;
      },
      now: scheduler.now,
      log,
      mqtt: parts.mqtt,
      anchored: anchored ?? (() => chain.anchor(LOG_ID)),
      head: fileHead(join(placeOf(life), HEAD)),
      onCheckpoint: (checkpoint) => {
        witness.checkpoint(checkpoint);
        relayer.wake();
      },
    });
    running = { store, relayer, ingest, place };
  };
  /** What a killed process leaves: everything that it wrote, and nothing that it knew. */
  const copyDisk = (from: string, to: string): void => {
    mkdirSync(to);
    const files = [FILE, HEAD, ...(sabotage?.forgetful === true ? [] : [`${FILE}-wal`])];
    for (const file of files)
      if (existsSync(join(from, file))) copyFileSync(join(from, file), join(to, file));
  };
  const start = (downtime: number): void => {
    machine = { name: `gateway#${life}`, alive: true };
    after(downtime, machine, "boots", () => boot().catch(retry));
  };
  const retry = (failure: unknown): void => {
    scheduler.note(`the gateway does not start: ${String(failure)}`);
    gateway.crash(between(500, 3_000));
  };
  const gateway: GatewayMachine = {
    disk: GOOD_DISK,
    parts: () => running,
    machine: () => machine,
    crash: (downtime) => {
      machine.alive = false;
      network.cut(machine, chance(0.3));
      const from = sabotage?.rollback === true ? Math.max(0, life - 2) : life;
      if (existsSync(placeOf(from))) copyDisk(placeOf(from), placeOf(life + 1));
      // Only frees the file: nobody hears of it.
      running?.place.close().catch(() => {});
      running = undefined;
      life += 1;
      start(downtime);
    },
    restart: (downtime) => {
      const closing = running;
      running = undefined;
      if (closing === undefined) return;
      const [own, dying] = [life, machine];
      // One that hangs is killed.
      const limit = after(MOST_CLOSING, { name: "operator", alive: true }, "kills", () => {
        if (own === life && dying === machine) gateway.crash(downtime);
      });
      runOn(scheduler, machine, async () => {
        await closing.ingest.close();
        await closing.relayer.close();
        await closing.place.close();
        scheduler.drop(limit);
        dying.alive = false;
        network.cut(dying, false);
        start(downtime);
      });
    },
  };
  start(0);
  return gateway;
}
