import { ed25519 } from "@noble/curves/ed25519.js";

/** `verifyEd25519` of ed25519.ts without WebCrypto. */
export function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  // zip215 would take spellings of points that RFC 8032 and WebCrypto refuse
  return ed25519.verify(signature, message, publicKey, { zip215: false });
}
