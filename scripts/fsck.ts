import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Command } from "commander";

import { requestAt } from "../gateway/chain/providers.ts";
import { parseConfig, type Config } from "../gateway/config.ts";
import { parseDeployment } from "../gateway/core/bundle.ts";
import { parseJson } from "../gateway/core/canonical.ts";
import type { Deployment } from "../gateway/core/operations.ts";
import { fsck } from "../gateway/fsck.ts";
import { chainView, type Anchor } from "../gateway/index/chain-view.ts";
import { logSigner, type LogSigner } from "../gateway/log-signer.ts";
import { readStore } from "../gateway/store/open.ts";

const program = new Command("fsck")
  .description(
    "Derives the log, its tiles, its checkpoints and every digest again from what was received, compares the " +
      "anchored checkpoint on the chain, and names what differs. Reads only, also beside a running gateway. " +
      "Settings come from the environment as for `npm start`; RPC_URL (absent: a gateway's own chain on " +
      "RPC_PORT, if it runs) is asked for the checkpoint.",
  )
  .option("--offline", "do not ask the chain")
  .action(run);
await program.parseAsync();

async function run({ offline }: { readonly offline?: boolean }): Promise<void> {
  const config = parseConfig(process.env);
  const signer = logSigner(config.logOrigin, config.logKey ?? seedIn(config));
  const deployment = deploymentOf(config);
  const anchored = offline || !deployment ? undefined : await anchorOf(config, deployment, signer);
  const { dataDir, databaseUrl } = config;
  let [found, seen] = [0, 0];
  const place = databaseUrl === undefined ? { dataDir } : { databaseUrl };
  await readStore(place, async (db) => {
    const onProgress = (done: number): void => {
      seen = done;
      if (process.stderr.isTTY) process.stderr.write(`\r${done} entries`);
    };
    const parts = { db, log: signer, onProgress, ...(deployment && { deployment }) };
    for await (const { what, why } of fsck({ ...parts, ...(anchored && { anchored }) })) {
      found += 1;
      console.log(`${what}: ${why}`);
    }
  });
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[2K");
  const chain = anchored === undefined ? "the chain was not asked" : `anchored: ${anchored.size}`;
  console.log(`${seen} entries, ${found === 0 ? "nothing differs" : `${found} differ`}; ${chain}`);
  process.exitCode = found === 0 ? 0 : 1;
}

function seedIn({ dataDir }: Config): string {
  return readFileSync(join(dataDir, "log.key"), "utf8").trim();
}

function deploymentOf({ deploymentFile }: Config): Deployment | undefined {
  if (!existsSync(deploymentFile)) return undefined;
  return parseDeployment(parseJson(readFileSync(deploymentFile, "utf8")));
}

async function anchorOf(
  { rpcUrls, host, rpcPort }: Config,
  deployment: Deployment,
  signer: LogSigner,
): Promise<Anchor | undefined> {
  const urls = rpcUrls.length > 0 ? rpcUrls : [`http://${host}:${rpcPort.port}`];
  try {
    return await chainView(requestAt(urls), deployment).anchor(signer.id);
  } catch (failure) {
    console.error(`the chain does not answer: ${(failure as Error).message}`);
    return undefined;
  }
}
