import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { freePort } from "../../test/faults/processes.ts";
import { inFolder, START_OPTIONS } from "./ingest-places.ts";
import { numberAfter } from "./rounds.ts";

/** What `--help` says of it. */
export const HELP = `npm run bench -- idle [--seconds 20] [--json]

Memory (MiB resident) of a gateway that has nothing to do: one on somebody else's chain, and one with the embedded
chain, which here is the chain of the first. Linux only: it reads /proc.`;

const ROOT = resolve(import.meta.dirname, "../..");

type Running = { readonly child: ChildProcess; readonly rpc: string };

/** Starts the gateway as `npm start` does, on free ports, and resolves when it serves. */
async function startGateway(folder: string, settings: Record<string, string>): Promise<Running> {
  const [http, mqtt, rpc] = [await freePort(), await freePort(), await freePort()];
  const child = spawn(process.execPath, [...START_OPTIONS, "gateway/main.ts"], {
    cwd: ROOT,
    env: {
      PATH: process.env["PATH"],
      DATA_DIR: folder,
      PORT: String(http),
      MQTT_PORT: String(mqtt),
      RPC_PORT: String(rpc),
      ...settings,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((go, fail) => {
    child.stdout?.on("data", (text: Buffer) => {
      if (text.includes("the gateway is up")) go();
    });
    child.once("exit", () => fail(new Error("the gateway did not start")));
  });
  return { child, rpc: `http://127.0.0.1:${rpc}` };
}

function residentOf({ pid }: ChildProcess): number {
  const [, kB = ""] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kB) / 1_024;
}

export async function bench(args: readonly string[]): Promise<void> {
  const seconds = numberAfter(args, "--seconds", 20);
  await inFolder(async (folder) => {
    const [own, other] = [join(folder, "own"), join(folder, "other")];
    const running: Running[] = [];
    try {
      const embedded = await startGateway(own, {});
      running.push(embedded);
      const external = await startGateway(other, {
        RPC_URL: embedded.rpc,
        DEPLOYMENT: join(own, "deployment.json"),
        RELAYER_KEY: readFileSync(join(own, "relayer.key"), "utf8").trim(),
        LOG_KEY: readFileSync(join(own, "log.key"), "utf8").trim(),
      });
      running.push(external);
      console.error(`both are up; waiting ${seconds} s`);
      await new Promise((go) => setTimeout(go, seconds * 1_000));
      const [withChain, without] = [residentOf(embedded.child), residentOf(external.child)];
      if (args.includes("--json")) return console.log(JSON.stringify({ without, withChain }));
      console.log(`on another's chain:      ${without.toFixed(0)} MiB (≤ 150)`);
      console.log(
        `with the embedded chain: ${withChain.toFixed(0)} MiB, ${(withChain - without).toFixed(0)} more`,
      );
    } finally {
      for (const { child } of running) child.kill("SIGKILL");
    }
  });
}
