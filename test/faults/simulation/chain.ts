import { Interface, Transaction } from "ethers";

import { CHECKPOINTS_ABI } from "../../../gateway/chain/contracts.ts";
import { RpcError } from "../../../gateway/core/rpc-error.ts";
import type { Hex } from "../../../gateway/core/bytes.ts";
import { decodeAnswer, encodeView } from "../../../gateway/core/views.ts";
import type { Request } from "../../../gateway/core/chain-state.ts";
import { LOG_ID, type World } from "../../gateway/chain/world.ts";
import type { Machine, Scheduler } from "./scheduler.ts";

/** Blocks behind the newest that count as final. */
export const FINAL = 8;

export type Anchor = { readonly size: number; readonly root: Hex };

/** Hears of the chain what anybody could hear. */
export type ChainWitness = {
  /** A raw transaction reached a node; with what it would anchor, if it would. */
  readonly broadcast: (raw: Hex, anchor: Anchor | undefined) => void;
  readonly anchored: (anchor: Anchor, continues: boolean) => void;
};

/** Chances of what goes wrong between the gateway and its node, and on the chain. */
export type ChainFaults = {
  readonly lost: number; // a request never arrives
  readonly unanswered: number; // a request is carried out, and nobody hears of it
  readonly refused: number; // the node has other worries
  readonly reorganised: number; // by block
  readonly spike: number; // by block, of the fee that it asks for
};
export const NO_CHAIN_FAULTS: ChainFaults = {
  lost: 0,
  unanswered: 0,
  refused: 0,
  reorganised: 0,
  spike: 0,
};

/** A chain in virtual time: blocks come now and then, and the newest may be replaced. */
export type Chain = {
  faults: ChainFaults;
  readonly request: Request; // over a network, for the machine that asks
  readonly anchor: () => Promise<Anchor>;
  readonly height: () => number;
};

const PATIENCE = 20_000;
const checkpoints = new Interface(CHECKPOINTS_ABI);

const hex = (value: number): Hex => `0x${value.toString(16)}`;

function anchorIn(world: World, raw: Hex): Anchor | undefined {
  const { to, data } = Transaction.from(raw);
  if (to?.toLowerCase() !== world.deployment.checkpoints) return undefined;
  const { size, root } = checkpoints.decodeFunctionData("anchor", data);
  return { size: Number(size), root: String(root) as Hex };
}

/** Starts mining on `machine`, over the world's EVM as it is now. */
export async function startChain(
  world: World,
  scheduler: Scheduler,
  machine: Machine,
  witness: ChainWitness,
): Promise<Chain> {
  const { between, chance, note, outside, pause } = scheduler;
  const ask: Request = (method, params) =>
    outside(async () => world.chain.request(method, params) as Promise<unknown>);
  const snapshots: unknown[] = []; // before each block since the start
  const sent = new Set<Hex>();
  const base = Number(await ask("eth_blockNumber", []));
  let top = base;
  await ask("evm_setAutomine", [false]);

  const mine = async (time: number): Promise<void> => {
    snapshots.push(await ask("evm_snapshot", []));
    if (chance(chain.faults.spike))
      await ask("hardhat_setNextBlockBaseFeePerGas", [hex(between(1, 30) * 1_000_000_000)]);
    await ask("evm_setNextBlockTimestamp", [hex(time)]);
    await ask("evm_mine", []);
    top += 1;
    const block = (await ask("eth_getBlockByNumber", ["latest", false])) as { hash: string };
    note(`block ${top} ${block.hash}`);
  };
  const reorganise = async (depth: number): Promise<void> => {
    note(`${depth} blocks are undone`);
    await ask("evm_revert", [snapshots.at(-depth)]);
    snapshots.length -= depth;
    top -= depth;
    // Nodes put most of what was undone back among what waits.
    for (const raw of sent)
      if (chance(0.7)) await ask("eth_sendRawTransaction", [raw]).catch(() => {});
    const newest = (await ask("eth_getBlockByNumber", ["latest", false])) as { timestamp: Hex };
    for (let i = 0; i <= depth; i++) await mine(Number(newest.timestamp) + 1 + i);
  };
  const look = async (continues: boolean): Promise<void> => {
    const now = await anchorNow();
    if (now.size !== seen.size || now.root !== seen.root) witness.anchored(now, continues);
    seen = now;
  };
  const anchorNow = async (): Promise<Anchor> => {
    const data = encodeView("latest", { log: LOG_ID });
    const answer = await ask("eth_call", [{ to: world.deployment.checkpoints, data }, "latest"]);
    const { size, root } = decodeAnswer("latest", answer) as { size: bigint; root: Hex };
    return { size: Number(size), root };
  };

  const request: Request = async (method, params) => {
    const { faults } = chain;
    await pause(between(1, 60));
    if (chance(faults.lost)) {
      await pause(PATIENCE);
      throw new Error("timeout");
    }
    if (chance(faults.refused)) throw new RpcError(-32005, "429: too many requests");
    if (method === "eth_sendRawTransaction") {
      const raw = String(params[0]) as Hex;
      sent.add(raw);
      witness.broadcast(raw, anchorIn(world, raw));
    }
    const final = method === "eth_getBlockByNumber" && params[0] === "finalized";
    const given = final ? [hex(Math.max(base, top - FINAL)), false] : params;
    const outcome = await ask(method, given).then(
      (answer) => ({ answer }),
      (failure: unknown) => ({ failure }),
    );
    note(`answers ${method}`);
    if (chance(faults.unanswered)) {
      await pause(PATIENCE);
      throw new Error("timeout");
    }
    await pause(between(1, 60));
    if ("failure" in outcome) throw outcome.failure;
    return outcome.answer;
  };
  let seen = await anchorNow();
  const chain: Chain = { faults: NO_CHAIN_FAULTS, request, anchor: anchorNow, height: () => top };

  let newest = Math.floor(scheduler.now() / 1_000);
  const tick = async (): Promise<void> => {
    const depth = between(1, FINAL - 2);
    const undo = chance(chain.faults.reorganised) && snapshots.length > depth;
    if (undo) await reorganise(depth);
    newest = Math.max(newest + 1, Math.floor(scheduler.now() / 1_000) + FINAL);
    await mine(newest);
    await look(!undo);
    next();
  };
  const next = (): void => {
    scheduler.after(between(1_000, 12_000), machine, "mines", tick);
  };
  next();
  return chain;
}
