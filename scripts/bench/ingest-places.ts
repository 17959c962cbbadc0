import { fork, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { MOSQUITTO } from "../../test/faults/mosquitto.ts";
import { freePort } from "../../test/faults/processes.ts";
import { POSTGRES_PROGRAMS, startPostgres, type Postgres } from "../../test/postgres.ts";
import type { PartName, PartOptions, PartSays } from "./ingest-parts.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Node's own options in `npm start`: what is measured is what runs. */
export const START_OPTIONS = (
  JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    readonly scripts: { readonly start: string };
  }
).scripts.start
  .split(" ")
  .slice(1, -1);

/** A running part. */
export type Part = {
  readonly port: number;
  /** Resolves when it has handled so many messages in all. */
  readonly handled: (count: number) => Promise<void>;
  readonly used: () => Promise<{ readonly cpu: number; readonly rss: number }>;
  readonly stop: () => void;
};

export async function startPart(name: PartName, options: PartOptions): Promise<Part> {
  const script = join(import.meta.dirname, "ingest-parts.ts");
  // Ours as `npm start` starts it; the others with all that Node gives by itself.
  const execArgv = ["--no-warnings", ...(name === "ours" ? START_OPTIONS : [])];
  const child = fork(script, [name, JSON.stringify(options)], { cwd: ROOT, execArgv });
  const { ready } = await heard(child, "ready", () => true);
  return {
    port: ready,
    handled: async (count) => {
      await heard(child, "handled", ({ handled }) => handled >= count);
    },
    used: () => {
      const answer = heard(child, "cpu", () => true);
      child.send("use");
      return answer;
    },
    stop: () => {
      child.kill("SIGKILL");
    },
  };
}

type Saying<K extends string> = Extract<PartSays, Record<K, unknown>>;

const heard = <K extends "ready" | "handled" | "cpu">(
  child: ChildProcess,
  key: K,
  holds: (said: Saying<K>) => boolean,
): Promise<Saying<K>> =>
  new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error("a part of the bench ended"));
    const listen = (said: PartSays): void => {
      if (!(key in said) || !holds(said as Saying<K>)) return;
      child.off("message", listen).off("exit", ended);
      resolve(said as Saying<K>);
    };
    child.on("message", listen).once("exit", ended);
  });

/** A folder that is gone afterwards. */
export async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "plotline-bench-"));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The broker that `startBenchBroker` starts. */
export const BENCH_BROKER = MOSQUITTO === undefined ? "aedes" : "Mosquitto";

/**
 * Starts Mosquitto, or aedes where it is not installed. It keeps nothing on the disk, drops nothing, and lets a
 * subscriber have a thousand messages under way: what is measured is the subscriber.
 */
export async function startBenchBroker(folder: string): Promise<Pick<Part, "port" | "stop">> {
  if (MOSQUITTO === undefined) return startPart("broker", { folder });
  const port = await freePort();
  const conf = join(folder, "mosquitto.conf");
  const user = process.getuid?.() === 0 ? "user root" : "";
  writeFileSync(
    conf,
    `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n` +
      `max_queued_messages 0\nmax_inflight_messages 1000\n${user}\n`,
  );
  const child = spawn(MOSQUITTO, ["-c", conf], { stdio: "ignore" });
  await answering(port);
  return {
    port,
    stop: () => {
      child.kill("SIGKILL");
    },
  };
}

async function answering(port: number, attempts = 200): Promise<void> {
  const answers = await new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("error", () => resolve(false)).on("connect", () => socket.destroy());
  });
  if (answers) return;
  if (attempts === 0) throw new Error("Mosquitto does not answer");
  await new Promise((resolve) => setTimeout(resolve, 30));
  await answering(port, attempts - 1);
}

/** A PostgreSQL of the machine's own programs; undefined where they are missing. */
export const startBenchPostgres = async (): Promise<Postgres | undefined> =>
  POSTGRES_PROGRAMS === undefined ? undefined : startPostgres();
