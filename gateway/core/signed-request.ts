import { fromBase64Url, fromHex, toHex, type Hex } from "./bytes.ts";
import { contentHash } from "./canonical.ts";
import { keyIdOf } from "./key-id.ts";
import { verifyP256Fast } from "./p256.ts";
import { isObject, type Document } from "./statement.ts";
import { TraceError } from "./trace-error.ts";

/**
 * A question or wish to one gateway, for its own books and not for the chain: which path it is for, when it was said
 * (seconds), and whatever else the path wants.
 */
export type Wish = Document & { readonly path: string; readonly time: number };

/** A wish with who signed it: ES256 over the 32 bytes of SHA-256(JCS(request)), r ‖ s in base64url. */
export type SignedRequest = {
  readonly request: Wish;
  readonly publicKey: Hex; // uncompressed point, 65 bytes
  readonly signature: string;
};

/** What the key of a wish signs. Throws BAD_ENCODING. */
export const requestDigest = (request: Wish): Uint8Array => contentHash(request);

/** How far a signer's clock may be off, and for how long a copied request could be used again, in seconds. */
export const REQUEST_AGE = 600;

/** A signed request from a stranger, by its shape alone. Throws BAD_ENCODING. */
export function parseSignedRequest(value: unknown): SignedRequest {
  const { request, publicKey, signature } = isObject(value) ? value : {};
  if (
    !isObject(request) ||
    typeof request["path"] !== "string" ||
    !Number.isSafeInteger(request["time"]) ||
    typeof publicKey !== "string" ||
    typeof signature !== "string"
  )
    throw new TraceError("BAD_ENCODING", "a signed request has request, publicKey and signature");
  return { request: request as Wish, publicKey: publicKey as Hex, signature };
}

/**
 * The id of the key that signed this request for `path` around `now` (seconds). Throws CLOCK for one that is too old or
 * of the future, OTHER_CHAIN for one that was meant for another path, BAD_KEY, BAD_SIGNATURE.
 */
export async function signerOf(
  { request, publicKey, signature }: SignedRequest,
  { path, now }: { readonly path: string; readonly now: number },
): Promise<Hex> {
  if (request.path !== path)
    throw new TraceError("OTHER_CHAIN", `the request was signed for ${request.path.slice(0, 100)}`);
  if (Math.abs(now - request.time) > REQUEST_AGE)
    throw new TraceError("CLOCK", `the request was signed ${now - request.time} s ago`);
  const point = fromHex(publicKey, 65);
  const key = keyIdOf(point);
  const bytes = fromBase64Url(signature);
  if (bytes.length !== 64)
    throw new TraceError("BAD_SIGNATURE", "a request is signed with 64 bytes, r and s");
  if (!(await verifyP256Fast(point, requestDigest(request), bytes)))
    throw new TraceError("BAD_SIGNATURE", `${toHex(point)} did not sign this request`);
  return key;
}
