import { Transaction } from "ethers";

import type { Sent } from "./chain/node.ts";
import type { Hex } from "./core/bytes.ts";
import { TraceError } from "./core/trace-error.ts";
import type { Memory } from "./relayer-memory.ts";
import { outbid } from "./relayer-outbox.ts";
import { Trouble, type Payload, type Plan, type RelayerParts } from "./relayer-parts.ts";
import { planAnchor, readAnchored } from "./relayer-plans.ts";
import type { Head } from "./relayer-settle.ts";
import { markTransaction, type StoredTransaction } from "./store/transactions.ts";

/** Blocks without it before a transaction is sent again for more. */
const PATIENCE = 3;
/** Never more than this many times what the chain asks for: a node that is never content must not empty the account. */
const MOST_TIMES = 16n;

/**
 * Broadcasts a transaction that waits to be mined: once per block, so that a node which lost it has it again, and for higher fees
 * after three blocks. An anchor carries the newest root then. Gives true where a node took something; throws Trouble where the
 * account cannot pay.
 */
export async function offer(
  parts: RelayerParts,
  memory: Memory,
  { block }: Head,
  transaction: StoredTransaction,
): Promise<boolean> {
  const { sender, nonce, attempts } = transaction;
  const newest = attempts.at(-1);
  if (newest === undefined) throw new Error(`transaction ${nonce} was stored without an attempt`);
  const since = memory.since.get(nonce) ?? block.number;
  memory.since.set(nonce, since);
  let sent: Sent | undefined;
  if ((memory.offered.get(newest.hash) ?? -1) < block.number) {
    sent = await broadcast(parts, memory, block.number, newest);
    if (transaction.state === "stored")
      await markTransaction(parts.store.db, { sender, nonce, state: "sent" });
  }
  if (sent !== "cheap" && block.number - since < PATIENCE) return sent === "taken";
  const more = await higher(parts, memory, transaction, newest.raw);
  if (more === undefined) return false;
  memory.since.set(nonce, block.number);
  return (await broadcast(parts, memory, block.number, more)) === "taken";
}

async function broadcast(
  { node, log, account }: RelayerParts,
  memory: Memory,
  block: number,
  { raw, hash }: { readonly raw: Hex; readonly hash: Hex },
): Promise<Sent> {
  const sent = await node.send(raw);
  if (sent === "poor")
    throw new Trouble("drained", `the account ${account.address} has too little money`);
  if (sent === "taken" || sent === "spent") memory.offered.set(hash, block);
  if (typeof sent === "object") {
    log.error({ hash, said: sent.refused }, "the node refuses a transaction");
    throw new TraceError("UNAVAILABLE", `the node refuses a transaction: ${sent.refused}`);
  }
  return sent;
}

/** The same nonce for higher fees, stored before anybody sees it. */
async function higher(
  parts: RelayerParts,
  memory: Memory,
  { nonce, payload }: StoredTransaction,
  raw: Hex,
): Promise<{ readonly raw: Hex; readonly hash: Hex } | undefined> {
  const before = Transaction.from(raw);
  const price = {
    maxFeePerGas: before.maxFeePerGas ?? 0n,
    maxPriorityFeePerGas: before.maxPriorityFeePerGas ?? 0n,
  };
  const fees = await parts.node.fees();
  if (price.maxFeePerGas > MOST_TIMES * (2n * fees.base + fees.tip)) return undefined;
  const old: Plan = {
    to: before.to as Hex,
    data: before.data as Hex,
    gas: before.gasLimit,
    payload: payload as Payload,
  };
  const plan = old.payload.kind === "anchor" ? ((await newerAnchor(parts, memory)) ?? old) : old;
  parts.log.warn({ nonce, purpose: plan.payload.kind }, "raising the fees of a transaction");
  return outbid(parts, plan, { nonce, before: price, fees });
}

async function newerAnchor(parts: RelayerParts, memory: Memory): Promise<Plan | undefined> {
  memory.anchored = await readAnchored(parts);
  return planAnchor(parts, parts.store.db, memory.anchored).catch((failure: unknown) => {
    if (failure instanceof Trouble) return undefined; // then the old one stays in the way of nobody else
    throw failure;
  });
}
