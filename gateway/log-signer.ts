import { createPrivateKey, createPublicKey, sign } from "node:crypto";

import { concatBytes, fromBase64Url, fromHex, toHex, utf8ToBytes, type Hex } from "./core/bytes.ts";
import { sha256 } from "./core/hash.ts";
import type { SignEd25519 } from "./core/note.ts";
import { TraceError } from "./core/trace-error.ts";

/** The one who may speak for a log. */
export type LogSigner = {
  readonly origin: string;
  readonly id: Hex; // the log's name on chain: SHA-256 of its origin line
  readonly publicKey: Uint8Array; // Ed25519, 32 bytes
  readonly sign: SignEd25519;
};

/** A log's signer from the seed of its Ed25519 key (32 bytes, base64url). Throws BAD_KEY. */
export function logSigner(origin: string, seed: string): LogSigner {
  const bytes = fromBase64Url(seed);
  if (bytes.length !== 32)
    throw new TraceError("BAD_KEY", `a log's seed is 32 bytes, not ${bytes.length}`);
  const key = createPrivateKey({
    key: Buffer.from(concatBytes(PKCS8, bytes)),
    format: "der",
    type: "pkcs8",
  });
  const { x = "" } = createPublicKey(key).export({ format: "jwk" });
  return {
    origin,
    id: toHex(sha256(utf8ToBytes(origin))),
    publicKey: fromBase64Url(x),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}

// RFC 8410, 7: all that stands before the seed in the DER of a private key
const PKCS8 = fromHex("0x302e020100300506032b657004220420");
