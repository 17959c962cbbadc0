import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";

import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client } from "pg";

import { freePort } from "./faults/processes.ts";

/** A PostgreSQL server of the machine's own programs, on a fresh folder and a free port. */
export type Postgres = {
  readonly url: (database: string) => string;
  readonly newDatabase: () => Promise<string>; // its url
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const ROOT = "/usr/lib/postgresql";
const versions = existsSync(ROOT)
  ? readdirSync(ROOT).toSorted((a, b) => Number(b) - Number(a))
  : [];

/** Where PostgreSQL's programs lie, or undefined where there are none. */
export const POSTGRES_PROGRAMS: string | undefined = versions
  .map((version) => join(ROOT, version, "bin"))
  .find((folder) => existsSync(join(folder, "initdb")));

/** Starts a server that syncs as in production; rejects where the programs are missing. */
export async function startPostgres(): Promise<Postgres> {
  if (POSTGRES_PROGRAMS === undefined) throw new Error("PostgreSQL is not installed");
  const folder = mkdtempSync(join(tmpdir(), "plotline-postgres-"));
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? idOf("postgres") : undefined;
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const port = await freePort();
  const options = { ...user, cwd: folder, stdio: "ignore" as const };
  const initdb = ["-D", data, "-U", "plotline", "-A", "trust", "-E", "UTF8", "--no-sync"];
  execFileSync(join(POSTGRES_PROGRAMS, "initdb"), initdb, options);
  const program = join(POSTGRES_PROGRAMS, "postgres");
  const args = ["-D", data, "-p", String(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"];
  const start = () => {
    const server = spawn(program, args, options);
    const ended = new Promise((resolve) => server.once("exit", resolve));
    return async () => {
      server.kill("SIGINT"); // breaks connections, finishes no transaction
      await ended;
    };
  };
  let stop = start();
  const url = (database: string): string => `postgres://plotline@127.0.0.1:${port}/${database}`;
  await answer(url("postgres"));
  return {
    url,
    newDatabase: async () => {
      const name = `t${randomUUID().replaceAll("-", "")}`;
      await run(url("postgres"), `CREATE DATABASE ${name}`);
      return url(name);
    },
    restart: async () => {
      await stop();
      stop = start();
      await answer(url("postgres"));
    },
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

const idOf = (name: string): { uid: number; gid: number } => ({
  uid: Number(execFileSync("id", ["-u", name], { encoding: "utf8" })),
  gid: Number(execFileSync("id", ["-g", name], { encoding: "utf8" })),
});

async function run(connectionString: string, text: string): Promise<void> {
  const client = new Client({ connectionString });
  try {
    await client.connect();
    await client.query(text);
  } finally {
    await client.end();
  }
}

async function answer(connectionString: string, attempts = 200): Promise<void> {
  try {
    await run(connectionString, "SELECT 1");
  } catch (refusal) {
    if (attempts === 0) throw refusal;
    await new Promise((resolve) => setTimeout(resolve, 50));
    await answer(connectionString, attempts - 1);
  }
}
