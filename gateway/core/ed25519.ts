import { subtleOf } from "./subtle.ts";

/**
 * Whether `signature` (64 bytes) is that of `publicKey` (32 bytes) over `message`: RFC 8032,
 * through WebCrypto where it knows Ed25519, else by code that is loaded then.
 */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  host: object = globalThis,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const subtle = subtleOf(host);
  const key = await subtle
    ?.importKey("raw", publicKey, "Ed25519", false, ["verify"])
    .catch(() => undefined);
  if (subtle !== undefined && key !== undefined)
    return subtle.verify("Ed25519", key, signature, message);
  const { verifyEd25519: verify } = await import("./ed25519-noble.ts");
  return verify(publicKey, message, signature);
}
