import type { Block, Receipt } from "./chain/node.ts";
import { forget, type Memory } from "./relayer-memory.ts";
import { applyRelay } from "./relayer-outcomes.ts";
import type { Payload, RelayerParts } from "./relayer-parts.ts";
import { readAnchored } from "./relayer-plans.ts";
import { forgetCheckpoints } from "./store/log.ts";
import { markSent, markStored } from "./store/statements.ts";
import { markTransaction, type StoredTransaction } from "./store/transactions.ts";

/** Final blocks after which a node without a receipt has none. */
const LATE = 16;

/** So long (ms) every checkpoint is kept, and afterwards only those that the chain does not hold for good yet, and its newest. */
const KEPT = 86_400_000;

/** Where the chain stands: its newest block, the newest that is final, and our account's next nonce. */
export type Head = { readonly block: Block; readonly finalized: number; readonly nonce: number };

/**
 * Compares a transaction with the chain and brings the books up to it: its outcome when it is mined, `confirmed` or `failed` once
 * that is final, back to waiting when a reorganisation undid it. Gives true while it waits to be mined. The same again changes nothing.
 */
export async function settle(
  parts: RelayerParts,
  memory: Memory,
  head: Head,
  transaction: StoredTransaction,
): Promise<boolean> {
  const { sender, nonce, attempts } = transaction;
  const receipt = await receiptOf(parts, transaction);
  if (receipt === undefined) return undone(parts, memory, head, transaction);
  const mined = attempts.find(({ hash }) => hash === receipt.hash) ?? transaction;
  const payload = mined.payload as Payload; // we wrote it
  memory.missing.delete(nonce);
  const block = await parts.node.block(receipt.block.number);
  if (block.hash !== receipt.block.hash) return false; // the node is changing its mind: ask again later
  if (memory.applied.get(nonce) !== block.hash) {
    if (payload.kind === "relay")
      await applyRelay(parts, payload, { receipt, time: block.time, suspects: memory.suspects });
    else await applyAnchor(parts, memory, payload, receipt);
    memory.applied.set(nonce, block.hash);
    memory.looked.add(nonce);
  }
  if (receipt.block.number <= head.finalized) {
    const state = receipt.ok ? "confirmed" : "failed";
    await markTransaction(parts.store.db, { sender, nonce, state, hash: receipt.hash });
    forget(memory, nonce, attempts);
    if (payload.kind === "anchor" && receipt.ok)
      await forgetCheckpoints(parts.store.db, { size: payload.size, before: parts.now() - KEPT });
  }
  return false;
}

/** Any attempt may be the one that was mined; the newest is the likeliest. */
async function receiptOf(
  { node }: RelayerParts,
  { attempts }: StoredTransaction,
): Promise<Receipt | undefined> {
  for (const { hash } of attempts.toReversed()) {
    const receipt = await node.receipt(hash);
    if (receipt !== null) return receipt;
  }
  return undefined;
}

/** No receipt: not mined yet, not any more, or somebody else used the nonce. Gives true where it may still be mined. */
async function undone(
  { store, log }: RelayerParts,
  memory: Memory,
  head: Head,
  transaction: StoredTransaction,
): Promise<boolean> {
  const { sender, nonce, attempts } = transaction;
  const payload = transaction.payload as Payload;
  const reorganised = memory.applied.delete(nonce);
  if (reorganised) log.warn({ nonce }, "a reorganisation undid a transaction");
  if (reorganised || !memory.looked.has(nonce)) {
    memory.looked.add(nonce);
    memory.offered.clear();
    if (payload.kind === "relay")
      await store.write(async (sql) => {
        await markStored(sql, payload.digests); // forgets the block
        await markSent(sql, payload.digests);
      });
  }
  if (head.nonce <= nonce) {
    memory.missing.delete(nonce);
    return true;
  }
  // Nodes may know a nonce long before its receipt. Well behind what is final there is no excuse left: it was not ours.
  const seen = memory.missing.get(nonce) ?? head.block.number;
  memory.missing.set(nonce, seen);
  if (head.finalized < seen + LATE) return false;
  log.error({ sender, nonce }, "somebody else used the relayer's account");
  await store.write(async (sql) => {
    if (payload.kind === "relay") await markStored(sql, payload.digests);
    await markTransaction(sql, { sender, nonce, state: "failed" });
  });
  forget(memory, nonce, attempts);
  return false;
}

async function applyAnchor(
  parts: RelayerParts,
  memory: Memory,
  { size, root }: Extract<Payload, { kind: "anchor" }>,
  { ok, block }: Receipt,
): Promise<void> {
  const { log } = parts;
  memory.anchored = await readAnchored(parts);
  if (ok) log.info({ block: block.number, size, root }, "anchored");
  else log.warn({ block: block.number, size }, "an anchor was refused; another follows");
}
