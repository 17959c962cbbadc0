import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startEmbeddedChain, type EmbeddedChain } from "../../../gateway/chain/embedded.ts";
import { EMBEDDED_CHAIN_ID } from "../../../gateway/chain/simulated.ts";
import type { Hex } from "../../../gateway/core/bytes.ts";

/** A folder of its own for a test; `close` removes it. */
export async function openFolder(): Promise<{ path: string; close: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "plotline-"));
  return { path, close: () => rm(path, { recursive: true, force: true }) };
}

export type Said = { readonly details: object; readonly message: string };

/** The chain of a folder with a clock that stands still and a key that is always the same. */
export async function chainOf(
  dataDir: string,
  { now = 1_760_000_000_000, said = [] }: { now?: number; said?: Said[] } = {},
): Promise<EmbeddedChain> {
  let made = 0;
  return startEmbeddedChain({
    dataDir,
    host: "127.0.0.1",
    port: 0,
    now: () => now,
    random: (length) => new Uint8Array(length).fill(++made),
    log: { info: (details, message) => said.push({ details, message }) },
  });
}

/** A transaction of the chain's own account that pays itself nothing. */
export const selfPayment = (
  chain: EmbeddedChain,
  nonce: number,
  changes: object = {},
): Promise<Hex> =>
  chain.relayer.signTransaction({
    type: 2,
    chainId: EMBEDDED_CHAIN_ID,
    to: chain.relayer.address,
    nonce,
    gasLimit: 40_000,
    maxFeePerGas: 2_000_000_000n,
    maxPriorityFeePerGas: 1n,
    ...changes,
  }) as Promise<Hex>;

type Answer = { readonly result?: unknown; readonly error?: { readonly code: number } };

/** Asks a chain as a stranger does: over HTTP. */
export async function ask(url: string, method: string, params: unknown[] = []): Promise<Answer> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(url, { method: "POST", body });
  return (await response.json()) as Answer;
}

export type BlockAnswer = { readonly hash: Hex; readonly number: Hex; readonly timestamp: Hex };

export const newestOf = async (chain: EmbeddedChain): Promise<BlockAnswer> =>
  (await chain.request("eth_getBlockByNumber", ["latest", false])) as BlockAnswer;
