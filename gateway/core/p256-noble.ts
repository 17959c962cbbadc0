import { p256 } from "@noble/curves/nist.js";

import { isSignature, isUncompressed } from "./p256.ts";

/** `verifyP256Fast` of p256.ts without WebCrypto, and at once: ES256 over `message`, either s. */
export function verifyP256(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (!isUncompressed(publicKey) || !isSignature(signature)) return false;
  try {
    return p256.verify(signature, message, publicKey, { lowS: false });
  } catch {
    return false; // a point off the curve
  }
}
