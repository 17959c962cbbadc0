import { availableParallelism, loadavg } from "node:os";

import { ingestCosts, type Costs } from "./ingest-costs.ts";
import { makeSender, openLane, pushAtRate, type Sender } from "./ingest-load.ts";
import type { PartName } from "./ingest-parts.ts";
import {
  BENCH_BROKER,
  inFolder,
  startBenchBroker,
  startBenchPostgres,
  startPart,
} from "./ingest-places.ts";
import { rawP256 } from "./raw-p256.ts";
import { spreadOf } from "./rounds.ts";

/** What `--help` says of it. */
export const HELP = `npm run bench -- ingest [--json] [--quick]

How fast readings become durable, beside what others would run. All in one run, in interleaved rounds, on this machine,
with the senders on it too: one lean process that writes frames made beforehand, 100 under way for each of 8 devices,
the same for everybody. Packs hold one reading or ten, as devices with a radio to save send them; each has one signature.

  ours            signature, key, clock judged; on the disk (fsync) when acknowledged; in the log soon after
    own broker      devices connect to the gateway: their PUBACK means durable
    broker          the gateway reads from the same broker as the programs below; counted when durable
  usual program   MQTT.js handleMessage, one INSERT for each message, durable (SQLite WAL with synchronous=FULL;
                  PostgreSQL with synchronous_commit=on); looks at no signature, keeps no log
  discard         MQTT.js handleMessage that throws every message away: as fast as such a subscriber can be

The broker is Mosquitto where it is installed (aedes otherwise), keeping nothing on the disk, for all who read from one.
"message for message" compares what was sent; "readings" compares what was measured in the field: the usual program
gets each reading as a message of its own, we get ten in a pack. Both are told.

  --quick  one round in place of five
  --json   for programs; progress goes to the other stream`;

const DEVICES = 8;

type Party = {
  readonly part: PartName;
  readonly over: "own broker" | "broker";
  readonly database?: "postgres";
  readonly readings: 1 | 10;
  readonly warm: number; // packs a device before the clock runs: V8 compiles hot code in steps, for some seconds
  readonly packs: number;
};

const BULK = { warm: 4_000, packs: 4_000 };
const FEW = { warm: 30, packs: 150 };
const PARTIES = {
  "ours, own broker, 1 reading": { part: "ours", over: "own broker", readings: 1, ...BULK },
  "ours, own broker, 10 readings": { part: "ours", over: "own broker", readings: 10, ...BULK },
  "ours, broker, 1 reading": { part: "ours", over: "broker", readings: 1, ...BULK },
  "ours, broker, 10 readings": { part: "ours", over: "broker", readings: 10, ...BULK },
  "usual, SQLite": { part: "usual", over: "broker", readings: 1, ...FEW },
  discard: { part: "discard", over: "broker", readings: 1, ...BULK },
  "ours, broker, PostgreSQL, 1 reading": {
    part: "ours",
    over: "broker",
    database: "postgres",
    readings: 1,
    ...BULK,
  },
  "ours, broker, PostgreSQL, 10 readings": {
    part: "ours",
    over: "broker",
    database: "postgres",
    readings: 10,
    ...BULK,
  },
  "usual, PostgreSQL": {
    part: "usual",
    over: "broker",
    database: "postgres",
    readings: 1,
    ...FEW,
  },
} as const satisfies Record<string, Party>;
type PartyName = keyof typeof PARTIES;

type Run = { readonly rate: number; readonly cpu: number; readonly rss: number };

type World = {
  readonly newDatabase: (() => Promise<string>) | undefined;
  readonly senders: Readonly<Record<1 | 10, readonly Sender[]>>;
};

/** Starts a party on a fresh store with everybody connected to it, and stops it afterwards. */
const running = <T>(
  { newDatabase, senders }: World,
  { part, over, database, readings }: Party,
  run: (
    program: Awaited<ReturnType<typeof startPart>>,
    lanes: readonly Awaited<ReturnType<typeof openLane>>[],
  ) => Promise<T>,
): Promise<T> =>
  inFolder(async (folder) => {
    const databaseUrl = database && (await newDatabase?.());
    // A broker of its own for each: it keeps for a gateway what comes while that is away.
    const broker = over === "broker" ? await startBenchBroker(folder) : undefined;
    const program = await startPart(part, {
      folder,
      ...(broker !== undefined && { port: broker.port }),
      ...(databaseUrl !== undefined && { databaseUrl }),
    });
    try {
      const port = broker?.port ?? program.port;
      const lanes = await Promise.all(senders[readings].map((sender) => openLane(sender, port)));
      const result = await run(program, lanes);
      for (const lane of lanes) lane.close();
      return result;
    } finally {
      program.stop();
      broker?.stop();
    }
  });

