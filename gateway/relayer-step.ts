import type { Memory } from "./relayer-memory.ts";
import { offer } from "./relayer-offer.ts";
import { enqueue } from "./relayer-outbox.ts";
import { senderOf, Trouble, type Payload, type Plan, type RelayerParts } from "./relayer-parts.ts";
import { planAnchor, planRelay, readAnchored } from "./relayer-plans.ts";
import { settle, type Head } from "./relayer-settle.ts";
import type { Sql } from "./store/schema.ts";
import { markStored, pendingStatements } from "./store/statements.ts";
import { nextNonce, openTransactions, type StoredTransaction } from "./store/transactions.ts";

/** Transactions of people's statements that may wait to be mined at once. */
const MOST_WAITING = 4;
/** Statements that are looked at for the next batch. */
const AHEAD = 60;

/** What a step left behind: whether another would find work at once, and how many transactions wait to be mined or to be final. */
export type Stepped = { readonly again: boolean; readonly open: number };

/**
 * Looks at the chain, settles what is mined, broadcasts what is not, and signs what is new. Everything that it does is in the books
 * before the chain sees it, so a crash anywhere is the same as a pause. Throws Trouble, or UNAVAILABLE where the node does not answer;
 * a later step goes on from there.
 */
export async function step(parts: RelayerParts, memory: Memory): Promise<Stepped> {
  const { store } = parts;
  const sender = senderOf(parts);
  const head = await look(parts, memory);
  const open = await openTransactions(store.db, sender);
  const waiting: StoredTransaction[] = [];
  for (const transaction of open)
    if (await settle(parts, memory, head, transaction)) waiting.push(transaction);
  let taken = false;
  for (const transaction of waiting)
    taken = (await offer(parts, memory, head, transaction)) || taken;
  const enqueued = await enqueueNext(parts, memory, head, waiting);
  return { again: enqueued || taken, open: open.length };
}

/** Refuses to go on where this is not the chain, the contracts or the account that the books are about. */
async function look(parts: RelayerParts, memory: Memory): Promise<Head> {
  const { node, deployment, store } = parts;
  const sender = senderOf(parts);
  const chainId = await node.chainId();
  if (chainId !== deployment.chainId)
    throw new Trouble("other-chain", `the node serves chain ${chainId}, not ${deployment.chainId}`);
  const split = (await parts.survey?.())?.filter(({ state }) => state === "contradicted") ?? [];
  if (split.length > 0)
    throw new Trouble(
      "contradicted",
      `${split.map(({ host }) => host).join(" and ")} do not tell of the same chain`,
    );
  if (!memory.started) {
    for (const name of ["parties", "lots", "certificates", "checkpoints"] as const)
      if (!(await node.hasCode(deployment[name])))
        throw new Trouble("no-contracts", `there is no contract at ${deployment[name]} (${name})`);
    await reclaim(parts);
    memory.started = true;
  }
  const block = await node.block("latest");
  const [finalized, nonce] = [await node.finalized(block.number), await node.nonce(sender)];
  const ours = await nextNonce(store.db, sender);
  if (ours !== undefined && nonce > ours)
    throw new Trouble(
      "shared",
      `${sender} was used by somebody else: its next nonce is ${nonce}, by our books ${ours}`,
    );
  return { block, finalized, nonce };
}

/** Statements whose transaction is no longer ours, as the account was changed, go back into the queue. */
async function reclaim(parts: RelayerParts): Promise<void> {
  const { store } = parts;
  await store.write(async (sql) => {
    await store.lock(sql, "relayer"); // or what another relayer sends meanwhile would go twice
    const open = await openTransactions(sql, senderOf(parts));
    const riding = new Set(
      open.flatMap(({ payload }) => {
        const known = payload as Payload;
        return known.kind === "relay" ? known.digests : [];
      }),
    );
    const sent = await pendingStatements(sql, 100_000, ["sent"]);
    const lost = sent.map(({ digest }) => digest).filter((digest) => !riding.has(digest));
    for (let i = 0; i < lost.length; i += 500) await markStored(sql, lost.slice(i, i + 500));
  });
}

/** Signs at most one new transaction: an anchor where one is due, else the next batch of statements. */
async function enqueueNext(
  parts: RelayerParts,
  memory: Memory,
  head: Head,
  waiting: readonly StoredTransaction[],
): Promise<boolean> {
  const { store, now } = parts;
  if (waiting.length >= MOST_WAITING) return false;
  const busy = waiting.some(({ payload }) => (payload as Payload).kind === "anchor");
  const due = !busy && now() - memory.lastAnchor >= parts.anchorEvery;
  const anchor = due ? await nextAnchor(parts, memory) : undefined;
  if (anchor === undefined && (await pendingStatements(store.db, 1)).length === 0) return false;
  const fees = await parts.node.fees();
  const nonce = await store.write(async (transaction) => {
    // Another gateway on this database waits here, and then finds what was pending gone.
    await store.lock(transaction, "relayer");
    const rival = anchor !== undefined && (await anchoring(parts, memory, transaction));
    const next =
      anchor !== undefined && !rival
        ? anchor
        : planRelay(parts, await pendingStatements(transaction, AHEAD), memory.suspects);
    if (next === undefined) return undefined;
    return enqueue(parts, transaction, next, { fees, chainNonce: head.nonce });
  });
  if (nonce === undefined) return false;
  memory.looked.add(nonce);
  if (anchor !== undefined) memory.lastAnchor = now();
  return true;
}

/** Whether another gateway's anchor is on its way: there is one at a time. */
async function anchoring(parts: RelayerParts, memory: Memory, sql: Sql): Promise<boolean> {
  const open = await openTransactions(sql, senderOf(parts));
  return open.some(
    ({ nonce, payload }) => (payload as Payload).kind === "anchor" && !memory.applied.has(nonce),
  );
}

/** The anchor that is due. What forbids it is noted, and is no reason to keep people's statements waiting. */
async function nextAnchor(parts: RelayerParts, memory: Memory): Promise<Plan | undefined> {
  memory.anchored = await readAnchored(parts);
  try {
    const plan = await planAnchor(parts, parts.store.db, memory.anchored);
    memory.hindrance = undefined;
    return plan;
  } catch (failure) {
    if (!(failure instanceof Trouble)) throw failure;
    if (memory.hindrance?.message !== failure.message)
      parts.log.error({ err: failure }, "the log cannot be anchored");
    memory.hindrance = failure;
    return undefined;
  }
}
