import { mkdtempSync, rmSync, existsSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Aedes } from "aedes";

import { topicOf } from "../../../gateway/core/topics.ts";
import { digestOf, ROLES } from "../../../gateway/core/operations.ts";
import { NOTHING } from "../../../gateway/core/recording.ts";
import type { Sql } from "../../../gateway/store/schema.ts";
import { insertStatement } from "../../../gateway/store/statements.ts";
import { signedBy, signedCall } from "../../contracts/person.ts";
import {
  FOR_EVER,
  harvestOf,
  lotNamed,
  openBareWorld,
  type World,
} from "../../gateway/chain/world.ts";
import { NO_CHAIN_FAULTS, startChain } from "./chain.ts";
import { DEVICES, startSensor } from "./devices.ts";
import { ANCHOR_EVERY, GOOD_DISK, startGatewayMachine } from "./gateway.ts";
import { openNetwork, type Weather } from "./network.ts";
import { createScheduler, runOn, type Machine, type Scheduler } from "./scheduler.ts";
import type { Sabotage } from "./sabotage.ts";
import { createWitness, type Violation } from "./witness.ts";

/** What became of one seed. `trace` is the SHA-256 of everything that happened, in order. */
export type Outcome = {
  readonly seed: number;
  readonly trace: string;
  readonly violations: readonly Violation[];
  readonly counts: Readonly<Record<"packs" | "crashes" | "blocks" | "minutes", number>>;
};

/** A world that seeds are run in, one after another, each from the same beginning. */
export type Stage = {
  readonly run: (seed: number, options?: RunOptions) => Promise<Outcome>;
  readonly close: () => Promise<void>;
};
export type RunOptions = {
  readonly sabotage?: Sabotage | undefined;
  readonly onNote?: (text: string) => void;
};

/** A chain with our contracts, a farm and the devices on it. */
export async function openStage(): Promise<Stage> {
  const world = await openBareWorld();
  await world.relay(
    "parties",
    ...DEVICES.map(({ key }) =>
      signedCall(world.deployment, world.province, "Enrolment", {
        subject: world.province.party,
        subjectKey: key,
        roles: ROLES.device,
        from: 0,
        until: FOR_EVER,
        content: NOTHING,
      }),
    ),
  );
  let beginning = await world.chain.request("evm_snapshot", []);
  return {
    run: async (seed, options = {}) => {
      const outcome = await runSeed(seed, world, options);
      await world.chain.request("evm_revert", [beginning]);
      beginning = await world.chain.request("evm_snapshot", []);
      return outcome;
    },
    close: world.close,
  };
}

const STRIKES = ["gateway", "restart", "sensor", "disk", "full", "clock", "broker"] as const;
const MINUTE = 60_000;
const START = 1_760_001_000_000; // ms
/** How long faults may go on having effects: connections that nobody hears on, and the relayer's longest pause. */
const AFTERMATH = 12 * MINUTE;
const MEMORY = "/dev/shm"; // fsync costs nothing there, and nothing here asks what it costs

async function runSeed(seed: number, world: World, options: RunOptions): Promise<Outcome> {
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), "plotline-seed-"));
  const scheduler = createScheduler(seed, START, options.onNote);
  const setup: Machine = { name: "setup", alive: true };
  const bugs: unknown[] = [];
  const onBug = (bug: unknown): unknown => bugs.push(bug);
  process.on("unhandledRejection", onBug);
  try {
    const outcome = await runOn(scheduler, setup, () =>
      play(seed, { world, scheduler, folder, options }),
    );
    if (bugs.length > 0) throw bugs[0];
    return outcome;
  } finally {
    process.off("unhandledRejection", onBug);
    rmSync(folder, { recursive: true });
  }
}

type Play = {
  readonly world: World;
  readonly scheduler: Scheduler;
  readonly folder: string;
  readonly options: RunOptions;
};

