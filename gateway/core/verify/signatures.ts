import type { Founder, Recorded } from "../bundle.ts";
import { fromBase64Url, fromHex, toHex, type Hex } from "../bytes.ts";
import { contentHash } from "../canonical.ts";
import type { ChainState, KeyState, Watching } from "../chain-state.ts";
import { requireAgreement } from "../agreement.ts";
import { digestOf, ROLES, type Deployment, type Watch } from "../operations.ts";
import { requireLowS, verifyP256Fast } from "../p256.ts";
import { requireBound, type SignedStatement } from "../statement.ts";
import { TraceError } from "../trace-error.ts";

/** The EIP-712 digest of any signed statement under this deployment. */
export const digestOfSigned = (deployment: Deployment, signed: SignedStatement): Hex =>
  digestOf(deployment, signed.name, signed.statement);

/** The statement's own key signed its digest: ES256 over the 32 bytes. Throws BAD_SIGNATURE, BAD_KEY. */
export async function requireSignature(deployment: Deployment, signed: SignedStatement) {
  const signature = fromBase64Url(signed.signature);
  if (signature.length !== 64)
    throw new TraceError("UNAVAILABLE", "a passkey's assertion cannot be checked here yet");
  requireLowS(signature); // as the contracts demand, so that a record has one signature
  const digest = fromHex(digestOfSigned(deployment, signed), 32);
  if (!(await verifyP256Fast(fromHex(signed.publicKey), digest, signature)))
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
export async function requireAuthentic(state: ChainState, recorded: Recorded): Promise<void> {
  const { name, statement, time, document } = recorded;
  requireBound(recorded);
  await requireSignature(state.deployment, recorded);
  const key = keyAt(state, statement.key, time);
  if ((key.roles & ROLES.device) !== 0)
    throw new TraceError("NOT_ALLOWED", "a device's key signed what only people may");
  const delegated = state.delegations[`${statement.party}:${key.party}`] ?? 0;
  if (key.party !== statement.party && (name !== "Operation" || delegated === 0))
    throw new TraceError("NOT_ALLOWED", "the key belongs to another party");
  if (name === "Operation" && document !== null) requireAgreement(statement, document);
  if (name === "Enrolment") {
    const subject = state.keys[statement.subjectKey];
    if (subject === undefined) throw new TraceError("UNAVAILABLE", "the registry was not asked");
    if (subject.party !== statement.subject || subject.content !== statement.content)
      throw new TraceError("OTHER_CHAIN", "the chain enrolled this key by another statement");
  }
  if (name === "Watch" && !watchesOf(state, statement.place).some(isOf(statement)))
    throw new TraceError("OTHER_CHAIN", "the chain has no such watch");
}

const watchesOf = (state: ChainState, place: Hex): readonly Watching[] => {
  const known = state.watches[place];
  if (known === undefined) throw new TraceError("UNAVAILABLE", "the chain was not asked");
  return known;
};
const isOf =
  ({ device, content }: Watch) =>
  (known: Watching): boolean =>
    known.device === device && known.content === content;

/** The founder's document is the one that governance enrolled the key with. Throws OTHER_CHAIN. */
export function requireFounder(state: ChainState, { key, document }: Founder): void {
  const known = state.keys[key];
  if (known === undefined) throw new TraceError("UNAVAILABLE", "the registry was not asked");
  if (known.content !== toHex(contentHash(document)))
    throw new TraceError("OTHER_CHAIN", "the chain enrolled this key with another document");
}
