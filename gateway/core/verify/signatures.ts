import type { Recorded } from "../bundle.ts";
import { fromBase64Url, fromHex, type Hex } from "../bytes.ts";
import type { ChainState, KeyState } from "../chain-state.ts";
import { requireDocument } from "../documents.ts";
import { digestOf, SENSOR, type Deployment } from "../operations.ts";
import { verifySignature } from "../signature.ts";
import { requireBound, type SignedStatement } from "../statement.ts";
import { TraceError } from "../trace-error.ts";
import { requireRegistered } from "./registered.ts";

/** The EIP-712 digest of any signed statement under this deployment. */
export const digestOfSigned = (deployment: Deployment, signed: SignedStatement): Hex =>
  digestOf(deployment, signed.name, signed.statement);

/** The statement's own key signed its digest, in one of the two forms. Throws BAD_SIGNATURE, BAD_KEY, BAD_ENCODING. */
export async function requireSignature(
  deployment: Deployment,
  signed: SignedStatement,
  digest: Hex = digestOfSigned(deployment, signed),
): Promise<void> {
  const proof = { publicKey: fromHex(signed.publicKey), digest: fromHex(digest, 32) };
  if (!(await verifySignature({ ...proof, signature: fromBase64Url(signed.signature) })))
    throw new TraceError("BAD_SIGNATURE", "the signature is not this key's over this statement");
}

/** What the registry says of a key, if it was enrolled and was valid at `time` (seconds). Throws UNKNOWN_SIGNER, NOT_ALLOWED. */
export function keyAt(state: ChainState, key: Hex, time: number): KeyState {
  const known = state.keys[key];
  if (known === undefined) throw new TraceError("UNAVAILABLE", "the registry was not asked");
  if (known.until === 0) throw new TraceError("UNKNOWN_SIGNER", "nobody enrolled this key");
  if (time < known.from || time >= known.until)
    throw new TraceError("NOT_ALLOWED", "the key was not valid at that time");
  return known;
}

/** Who signed was who the statement says, allowed to, at that time; and what people read is what was signed. */
export async function requireAuthentic(
  state: ChainState,
  recorded: Recorded,
  digest?: Hex,
): Promise<void> {
  const { name, statement, time } = recorded;
  requireBound(recorded);
  requireDocument(recorded);
  await requireSignature(state.deployment, recorded, digest);
  const key = keyAt(state, statement.key, time);
  if ((key.roles & SENSOR) !== 0)
    throw new TraceError("NOT_ALLOWED", "a device's key signed what only people may");
  if (statement.number > key.number)
    throw new TraceError("OTHER_CHAIN", `the chain's last number of this key is ${key.number}`);
  if (key.party !== statement.party) requireAgent(state, recorded, key.party);
  if (name !== "Operation") requireRegistered(state, recorded);
}

/** A party may let another record for it. */
function requireAgent(
  state: ChainState,
  { name, statement: { party } }: Recorded,
  agent: Hex,
): void {
  const until = state.delegations[`${party}:${agent}`];
  if (name === "Operation" && until === undefined)
    throw new TraceError("UNAVAILABLE", "the chain was not asked who may record for this party");
  if (name !== "Operation" || until === 0)
    throw new TraceError("NOT_ALLOWED", "the key belongs to another party");
}
