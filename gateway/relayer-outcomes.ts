import type { Receipt } from "./chain/node.ts";
import { findRecorded } from "./chain/recorded.ts";
import { decodeStruct, topicOf } from "./core/abi.ts";
import { fromHex, type Hex } from "./core/bytes.ts";
import { decodeRefusal, type Refusal } from "./core/refusals.ts";
import type { Payload, RelayerParts } from "./relayer-parts.ts";
import type { Sql } from "./store/schema.ts";
import { markConfirmed, markRefused, markStored, statementByDigest } from "./store/statements.ts";

const REFUSED = topicOf("Refused(uint256,bytes32,bytes)");
const REASON = [["reason", "bytes"]] as const;

/** Room for the order of events within a block. */
const PER_BLOCK = 1_000_000;

export type Mined = {
  readonly receipt: Receipt;
  readonly time: number; // of its block, seconds
  readonly suspects: Set<Hex>;
};

/** What became of one call of a batch. */
type Outcome =
  | { readonly taken: { readonly block: number; readonly time: number; readonly index: number } }
  | { readonly refusal: Refusal }
  | "again";

/**
 * Says of each statement of a mined batch what became of it. The same receipt twice changes nothing. A call that failed
 * without any reason may have run out of gas: unless it had the transaction for itself it goes back into the queue, as a suspect.
 */
export async function applyRelay(
  parts: RelayerParts,
  payload: Extract<Payload, { kind: "relay" }>,
  mined: Mined,
): Promise<void> {
  const { store, deployment, log } = parts;
  const { contract, digests } = payload;
  const { receipt, suspects } = mined;
  const refusals = refusalsIn(receipt, deployment[contract]);
  const outcomes = new Map<Hex, Outcome>();
  for (const [index, digest] of digests.entries()) {
    const alone = digests.length === 1;
    const outcome = outcomeOf(mined, index, refusals.get(index), alone);
    outcomes.set(digest, (await carriedByOther(parts, digest, outcome)) ?? outcome);
  }
  await store.write(async (transaction) => {
    for (const [digest, outcome] of outcomes) await apply(transaction, digest, outcome);
  });
  for (const [digest, outcome] of outcomes)
    if (outcome === "again") suspects.add(digest);
    else suspects.delete(digest);
  const told = [...outcomes.values()];
  const again = told.filter((outcome) => outcome === "again").length;
  const taken = told.filter((outcome) => outcome !== "again" && "taken" in outcome).length;
  const refused = told.length - taken - again;
  log.info({ block: receipt.block.number, contract, taken, refused, again }, "relayed");
}

/** By the place in its batch, why each call that was refused was refused. */
function refusalsIn(receipt: Receipt, contract: Hex): ReadonlyMap<number, Refusal> {
  const found = new Map<number, Refusal>();
  for (const { address, topics, data } of receipt.events)
    if (address === contract && topics[0] === REFUSED) {
      const { reason } = decodeStruct({}, REASON, fromHex(data));
      found.set(Number(topics[1]), decodeRefusal(reason));
    }
  return found;
}

function outcomeOf(
  { receipt, time }: Mined,
  index: number,
  refusal: Refusal | undefined,
  alone: boolean,
): Outcome {
  if (!receipt.ok) return alone ? { refusal: { name: "Unknown", args: { data: "0x" } } } : "again";
  if (refusal !== undefined) return refusal.args["data"] === "0x" && !alone ? "again" : { refusal };
  // Every call leaves an event, so the first one's place plus the call's is no other call's place in this block.
  const first = receipt.events[0]?.index ?? 0;
  return { taken: { block: receipt.block.number, time, index: first + index } };
}

/** Anybody may carry a statement to its contract. Ours comes second then, and is refused for a number that it used itself. */
async function carriedByOther(
  parts: RelayerParts,
  digest: Hex,
  outcome: Outcome,
): Promise<Outcome | undefined> {
  if (typeof outcome === "string" || !("refusal" in outcome)) return undefined;
  const { name, args } = outcome.refusal;
  if (name !== "PartiesNumberUsed") return undefined;
  const stored = await statementByDigest(parts.store.db, digest);
  if (stored === undefined || args["number"] !== String(stored.signed.statement.number))
    return undefined;
  const found = await findRecorded(parts, digest, stored.signed);
  if (found === null) return undefined;
  const { time } = await parts.node.block(found.block);
  return { taken: { block: found.block, time, index: found.index } };
}

async function apply(transaction: Sql, digest: Hex, outcome: Outcome): Promise<void> {
  if (outcome === "again") return markStored(transaction, [digest]);
  if ("refusal" in outcome)
    return markRefused(transaction, digest, JSON.stringify(outcome.refusal));
  const { block, time, index } = outcome.taken;
  const position = block * PER_BLOCK + index;
  return markConfirmed(transaction, { digest, blockNumber: block, blockTime: time, position });
}
