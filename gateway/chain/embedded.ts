import { join } from "node:path";

import type { JsonRpcApiProvider, Wallet } from "ethers";

import type { Request } from "../core/chain-state.ts";
import { openAccount } from "./account.ts";
import { admit } from "./admission.ts";
import { EMPTY } from "./journal.ts";
import { openLedger, type Ledger, type Log } from "./ledger.ts";
import { providerOver } from "./providers.ts";
import { RpcError } from "../core/rpc-error.ts";
import { publicRequest } from "./rpc-rules.ts";
import { startRpcServer } from "./rpc-server.ts";
import { EMBEDDED_CHAIN_ID, startSimulation } from "./simulated.ts";

/** What the embedded chain needs; `now` in milliseconds. Keys that are not given are made at the first start. */
export type EmbeddedChainParts = {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  readonly log: Log;
  readonly governanceKey?: string | undefined;
  readonly relayerKey?: string | undefined;
};

/**
 * A chain of this process. `governance` and `relayer` hold all its money; `request` (and `provider`, for ethers) is what `url`
 * offers, without the limits for strangers.
 */
export type EmbeddedChain = {
  readonly url: string;
  readonly request: Request;
  readonly provider: JsonRpcApiProvider;
  readonly governance: Wallet;
  readonly relayer: Wallet;
  /** Finishes what is under way; a second time does nothing. */
  readonly close: () => Promise<void>;
};

/**
 * Starts the chain of `dataDir`, or makes it again, block by block to the same hashes, from its journal. Each transaction that it
 * takes is on disk before it is mined, in a block of its own. Throws OTHER_CHAIN where the journal was made by another key or by
 * rules that changed, BAD_ENCODING where it is damaged.
 */
export async function startEmbeddedChain(parts: EmbeddedChainParts): Promise<EmbeddedChain> {
  const { dataDir, host, port, now, log } = parts;
  const accountOf = (name: string, key: string | undefined): Promise<Wallet> =>
    openAccount({ path: join(dataDir, `${name}.key`), random: parts.random, key });
  const governance = await accountOf("governance", parts.governanceKey);
  const relayer = await accountOf("relayer", parts.relayerKey);
  const simulation = await startSimulation([governance.privateKey, relayer.privateKey]);
  let ledger: Ledger | undefined;
  try {
    ledger = await openLedger(join(dataDir, "chain.jsonl"), simulation.request, log);
    const { request, settled } = ownRequest(simulation.request, ledger, now);
    const server = await startRpcServer({ host, port, request: publicRequest(request) });
    const provider = providerOver(request, EMBEDDED_CHAIN_ID);
    const end = async (): Promise<void> => {
      await server.close();
      provider.destroy();
      await settled();
      await ledger?.close();
      await simulation.close();
    };
    let ended: Promise<void> | undefined;
    return {
      url: server.url,
      request,
      provider,
      governance: governance.connect(provider),
      relayer: relayer.connect(provider),
      close: () => (ended ??= end()),
    };
  } catch (error) {
    await ledger?.close();
    await simulation.close();
    throw error;
  }
}

/** Seconds after which whoever asks for the newest block is given a new one: readers take an old one for a chain that is kept from them. */
const OLD = 6 * 3_600;

/** One request at a time, so that nobody reads a block before the journal holds it; `settled` waits for the last. */
function ownRequest(
  simulated: Request,
  ledger: Ledger,
  now: () => number,
): { readonly request: Request; readonly settled: () => Promise<void> } {
  const nextTime = (): number => Math.max(ledger.newest().time + 1, Math.floor(now() / 1000));
  const run: Request = async (method, params) => {
    if (method === "eth_sendRawTransaction")
      return ledger.mine(nextTime(), await admit(simulated, params[0]));
    // What the journal does not know of must not happen.
    if (!/^(?:eth_(?!send|sign|accounts)|net_)/.test(method))
      throw new RpcError(-32601, `${method} is not for this chain`);
    const { number, time } = ledger.newest();
    if (method === "eth_getBlockByNumber" && params[0] === "latest" && number > 0)
      if (nextTime() - time > OLD) await ledger.mine(nextTime(), EMPTY);
    // A call on "pending" sees the clock; the newest block may be days old.
    if (params.includes("pending")) await simulated("evm_setNextBlockTimestamp", [nextTime()]);
    return simulated(method, params);
  };
  let turn: Promise<unknown> = Promise.resolve();
  const request: Request = (method, params) => {
    const result = turn.then(() => run(method, params));
    turn = result.catch(() => undefined);
    return result;
  };
  return { request, settled: () => turn.then(() => undefined) };
}
