import { isLowS, verifyP256Fast } from "./p256.ts";
import { openAssertion } from "./webauthn.ts";

/** What says that a key (65 bytes) signed an EIP-712 digest (32 bytes): the `Proof` of the contracts. */
export type SignatureClaim = {
  readonly publicKey: Uint8Array;
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
};

/**
 * Whether a signature in either form holds, by the contracts' own rules, s low in both: 64 bytes are ES256 over the digest; more
 * are a passkey's assertion whose challenge is the digest. Throws BAD_SIGNATURE and BAD_ENCODING for what is no such assertion.
 */
export async function verifySignature(claim: SignatureClaim): Promise<boolean> {
  const { publicKey, digest } = claim;
  const { signed, signature } =
    claim.signature.length === 64
      ? { signed: digest, signature: claim.signature }
      : openAssertion(claim.signature, digest);
  // As the contracts demand, so that a record has one signature.
  return isLowS(signature) && verifyP256Fast(publicKey, signed, signature);
}