/** One run: packs a second, CPU time for one (µs; of the program alone), bytes resident. */
const measure = (world: World, party: Party): Promise<Run> =>
  running(world, party, async (program, lanes) => {
    const { warm, packs } = party;
    await Promise.all(lanes.map((lane) => lane.send(warm)));
    await program.handled(warm * DEVICES);
    const before = await program.used();
    const start = performance.now();
    const handled = program.handled((warm + packs) * DEVICES);
    await Promise.all(lanes.map((lane) => lane.send(packs)));
    // Our own broker's acknowledgement is the end of it. Another's is not, so its reader is asked.
    if (party.over === "broker") await handled;
    const seconds = (performance.now() - start) / 1_000;
    handled.catch(() => {});
    const { cpu, rss } = await program.used();
    const count = packs * DEVICES;
    return { rate: count / seconds, cpu: ((cpu - before.cpu) / count) * 1e6, rss };
  });

/** How long acknowledgements of our own broker take at a rate. */
const latency = (world: World, rate: number): Promise<Half> =>
  running(world, PARTIES["ours, own broker, 1 reading"], async (_program, lanes) => {
    await Promise.all(lanes.map((lane) => lane.send(BULK.warm / 2)));
    await pushAtRate(lanes, rate, 1_000); // what full load left waiting is no part of half load
    const left = BULK.warm / 2 + BULK.packs - rate / DEVICES;
    const time = Math.min(5_000, (left * DEVICES * 1_000) / rate);
    const took = (await pushAtRate(lanes, rate, time)).toSorted((a, b) => a - b);
    const at = (share: number): number => took[Math.floor(took.length * share)] ?? NaN;
    return { rate, p50: at(0.5), p99: at(0.99) };
  });

/** Acknowledgements at half of what a round's gateway took (messages/s); their times in ms. */
type Half = { readonly rate: number; readonly p50: number; readonly p99: number };

type Results = {
  readonly runs: Readonly<Partial<Record<PartyName, readonly Run[]>>>;
  readonly raw: { readonly der: readonly number[]; readonly p1363: readonly number[] };
  readonly half: readonly Half[];
  readonly costs: Costs;
  readonly broker: string;
};

async function measureAll(world: World, rounds: number): Promise<Results> {
  const runs: Partial<Record<PartyName, Run[]>> = {};
  const raw = { der: [] as number[], p1363: [] as number[] };
  const half: Half[] = [];
  for (let round = 1; round <= rounds; round++) {
    raw.der.push(await rawP256("der", 1_000));
    raw.p1363.push(await rawP256("ieee-p1363", 1_000));
    for (const [name, party] of Object.entries(PARTIES) as [PartyName, Party][]) {
      if (party.database === "postgres" && world.newDatabase === undefined) continue;
      const result = await measure(world, party);
      (runs[name] ??= []).push(result);
      const { rate, cpu } = result;
      const load = loadavg()[0]?.toFixed(1);
      console.error(
        `round ${round} of ${rounds}: ${name}: ${rate.toFixed(0)}/s, ${cpu.toFixed(0)} µs CPU; load ${load}`,
      );
    }
    const took = runs["ours, own broker, 1 reading"]?.at(-1);
    if (took !== undefined) half.push(await latency(world, took.rate / 2));
  }
  const costs = await inFolder((folder) => ingestCosts(folder, 1));
  return { runs, raw, half, costs, broker: BENCH_BROKER };
}

const rateOf = (runs: Results["runs"], name: PartyName): number =>
  spreadOf((runs[name] ?? []).map(({ rate }) => rate)).median;

