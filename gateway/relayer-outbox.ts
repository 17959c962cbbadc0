import { keccak256 } from "ethers";

import type { Hex } from "./core/bytes.ts";
import type { Fees } from "./chain/node.ts";
import type { Plan, RelayerParts } from "./relayer-parts.ts";
import { senderOf } from "./relayer-parts.ts";
import { markSent } from "./store/statements.ts";
import { addAttempt, insertTransaction, nextNonce } from "./store/transactions.ts";
import type { Sql } from "./store/schema.ts";

/** Fees of one transaction, in wei per gas. */
type Price = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint };

/** Twice the base fee: it may rise six blocks in a row before this is too little. */
const freshPrice = ({ base, tip }: Fees): Price => ({
  maxFeePerGas: 2n * base + tip,
  maxPriorityFeePerGas: tip,
});

/** Nodes replace a transaction for fees that are a tenth higher, both of them; an eighth leaves no doubt about rounding. */
const raised = (fee: bigint, fresh: bigint): bigint => {
  const more = fee + fee / 8n + 1n;
  return fresh > more ? fresh : more;
};

export const raisedPrice = (before: Price, fees: Fees): Price => {
  const fresh = freshPrice(fees);
  return {
    maxFeePerGas: raised(before.maxFeePerGas, fresh.maxFeePerGas),
    maxPriorityFeePerGas: raised(before.maxPriorityFeePerGas, fresh.maxPriorityFeePerGas),
  };
};

type Signed = { readonly raw: Hex; readonly hash: Hex };

async function sign(
  { account, deployment }: RelayerParts,
  { to, data, gas }: Pick<Plan, "to" | "data" | "gas">,
  nonce: number,
  price: Price,
): Promise<Signed> {
  const raw = (await account.signTransaction({
    type: 2,
    chainId: deployment.chainId,
    nonce,
    to,
    data,
    gasLimit: gas,
    ...price,
  })) as Hex;
  return { raw, hash: keccak256(raw) as Hex };
}

/**
 * Signs a plan for the account's next nonce and stores it: what is broadcast is always in the books first. Within the caller's
 * transaction, which must hold the lock of the sender. Gives the nonce; a crash after its commit leaves what the next start broadcasts.
 */
export async function enqueue(
  parts: RelayerParts,
  transaction: Sql,
  plan: Plan,
  { fees, chainNonce }: { readonly fees: Fees; readonly chainNonce: number },
): Promise<number> {
  const sender = senderOf(parts);
  // The database owns the nonce; the chain only says where a new account begins.
  const nonce = (await nextNonce(transaction, sender)) ?? chainNonce;
  const { raw, hash } = await sign(parts, plan, nonce, freshPrice(fees));
  const { payload } = plan;
  const createdAt = parts.now();
  await insertTransaction(transaction, {
    sender,
    nonce,
    purpose: payload.kind,
    payload,
    raw,
    hash,
    createdAt,
  });
  if (payload.kind === "relay") await markSent(transaction, payload.digests);
  return nonce;
}

/** Signs `plan` once more for a nonce that is not mined, for higher fees than `before`, and stores it beside the older attempts. */
export async function outbid(
  parts: RelayerParts,
  plan: Plan,
  { nonce, before, fees }: { readonly nonce: number; readonly before: Price; readonly fees: Fees },
): Promise<Signed> {
  const signed = await sign(parts, plan, nonce, raisedPrice(before, fees));
  const { payload } = plan;
  const attempt = { sender: senderOf(parts), nonce, ...signed, createdAt: parts.now(), payload };
  await parts.store.write((transaction) => addAttempt(transaction, attempt));
  return signed;
}
