import { createPrivateKey, createPublicKey, sign } from "node:crypto";

import {
  concatBytes,
  fromBase64,
  fromBase64Url,
  fromHex,
  toHex,
  utf8ToBytes,
  type Hex,
} from "./core/bytes.ts";
import { sha256 } from "./core/hash.ts";
import { verifierKey, type SignEd25519 } from "./core/note.ts";
import { TraceError } from "./core/trace-error.ts";
import { readMeta, writeMeta } from "./store/meta.ts";
import type { Store } from "./store/open.ts";
import type { Sql } from "./store/schema.ts";

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

const NAME = "log";

/** Ties a store to the log that it is of, at its first start. Throws OTHER_CHAIN for the key or name of another log. */
export async function claimLog(store: Store, signer: LogSigner): Promise<void> {
  const ours = verifierKey({ name: signer.origin, publicKey: signer.publicKey });
  const theirs = await store.write(async (transaction) => {
    await store.lock(transaction, NAME);
    const known = await readMeta(transaction, NAME);
    if (known === undefined) await writeMeta(transaction, NAME, ours);
    return known ?? ours;
  });
  if (theirs !== ours)
    throw new TraceError("OTHER_CHAIN", `the store is of the log ${theirs}, not of ${ours}`);
}

/** The log that a store is of: its origin and public key (32 bytes); undefined before its first start. */
export async function logOf(db: Sql): Promise<Pick<LogSigner, "origin" | "publicKey"> | undefined> {
  const [, origin, key] = /^(.*)\+[0-9a-f]{8}\+(.*)$/.exec((await readMeta(db, NAME)) ?? "") ?? [];
  if (origin === undefined || key === undefined) return undefined;
  return { origin, publicKey: fromBase64(key).subarray(1) };
}

// RFC 8410, 7: all that stands before the seed in the DER of a private key
const PKCS8 = fromHex("0x302e020100300506032b657004220420");