/** What is asked of it, and what came out. */
function ratiosOf({ runs, raw }: Results): Readonly<Record<string, number>> {
  const of = (name: PartyName): number => rateOf(runs, name);
  const [own, ownTen] = [of("ours, own broker, 1 reading"), of("ours, own broker, 10 readings")];
  const [one, ten] = [of("ours, broker, 1 reading"), of("ours, broker, 10 readings")];
  const postgres = "ours, broker, PostgreSQL, 10 readings";
  const usual = of("usual, SQLite");
  const cpu = spreadOf((runs["ours, own broker, 1 reading"] ?? []).map((run) => run.cpu)).median;
  const cores = availableParallelism();
  const [der, p1363] = [spreadOf(raw.der).median, spreadOf(raw.p1363).median];
  return {
    "readings, ten a pack : usual on SQLite, same broker (≥ 20)": (10 * ten) / usual,
    "message for message, ten readings each : usual on SQLite": ten / usual,
    "message for message, one reading each : usual on SQLite": one / usual,
    "readings, ten a pack, PostgreSQL : usual on PostgreSQL (≥ 20)":
      (10 * of(postgres)) / of("usual, PostgreSQL"),
    "message for message, one reading each, PostgreSQL : usual on PostgreSQL":
      of("ours, broker, PostgreSQL, 1 reading") / of("usual, PostgreSQL"),
    "own broker, readings, ten a pack : usual on SQLite": (10 * ownTen) / usual,
    "own broker, message for message : usual on SQLite": own / usual,
    "readings, ten a pack : discard, same broker (≥ 0.5)": (10 * ten) / of("discard"),
    "message for message, one reading each : discard, same broker": one / of("discard"),
    "own broker, one reading each : discard": own / of("discard"),
    "own broker : raw P-256 of r‖s, as devices sign, senders on the same cores (≥ 0.6)":
      own / p1363,
    "the same by CPU time of the gateway alone": 1e6 / cpu / (p1363 / cores),
    "own broker : raw P-256 of DER, which Node takes in less time": own / der,
    "the same by CPU time of the gateway alone, DER": 1e6 / cpu / (der / cores),
    "readings, ten a pack : one a pack (≥ 7)": (10 * ownTen) / own,
  };
}

function print(results: Results, rounds: number): void {
  const { runs, raw, half, costs, broker } = results;
  const told = (values: readonly number[], places = 0): string => {
    const { median, least, most } = spreadOf(values);
    return `${median.toFixed(places)} (${least.toFixed(places)}…${most.toFixed(places)})`;
  };
  console.log(`\n${availableParallelism()} cores, ${rounds} rounds, broker: ${broker}`);
  console.log(`load of the machine (1, 5, 15 min): ${loadavg().map((load) => load.toFixed(1))}`);
  console.log("median (least…most)\n");
  for (const [name, all] of Object.entries(runs)) {
    const of = (what: keyof Run, unit = 1): string => told(all.map((run) => run[what] / unit));
    console.log(
      `${name.padEnd(38)} ${of("rate")} messages/s; ${of("cpu")} µs CPU each; ${of("rss", 2 ** 20)} MiB`,
    );
  }
  console.log(`\nraw P-256, all cores: ${told(raw.der)}/s; as r‖s ${told(raw.p1363)}/s`);
  const halves = (what: keyof Half, places: number): string =>
    told(
      half.map((each) => each[what]),
      places,
    );
  console.log(
    `acknowledgement at half load, ${halves("rate", 0)}/s: p50 ${halves("p50", 1)} ms, p99 ${halves("p99", 1)} ms (≤ 50)\n`,
  );
  const cpu = spreadOf((runs["ours, own broker, 1 reading"] ?? []).map((run) => run.cpu)).median;
  const rest = cpu - costs.judge - costs.row - costs.leaf;
  const us = (value: number): string => value.toFixed(1).padStart(8);
  console.log("what a pack of one reading costs our gateway, µs of CPU:");
  console.log(`${us(costs.verify)}  P-256`);
  console.log(`${us(costs.parse)}  parsing COSE and SenML`);
  console.log(`${us(costs.judge - costs.verify - costs.parse)}  hashes, and the rest of judging`);
  console.log(`${us(costs.row)}  its row, with its share of the commit`);
  console.log(`${us(costs.leaf)}  its leaf, with its share of tiles and checkpoint`);
  console.log(`${us(rest)}  MQTT, threads, waiting in line, and what the load adds\n`);
  for (const [name, ratio] of Object.entries(ratiosOf(results)))
    if (Number.isFinite(ratio)) console.log(`${ratio.toFixed(2).padStart(8)}  ${name}`);
}

export async function bench(args: readonly string[]): Promise<void> {
  const rounds = args.includes("--quick") ? 1 : 5;
  console.error("signing packs");
  const { warm, packs } = BULK;
  const sendersOf = (readings: number) =>
    Promise.all(Array.from({ length: DEVICES }, () => makeSender(warm + packs, readings)));
  const senders = { 1: await sendersOf(1), 10: await sendersOf(10) };
  const postgres = await startBenchPostgres();
  try {
    const results = await measureAll({ newDatabase: postgres?.newDatabase, senders }, rounds);
    if (args.includes("--json"))
      console.log(JSON.stringify({ rounds, ...results, ratios: ratiosOf(results) }));
    else print(results, rounds);
  } finally {
    await postgres?.stop();
  }
}
