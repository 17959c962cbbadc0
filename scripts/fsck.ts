import { existsSync } from "node:fs";

import { Command } from "commander";

import { readDeployment } from "../gateway/chain/link.ts";
import { requestAt } from "../gateway/chain/providers.ts";
import { parseConfig, type Config } from "../gateway/config.ts";
import { toHex, utf8ToBytes } from "../gateway/core/bytes.ts";
import { sha256 } from "../gateway/core/hash.ts";
import type { Deployment } from "../gateway/core/operations.ts";
import { TraceError } from "../gateway/core/trace-error.ts";
import { fsck, type FsckParts } from "../gateway/fsck.ts";
import { chainView, type Anchor } from "../gateway/index/chain-view.ts";
import { logOf } from "../gateway/log-signer.ts";
import { readStore } from "../gateway/store/open.ts";

const UNREAD = 2;

const program = new Command("fsck")
  .description(
    "Derives the log, its tiles, its checkpoints and every digest again from what was received, compares the " +
      "anchored checkpoint on the chain, and names what differs. Reads only, also beside a running gateway. " +
      "Settings come from the environment as for `npm start`; RPC_URL (absent: a gateway's own chain on " +
      "RPC_PORT, if it runs) is asked for the checkpoint. Exit code 0: nothing differs; 1: something does; 2: the " +
      "store could not be read.",
  )
  .option("--offline", "do not ask the chain")
  .action(async (options: { readonly offline?: boolean }) => {
    try {
      await run(options);
    } catch (failure) {
      // What a database, a file or a socket says has a code; a bug of ours has none.
      if (!(failure instanceof Error && "code" in failure)) throw failure;
      console.error(
        `${failure.message || String(failure.code)}; DATA_DIR or DATABASE_URL name the store to read`,
      );
      process.exitCode = UNREAD;
    }
  });
program.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : UNREAD));
await program.parseAsync();

async function run({ offline }: { readonly offline?: boolean }): Promise<void> {
  const config = parseConfig(process.env);
  const path = config.deploymentFile;
  const deployment = existsSync(path) ? readDeployment(path) : undefined;
  const { dataDir, databaseUrl } = config;
  const place = databaseUrl === undefined ? { dataDir } : { databaseUrl };
  const found = await readStore(place, async (db) => {
    const log = await logOf(db);
    if (log === undefined)
      throw new TraceError("NOT_FOUND", "no gateway has ever run on this store");
    const chain =
      offline || !deployment ? undefined : await anchorOf(config, deployment, log.origin);
    return check({ db, log, ...(deployment && { deployment }), ...(chain && { anchored: chain }) });
  });
  process.exitCode = found === 0 ? 0 : 1;
}

async function check(parts: Omit<FsckParts, "onProgress">): Promise<number> {
  const { anchored } = parts;
  let [found, seen] = [0, 0];
  const onProgress = (done: number): void => {
    seen = done;
    if (process.stderr.isTTY) process.stderr.write(`\r${done} entries`);
  };
  for await (const { what, why } of fsck({ ...parts, onProgress })) {
    found += 1;
    console.log(`${what}: ${why}`);
  }
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[2K");
  const chain = anchored === undefined ? "the chain was not asked" : `anchored: ${anchored.size}`;
  console.log(`${seen} entries, ${found === 0 ? "nothing differs" : `${found} differ`}; ${chain}`);
  return found;
}

async function anchorOf(
  { rpcUrls, host, rpcPort }: Config,
  deployment: Deployment,
  origin: string,
): Promise<Anchor | undefined> {
  const urls = rpcUrls.length > 0 ? rpcUrls : [`http://${host}:${rpcPort.port}`];
  try {
    return await chainView(requestAt(urls), deployment).anchor(toHex(sha256(utf8ToBytes(origin))));
  } catch (failure) {
    console.error(
      `no chain answers at ${urls.join(", ")}: ${(failure as Error).message}. Name one with RPC_URL, ` +
        "or start the gateway, whose own chain it is; the rest is checked without it",
    );
    return undefined;
  }
}
