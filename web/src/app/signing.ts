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

/** Signs a plan. The digest is its EIP-712 digest, by which the gateway knows it. */
export async function signPlan(
  plan: Plan,
  signing: Signing,
): Promise<{ readonly signed: SignedStatement; readonly digest: Hex }> {
  const { key, deployment } = signing;
  const said = statementOf(plan, signing);
  const digest = digestOf(deployment, said.name, said.statement as Statements[typeof said.name]);
  const signed = { ...said, publicKey: key.publicKey, signature: await sign(key, digest) };
  return { signed: signed as SignedStatement, digest };
}

function statementOf(plan: Plan, { key, party, number }: Signing) {
  if (plan.name === "Operation")
    return recordingOf(plan.intent, { party, key: key.keyId, number, time: plan.time });
  const { name, body, document } = plan;
  const content = document === null ? {} : { content: toHex(contentHash(document)) };
  const statement = { party: idOf(party), key: key.keyId, number, ...body, ...content };
  return { name, statement, document };
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
