import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

import { Wallet } from "ethers";

import { toHex } from "../core/bytes.ts";
import { TraceError } from "../core/trace-error.ts";

/** The account at `path`: a secp256k1 key as `0x…`, made on the first start (or taken from `key`) and readable by nobody else. */
export async function openAccount({
  path,
  random,
  key,
}: {
  readonly path: string;
  readonly random: (length: number) => Uint8Array;
  readonly key?: string | undefined;
}): Promise<Wallet> {
  const stored = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return undefined;
  });
  if (stored !== undefined) {
    const wallet = new Wallet(stored.trim());
    if (key === undefined || new Wallet(key).privateKey === wallet.privateKey) return wallet;
    throw new TraceError("OTHER_CHAIN", `${path} holds another key than the one that was given`);
  }
  const wallet = new Wallet(key ?? toHex(random(32)));
  // A crash leaves the whole key under its name or none: an address without its key would be an account lost.
  const file = await open(`${path}.new`, "w", 0o600);
  await file.writeFile(`${wallet.privateKey}\n`);
  await file.sync();
  await file.close();
  await rename(`${path}.new`, path);
  const folder = await open(dirname(path));
  await folder.sync();
  await folder.close();
  return wallet;
}
