import { createPublicKey, verify, type KeyObject } from "node:crypto";

import { toBase64Url, type Hex } from "./core/bytes.ts";
import { parsePack, type Pack } from "./core/envelope.ts";
import { keyIdOf } from "./core/key-id.ts";
import { requireLowS, toDer } from "./core/p256.ts";
import { TraceError, type TraceErrorCode } from "./core/trace-error.ts";
import { hashLeaf, sha256 } from "./native-hash.ts";
import type { PackForm } from "./store/schema.ts";

/** What a pack says, once its device's signature was found to hold. Hashes have 32 bytes, times are in ms. */
export type SignedPack = {
  readonly epoch: number;
  readonly seq: number;
  readonly form: PackForm;
  readonly content: Uint8Array; // SHA-256 of what was signed
  readonly leaf: Uint8Array; // its hash in the log
  readonly firstTime: number;
  readonly lastTime: number;
};

/** Bytes in which no pack of this device could be found. */
export type Unsigned = { readonly code: TraceErrorCode; readonly message: string };

/** Judges bytes by themselves: no store, no chain, no clock. `point` is the device's public key, 65 bytes. */
export function judge(device: Hex, point: Uint8Array, bytes: Uint8Array): SignedPack | Unsigned {
  try {
    const pack = parsePack(bytes);
    if (pack.keyId !== device)
      throw new TraceError("NOT_ALLOWED", `a pack of ${pack.keyId} under the topic of ${device}`);
    requireLowS(pack.signature);
    // With r‖s and its option, Node 24 takes half as long again for the same verification.
    if (!verify("sha256", pack.signed, keyOf(device, point), toDer(pack.signature)))
      throw new TraceError("BAD_SIGNATURE", `${device} did not sign this pack`);
    const { epoch, seq, records, signed } = pack;
    const form = pack.attested === undefined ? pack.form : "attested";
    return {
      epoch,
      seq,
      form,
      content: sha256(signed),
      leaf: hashLeaf(bytes),
      ...timesOf(records),
    };
  } catch (failure) {
    if (!(failure instanceof TraceError)) throw failure;
    return { code: failure.code, message: failure.message };
  }
}

// Making a KeyObject costs more than verifying with it, and a device signs with one key for years.
const keys = new Map<Hex, KeyObject>();
const MOST = 50_000;

function keyOf(device: Hex, point: Uint8Array): KeyObject {
  const known = keys.get(device);
  if (known !== undefined) return known;
  const id = keyIdOf(point); // a text of its own: `device` may be a piece of a long one, and keep that alive
  if (id !== device) throw new TraceError("BAD_KEY", `not the public key of ${device}`);
  const [x, y] = [toBase64Url(point.subarray(1, 33)), toBase64Url(point.subarray(33))];
  const key = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const [oldest] = keys.keys();
  if (keys.size >= MOST && oldest !== undefined) keys.delete(oldest);
  keys.set(id, key);
  return key;
}

function timesOf(records: Pack["records"]) {
  let [firstTime, lastTime] = [Infinity, -Infinity];
  for (const { time } of records) {
    firstTime = Math.min(firstTime, time);
    lastTime = Math.max(lastTime, time);
  }
  return { firstTime, lastTime };
}
