import { toHex, type Hex } from "./core/bytes.ts";
import { encodeCall, encodeFunction } from "./core/calls.ts";
import { decodeAnswer } from "./core/views.ts";
import { TAKERS } from "./core/operations.ts";
import type { SignedStatement } from "./core/statement.ts";
import { proveConsistencyFromTiles } from "./core/tiles.ts";
import { senderOf, Trouble, type Plan, type RelayerParts } from "./relayer-parts.ts";
import { newestCheckpoint, tileReader } from "./store/log.ts";
import type { Sql } from "./store/schema.ts";
import type { StoredStatement } from "./store/statements.ts";

/** Calls in one transaction: what it costs to be there at all is shared, and one block holds it with ease. */
const MOST_CALLS = 20;
/** EIP-7825 allows 2^24 for a transaction. */
const MOST_GAS = 15_000_000n;
/** Nodes take transactions of up to 128 KiB. */
const MOST_BYTES = 100_000;

/**
 * Gas that one statement can need at most, with a passkey's assertion judged without the precompile. What a node estimates is of
 * no use here: a call of the batch that is refused now, and would be taken after the ones before it, costs next to nothing.
 */
function gasOf({ name, statement }: SignedStatement, bytes: number): bigint {
  const portions = name === "Operation" ? statement.inputs.length + statement.outputs.length : 1;
  return 500_000n + 120_000n * BigInt(portions) + 40n * BigInt(bytes);
}

/**
 * The next batch of `pending` (in the order of arrival): statements for the same contract as the first, so that their order stays.
 * One of `suspects` ran out of gas in company, or so it seems: it goes alone, with all the gas there can be.
 */
export function planRelay(
  { deployment }: RelayerParts,
  pending: readonly StoredStatement[],
  suspects: ReadonlySet<Hex>,
): Plan | undefined {
  const [first] = pending;
  if (first === undefined) return undefined;
  const contract = TAKERS[first.signed.name];
  const alone = suspects.has(first.digest);
  const calls: Hex[] = [];
  const digests: Hex[] = [];
  let [gas, size] = [100_000n, 0];
  for (const { digest, signed } of pending) {
    const call = encodeCall(signed);
    const bytes = call.length / 2;
    const more = gasOf(signed, bytes);
    const full = size + bytes > MOST_BYTES || gas + more > MOST_GAS || calls.length >= MOST_CALLS;
    const other = TAKERS[signed.name] !== contract || suspects.has(digest) || alone;
    if (calls.length > 0 && (full || other)) break;
    calls.push(call);
    digests.push(digest);
    [gas, size] = [gas + more, size + bytes];
  }
  return {
    to: deployment[contract],
    data: encodeFunction("relay", { calls }),
    gas: alone || gas > MOST_GAS ? MOST_GAS : gas,
    payload: { kind: "relay", contract, digests },
  };
}

/** What the chain holds of our log. Size 0: nothing yet. */
export type Anchored = { readonly root: Hex; readonly size: number; readonly operator: Hex };

export async function readAnchored({ node, deployment, logId }: RelayerParts): Promise<Anchored> {
  const answer = await node.call(deployment.checkpoints, encodeFunction("latest", { log: logId }));
  const { root, size, operator } = decodeAnswer("latest", answer) as Record<string, unknown>;
  return { root: root as Hex, size: Number(size), operator: operator as Hex };
}

/**
 * The anchor of the newest signed checkpoint, with its proof from what the chain holds, or undefined where there is nothing newer.
 * Throws Trouble where the chain is ahead of the store, as a store that was rolled back must not speak for the log, or where
 * the log is somebody else's to anchor.
 */
export async function planAnchor(
  parts: RelayerParts,
  sql: Sql,
  anchored: Anchored,
): Promise<Plan | undefined> {
  const { deployment, logId } = parts;
  const newest = await newestCheckpoint(sql);
  const size = newest?.size ?? 0;
  // The chain has no root for an empty log.
  const differs = size > 0 && newest?.root !== anchored.root;
  if (size < anchored.size || (size === anchored.size && differs))
    throw new Trouble(
      "behind",
      `the chain holds ${anchored.size} entries of the log under another root than the store's ${size}`,
    );
  if (newest === undefined || size === anchored.size) return undefined;
  if (anchored.operator !== senderOf(parts))
    throw new Trouble("not-operator", `${anchored.operator} anchors this log on chain, not we`);
  const hashes = await proveConsistencyFromTiles(anchored.size, size, tileReader(sql));
  const { root } = newest;
  const proof = hashes.map(toHex);
  return {
    to: deployment.checkpoints,
    data: encodeFunction("anchor", { log: logId, size, root, proof }),
    gas: 150_000n + 10_000n * BigInt(proof.length),
    payload: { kind: "anchor", size, root },
  };
}
