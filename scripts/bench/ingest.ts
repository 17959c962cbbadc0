import { generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

import { connectSender, makeSenders, sendAll, sendAtRate, startPart } from "./ingest-load.ts";
import type { PartName } from "./ingest-parts.ts";

const ROUNDS = 5;
const DEVICES = 8;

type Run = { readonly rate: number; readonly cpu: number; readonly rss: number };

/** One run: packs a second, CPU seconds for a thousand packs (of the program, not of the sender), bytes resident. */
async function run(name: "ours" | "usual" | "discard", packs: number, readings = 1): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "plotline-bench-"));
  const count = packs * DEVICES;
  const broker = name === "ours" ? undefined : await startPart("broker", { folder });
  const part = await startPart(name satisfies PartName, { folder, port: broker?.port ?? 0 });
  try {
    const senders = await makeSenders(DEVICES, packs, readings);
    const clients = await Promise.all(senders.map((sender) => connectSender(sender, part.port)));
    const before = await part.used();
    const start = performance.now();
    // Our acknowledgement is the end of it; a broker's is not, so its subscriber is asked.
    const handled = broker === undefined ? undefined : part.handled(count);
    await sendAll(senders, clients);
    await handled;
    const seconds = (performance.now() - start) / 1_000;
    const { cpu, rss } = await part.used();
    await Promise.all(clients.map((client) => client.endAsync(true)));
    return { rate: count / seconds, cpu: ((cpu - before.cpu) / count) * 1_000, rss };
  } finally {
    part.stop();
    broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How long (ms) acknowledgements take at a rate. */
async function latency(rate: number): Promise<{ readonly p50: number; readonly p99: number }> {
  const folder = mkdtempSync(join(tmpdir(), "plotline-bench-"));
  const part = await startPart("ours", { folder });
  try {
    const senders = await makeSenders(DEVICES, Math.ceil((rate * 5) / DEVICES), 1);
    const clients = await Promise.all(senders.map((sender) => connectSender(sender, part.port)));
    const took = (await sendAtRate(senders, clients, rate)).toSorted((a, b) => a - b);
    await Promise.all(clients.map((client) => client.endAsync(true)));
    const at = (share: number): number => took[Math.floor(took.length * share)] ?? NaN;
    return { p50: at(0.5), p99: at(0.99) };
  } finally {
    part.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** P-256 verifications a second of one core, with the key at hand. */
function rawVerify(): number {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const message = randomBytes(150);
  const signature = sign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" });
  const key = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < 500)
    for (let i = 0; i < 100; i++, count++) verify("sha256", message, key, signature);
  return (count / (performance.now() - start)) * 1_000;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const summary = (values: readonly number[], digits = 0): string =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}…${Math.max(...values).toFixed(digits)})`;

/**
 * Durable signed ingest beside a subscriber with one INSERT for each message and one that keeps nothing: all
 * in one run, interleaved, on this machine with the senders on it too. `--json` for programs, `--quick` for one round.
 */
export async function bench(args: readonly string[]): Promise<void> {
  const rounds = args.includes("--quick") ? 1 : ROUNDS;
  const runs: Record<string, Run[]> = {};
  const raw: number[] = [];
  const add = async (name: string, result: Promise<Run>): Promise<void> => {
    (runs[name] ??= []).push(await result);
    if (!args.includes("--json")) console.error(`${name}: ${runs[name].at(-1)?.rate.toFixed(0)}/s`);
  };
  for (let round = 0; round < rounds; round++) {
    raw.push(rawVerify());
    await add("ours", run("ours", 2_500));
    await add("usual", run("usual", 500));
    await add("discard", run("discard", 2_500));
    await add("ours, ten readings a pack", run("ours", 1_500, 10));
  }
  const rateOf = (name: string): number => median((runs[name] ?? []).map(({ rate }) => rate));
  const half = await latency(rateOf("ours") / 2);
  const perCore = median((runs["ours"] ?? []).map(({ cpu }) => 1_000 / cpu));
  const ratios = {
    "ours : usual": rateOf("ours") / rateOf("usual"),
    "ours : discard": rateOf("ours") / rateOf("discard"),
    "ours, per CPU second : raw P-256 verify": perCore / median(raw),
    "readings a second, ten : one a pack":
      (10 * rateOf("ours, ten readings a pack")) / rateOf("ours"),
  };
  if (args.includes("--json"))
    return console.log(JSON.stringify({ rounds, runs, raw, half, ratios }));
  console.log(`\n${availableParallelism()} cores, ${rounds} rounds; median (least…most)\n`);
  for (const [name, all] of Object.entries(runs)) {
    const of = (what: keyof Run, digits = 0, unit = 1): string =>
      summary(
        all.map((one) => one[what] / unit),
        digits,
      );
    console.log(
      `${name.padEnd(26)} ${of("rate")} packs/s; ${of("cpu", 3)} CPU s a thousand; ${of("rss", 0, 2 ** 20)} MiB`,
    );
  }
  console.log(`raw P-256 verify           ${summary(raw)} a second and core`);
  console.log(
    `acknowledgement at half    p50 ${half.p50.toFixed(1)} ms, p99 ${half.p99.toFixed(1)} ms\n`,
  );
  for (const [name, ratio] of Object.entries(ratios))
    console.log(`${ratio.toFixed(2).padStart(8)}  ${name}`);
}