async function play(seed: number, { world, scheduler, folder, options }: Play): Promise<Outcome> {
  const { sabotage, onNote = () => {} } = options;
  const { between, chance, after, now } = scheduler;
  const witness = createWitness(scheduler);
  const network = openNetwork(scheduler, stormy(scheduler));
  const machine = (name: string): Machine => ({ name, alive: true });
  await sabotage?.chain?.(world);
  const chain = await startChain(world, scheduler, machine("chain"), witness);
  chain.faults = { lost: 0.02, unanswered: 0.02, refused: 0.03, reorganised: 0.1, spike: 0.1 };

  const ownBroker = sabotage !== undefined || chance(0.6);
  const gateway = startGatewayMachine({
    scheduler,
    network,
    witness,
    world,
    folder,
    sabotage,
    request: chain.request,
    onLog: (line) => onNote(line.trimEnd()),
    mqtt: ownBroker
      ? { host: "broker", port: 1883 }
      : { url: "mqtt://broker:1883", clientId: "plotline-gateway" },
  });
  const broker = ownBroker ? undefined : startForeignBroker(scheduler, network.cut);
  const sensors = DEVICES.map((person, i) =>
    startSensor({
      scheduler,
      network,
      witness,
      person,
      outboxPath: join(folder, `${i}.outbox`),
      forgetful: ownBroker && i === 0,
      ownBroker,
    }),
  );
  const farm = { ...world.farm };
  const state = async (): Promise<void> => {
    const { store, relayer } = gateway.parts() ?? {};
    if (store === undefined || relayer === undefined) return;
    const signed = signedBy(
      world.deployment,
      farm,
      "Operation",
      harvestOf(lotNamed(`S${farm.number}`), world.plot, 10),
    );
    const digest = digestOf(world.deployment, signed.name, signed.statement as never);
    const receivedAt = now();
    const insert = (sql: Sql) => insertStatement(sql, { digest, signed, receivedAt });
    try {
      await store.write(insert);
      witness.stated(digest);
      relayer.wake();
    } catch {} // was not taken, and nobody was told that it was
  };

  let crashes = 0;
  const trouble = machine("trouble");
  const end = now() + between(110, 200) * 1_000;
  const strike = (kind: (typeof STRIKES)[number]): void => {
    scheduler.note(`strikes: ${kind}`);
    if (kind === "gateway") {
      crashes += 1;
      gateway.crash(between(100, 8_000));
    }
    if (kind === "restart") gateway.restart(between(100, 3_000));
    if (kind === "sensor") scheduler.pick(sensors).crash(between(500, 15_000));
    if (kind === "disk") gateway.disk = { fails: 0.2, silent: 0.1, full: false };
    if (kind === "full") gateway.disk = { fails: 0, silent: 0, full: true };
    if (kind === "clock") scheduler.pick(sensors).skew = between(-5, 8) * MINUTE;
    if (kind === "broker") broker?.crash(between(100, 5_000));
    after(between(2_000, 20_000), trouble, "relents", () => {
      gateway.disk = GOOD_DISK;
      for (const sensor of sensors) sensor.skew = 0;
    });
  };
  const strikeOn = (): void => {
    strike(scheduler.pick(STRIKES));
    after(between(3_000, 25_000), trouble, "strikes", strikeOn);
  };
  after(between(3_000, 20_000), trouble, "strikes", strikeOn);
  for (const [from, to] of [
    [20_000, 50_000],
    [50_000, 100_000],
  ] as const)
    after(between(from, to), trouble, "strikes", () => strike("gateway"));
  const say = (): void => {
    after(0, gateway.machine(), "takes a statement", state);
    after(between(3_000, 20_000), trouble, "says", say);
  };
  after(between(3_000, 20_000), trouble, "says", say);

  await scheduler.runUntil(() => false, end);
  scheduler.note("faults end");
  trouble.alive = false;
  [network.weather, chain.faults, gateway.disk] = [calm(scheduler), NO_CHAIN_FAULTS, GOOD_DISK];
  broker?.replace();
  for (const sensor of sensors) {
    sensor.rest();
    sensor.skew = 0;
  }
  // I8, first half: whatever waits arrives.
  const drained = await scheduler.runUntil(
    () => sensors.every((sensor) => sensor.unreceipted() === 0) && witness.idle(),
    end + AFTERMATH,
  );
  if (!drained)
    witness.wrong("I8", `unreceipted: ${sensors.map((sensor) => sensor.unreceipted()).join(", ")}`);
  // Second half: it is anchored within two intervals, and the time that blocks take.
  const anchored = await scheduler.runUntil(
    async () => (await chain.anchor()).size === witness.newestSize(),
    now() + 2 * ANCHOR_EVERY + MINUTE,
  );
  if (!anchored) witness.wrong("I8", `${witness.newestSize()} entries are not anchored`);
  await witness.judge(scheduler, sabotage?.verify);
  const packs = witness.newestSize();
  witness.close();
  gateway.crash(0);
  return {
    seed,
    trace: scheduler.trace(),
    violations: witness.violations,
    counts: {
      packs,
      crashes,
      blocks: chain.height(),
      minutes: Math.round((now() - START) / MINUTE),
    },
  };
}

/** A network on a bad day. */
const stormy = ({ between, chance }: Scheduler): Weather => ({
  delay: () => (chance(0.05) ? between(200, 5_000) : between(1, 120)),
  fate: () => (chance(0.004) ? "reset" : chance(0.001) ? "silent" : "arrives"),
  piece: (length) => (chance(0.1) ? between(1, length) : length),
});

const calm = ({ between }: Scheduler): Weather => ({
  delay: () => between(1, 40),
  fate: () => "arrives",
  piece: (length) => length,
});

/** Somebody else's broker: it acknowledges what nobody has stored, loses, doubles and turns around. */
function startForeignBroker(
  scheduler: Scheduler,
  cut: (machine: Machine, silent: boolean) => void,
) {
  const { after, between, chance } = scheduler;
  let [life, honest] = [0, false];
  let machine: Machine;
  const boot = async (): Promise<void> => {
    const aedes = await Aedes.createBroker({
      authorizePublish: (client, packet, done) => {
        if (honest || !packet.topic.endsWith("/readings") || client === null) return done(null);
        const { topic, payload } = packet;
        const again = (): void =>
          aedes.publish(
            { cmd: "publish", topic, payload, qos: 1, dup: false, retain: false },
            () => {},
          );
        if (chance(0.1)) after(between(1, 9_000), machine, "sends a double", again);
        if (chance(0.1)) {
          packet.topic = topicOf(`0x${"00".repeat(32)}`, "receipts"); // nobody hears there
          if (chance(0.5)) after(between(1, 9_000), machine, "sends late", again);
        }
        done(null);
      },
    });
    createServer(aedes.handle).listen(1883, "broker");
  };
  const start = (downtime: number): void => {
    machine = { name: `broker#${life++}`, alive: true };
    after(downtime, machine, "boots", boot);
  };
  start(0);
  const crash = (downtime: number): void => {
    machine.alive = false;
    cut(machine, chance(0.3));
    start(downtime);
  };
  return {
    crash,
    /** Somebody puts an honest one in its place. */
    replace: (): void => {
      honest = true;
      crash(100);
    },
  };
}
