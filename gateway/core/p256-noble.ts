import { p256 } from "@noble/curves/nist.js";

/**
 * `verifyP256Fast` of p256.ts without WebCrypto, and at once: ES256 over `message`, either s. It
 * stands alone, so that a bundle has it in a file of its own and shares nothing with it.
 */
export function verifyP256(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  // The curve's code would take other forms of a point too, which WebCrypto does not.
  if (publicKey.length !== 65 || publicKey[0] !== 4 || signature.length !== 64) return false;
  try {
    return p256.verify(signature, message, publicKey, { lowS: false });
  } catch {
    return false; // a point off the curve
  }
}
