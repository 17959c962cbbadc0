import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";

import type { ChildOptions } from "./gateway-child.ts";

/** A gateway in a process of its own, which can be killed. */
export type GatewayProcess = {
  readonly pid: number;
  /** Ends it as a power cut would, seen from the process: at once, wherever it is. */
  readonly kill: () => Promise<void>;
  readonly signal: (name: "SIGSTOP" | "SIGCONT" | "SIGUSR2") => void;
};

/**
 * Starts a gateway, behind another program if `before` names one, and waits until it serves. Rejects with what it said
 * where it does not.
 */
export async function startGatewayProcess(
  options: ChildOptions,
  before: readonly string[] = [],
): Promise<GatewayProcess> {
  const script = join(import.meta.dirname, "gateway-child.ts");
  const gateway = [process.execPath, "--no-warnings", script, JSON.stringify(options)];
  const [program = "", ...args] = [...before, ...gateway];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  await up(child, exited);
  return {
    pid: child.pid ?? 0,
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
    signal: (name) => {
      child.kill(name);
    },
  };
}

async function up(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  let said = "";
  child.stderr?.on("data", (text: Buffer) => {
    said += text.toString();
  });
  const ended = exited.then(() => {
    throw new Error(`the gateway ended: ${said}`);
  });
  if (child.stdout) await Promise.race([once(child.stdout, "data"), ended]);
  ended.catch(() => {}); // later it ends because it is killed
}

/** A port on which nobody listens at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
