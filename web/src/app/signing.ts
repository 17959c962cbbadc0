import { toHex, type Hex } from "../../../gateway/core/bytes.ts";
import { contentHash } from "../../../gateway/core/canonical.ts";
import { digestOf, type Deployment, type Statements } from "../../../gateway/core/operations.ts";
import { idOf, recordingOf } from "../../../gateway/core/recording.ts";
import { requestDigest, type SignedRequest } from "../../../gateway/core/signed-request.ts";
import type { SignedStatement } from "../../../gateway/core/statement.ts";
import type { StoredKey } from "./database.ts";
import type { Plan } from "./entry.ts";
import { sign } from "./keys.ts";

/** In whose name (a URI), for which contracts, and the number that the key uses for it. */
export type Signing = {
  readonly key: StoredKey;
  readonly party: string;
  readonly deployment: Deployment;
  readonly number: number;
};
type Hand = { readonly keyId: Hex; readonly party: string; readonly number: number };

/** Signs a plan. The digest is its EIP-712 digest, by which the gateway knows it. */
export async function signPlan(
  plan: Plan,
  signing: Signing,
): Promise<{ readonly signed: SignedStatement; readonly digest: Hex }> {
  const { key, deployment } = signing;
  const { keyId } = key;
  const { said, digest } = statementOf(plan, deployment, { ...signing, keyId });
  const signed = { ...said, publicKey: key.publicKey, signature: await sign(key, digest) };
  return { signed: signed as SignedStatement, digest };
}

/** What a plan says in somebody's hand, and the digest of it. */
export function statementOf(plan: Plan, deployment: Deployment, hand: Hand) {
  const said = saidBy(plan, hand);
  const digest = digestOf(deployment, said.name, said.statement as Statements[typeof said.name]);
  return { said, digest };
}

function saidBy(plan: Plan, { keyId: key, party, number }: Hand) {
  if (plan.name === "Operation")
    return recordingOf(plan.intent, { party, key, number, time: plan.time });
  const { name, body, document } = plan;
  const content = document === null ? {} : { content: toHex(contentHash(document)) };
  return { name, statement: { party: idOf(party), key, number, ...body, ...content }, document };
}

/** Signs a wish for the gateway's own books, such as handing out a code. */
export async function signRequest(
  key: StoredKey,
  path: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<SignedRequest> {
  const request = { ...more, path, time: Math.floor(Date.now() / 1000) };
  return {
    request,
    publicKey: key.publicKey,
    signature: await sign(key, requestDigest(request)),
  };
}
