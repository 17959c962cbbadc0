import { createPrivateKey, hkdfSync, sign, type KeyObject } from "node:crypto";

import { p256 } from "@noble/curves/nist.js";

import { fromBase64Url, toBase64Url, type Hex } from "./core/bytes.ts";
import { keyIdOf } from "./core/key-id.ts";
import type { SourceDevice } from "./core/sources.ts";
import { TraceError } from "./core/trace-error.ts";

/** The key under which a gateway keeps what a network server says of one device. */
export type SourceKey = {
  readonly keyId: Hex;
  readonly publicKey: Uint8Array; // 65 bytes
  readonly sign: (message: Uint8Array) => Uint8Array; // ES256, r‖s
};

/**
 * The key of a source follows from the gateway's one secret (32 bytes, base64url) and the names of server and device: there is one thing to
 * back up, and gateways of one database have the same keys. Throws BAD_KEY.
 */
export function sourceKey(
  seed: string,
  { server, name, generation }: Pick<SourceDevice, "server" | "name" | "generation">,
): SourceKey {
  const secret = fromBase64Url(seed);
  if (secret.length !== 32)
    throw new TraceError("BAD_KEY", `the sources' secret is 32 bytes, not ${secret.length}`);
  // 48 bytes, of which all but a negligible bias is taken away by reduction: FIPS 186-5, A.2.1.
  const info = JSON.stringify(["plotline source", server, name, generation]);
  const material = new Uint8Array(hkdfSync("sha256", secret, "", info, 48));
  const scalar = p256.utils.randomSecretKey(material);
  const publicKey = p256.getPublicKey(scalar, false);
  const key = keyObject(scalar, publicKey);
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: (message) => new Uint8Array(sign("sha256", message, { key, dsaEncoding: "ieee-p1363" })),
  };
}

function keyObject(scalar: Uint8Array, publicKey: Uint8Array): KeyObject {
  const [d, x, y] = [scalar, publicKey.subarray(1, 33), publicKey.subarray(33)].map(toBase64Url);
  const jwk = { kty: "EC", crv: "P-256", d: d ?? "", x: x ?? "", y: y ?? "" };
  return createPrivateKey({ key: jwk, format: "jwk" });
}
