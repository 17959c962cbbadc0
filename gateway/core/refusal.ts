import { bytesToUtf8, utf8ToBytes, type Hex } from "./bytes.ts";
import { parseJson } from "./canonical.ts";
import { verifyEd25519 } from "./ed25519.ts";
import { signJws, splitJws, type SignJws } from "./jws.ts";
import type { VerifyEd25519 } from "./note.ts";
import { isObject } from "./statement.ts";
import { TraceError, type TraceErrorCode } from "./trace-error.ts";

/**
 * The log's word to a device that a pack of its own will never be taken as it is: `content` is the
 * SHA-256 of what the device signed. A device may only act on a refusal that holds and that it finds
 * right itself: anyone can write one, and a thief of the log's key can sign one of every pack that he dislikes.
 */
export type Refusal = {
  readonly device: Hex;
  readonly epoch: number;
  readonly seq: number;
  readonly content: Hex;
  readonly code: TraceErrorCode;
};

const HEADER = { alg: "EdDSA", typ: "plotline-refusal+jwt" };
const LONGEST = 2_048;

/** The refusal as a compact JWS, signed by the log's Ed25519 key (RFC 8037). */
export const buildRefusal = (refusal: Refusal, sign: SignJws): Promise<string> =>
  signJws(HEADER, utf8ToBytes(JSON.stringify(refusal)), sign);

/** The refusal, if the log's key (32 bytes) signed it. Throws BAD_SIGNATURE, BAD_ENCODING. */
export async function parseRefusal(
  text: string,
  publicKey: Uint8Array,
  verify: VerifyEd25519 = verifyEd25519,
): Promise<Refusal> {
  if (text.length > LONGEST) throw new TraceError("TOO_LARGE", "a refusal is a short text");
  const { header, payload, signed, signature } = splitJws(text);
  if (!isObject(header) || header["alg"] !== HEADER.alg || header["typ"] !== HEADER.typ)
    throw new TraceError("BAD_ENCODING", "a JWS, but no refusal");
  if (!(await verify(publicKey, signed, signature)))
    throw new TraceError("BAD_SIGNATURE", "the log did not sign this refusal");
  return parseJson(bytesToUtf8(payload)) as Refusal; // the log said it, so it has this shape
}
