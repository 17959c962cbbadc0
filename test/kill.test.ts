import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { expect } from "chai";

import { requestAt } from "../gateway/chain/providers.ts";
import type { Deployment } from "../gateway/core/operations.ts";
import { LOTS } from "../scripts/season/cast.ts";

const root = resolve(import.meta.dirname, "..");

/** A port that was free a moment ago, and stays the same over restarts. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** What somebody outside saw: which block had which hash, and which size of the log which root. */
type Seen = { readonly blocks: Map<string, string>; readonly roots: Map<string, string> };

/** Notes a fact that may never change. */
function note(facts: Map<string, string>, name: string, fact: string): void {
  expect(facts.get(name) ?? fact, name).to.equal(fact);
  facts.set(name, fact);
}

async function look({ blocks, roots }: Seen, url: string, rpc: string): Promise<void> {
  const block = (await requestAt([rpc])("eth_getBlockByNumber", ["latest", false])) as {
    number: string;
    hash: string;
  };
  note(blocks, block.number, block.hash);
  const checkpoint = await fetch(`${url}/checkpoint`).then((answer) => answer.text());
  const [, size = "", logRoot = ""] = checkpoint.split("\n");
  if (/^\d+$/.test(size)) note(roots, size, logRoot);
}

describe("The demonstration, killed again and again", function () {
  this.timeout(240_000);
  const dataDir = mkdtempSync(join(tmpdir(), "plotline-kill-"));
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  };
  after(async () => {
    await kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("forgets nothing: the same chain, contracts, log and trail after every kill -9", async () => {
    const [http, mqtt, rpc] = [await freePort(), await freePort(), await freePort()];
    const [url, rpcUrl] = [`http://127.0.0.1:${http}`, `http://127.0.0.1:${rpc}`];
    const env = {
      ...process.env,
      DATA_DIR: dataDir,
      PORT: String(http),
      MQTT_PORT: String(mqtt),
      RPC_PORT: String(rpc),
    };
    const start = (): ChildProcess =>
      spawn(process.execPath, ["scripts/demo.ts"], { cwd: root, env, stdio: "pipe" });
    const seen: Seen = { blocks: new Map(), roots: new Map() };
    let deployment: Deployment | undefined;

    /** Runs until the season is told or `looks` looks from outside were had, whichever comes first. */
    const run = async (looks: number): Promise<void> => {
      child = start();
      let said = "";
      child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
      child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
      for (let looked = 0; looked < looks;) {
        if (child.exitCode !== null) throw new Error(`it ended by itself:\n${said}`);
        if (said.includes("until Ctrl-C")) return;
        const up = await look(seen, url, rpcUrl).then(
          () => true,
          (failure: unknown) => {
            if (failure instanceof Error && failure.name === "AssertionError") throw failure;
            return false; // not up yet
          },
        );
        if (up) looked += 1;
        await new Promise((done) => setTimeout(done, up ? 20 : 50));
      }
    };

    for (const looks of [1, 15, 60, 120]) {
      await run(looks);
      await kill();
      const found = JSON.parse(
        readFileSync(join(dataDir, "deployment.json"), "utf8"),
      ) as Deployment;
      deployment ??= found;
      expect(found).to.deep.equal(deployment);
    }
    await run(Infinity);
    expect(seen.blocks.size).to.be.greaterThan(10);
    expect(seen.roots.size).to.be.greaterThan(1);

    const verify = spawn(
      process.execPath,
      [
        "scripts/verify.ts",
        `${url}${new URL(LOTS.bags.lot).pathname}`,
        "--deployment",
        join(dataDir, "deployment.json"),
        "--rpc",
        rpcUrl,
      ],
      { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
    );
    let verdict = "";
    verify.stdout.on("data", (chunk: Buffer) => (verdict += chunk.toString()));
    const [code] = (await once(verify, "exit")) as [number];
    expect(code, verdict).to.equal(0);

    const exit = once(child ?? verify, "exit");
    child?.kill("SIGINT");
    expect(await exit, "Ctrl-C ends it cleanly").to.deep.equal([0, null]);
  });
});
