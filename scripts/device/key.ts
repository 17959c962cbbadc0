import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { concatBytes, fromBase64Url, type Hex } from "../../gateway/core/bytes.ts";
import { keyIdOf } from "../../gateway/core/key-id.ts";

/** A device's P-256 key. In a real device it lives in a secure element and never leaves it. */
export type DeviceKey = {
  readonly keyId: Hex;
  readonly publicKey: Uint8Array; // 65 bytes
  readonly sign: (message: Uint8Array) => Uint8Array; // ES256, r‖s
};

/** A new key, as PEM (PKCS 8). */
export const newDeviceKey = (): string =>
  String(
    generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
      type: "pkcs8",
      format: "pem",
    }),
  );

/** The key in a PEM text, or from another source of Node's keys. */
export function deviceKey(pem: string | KeyObject): DeviceKey {
  const key = typeof pem === "string" ? createPrivateKey(pem) : pem;
  const { x = "", y = "" } = createPublicKey(key).export({ format: "jwk" });
  const publicKey = concatBytes(Uint8Array.of(4), fromBase64Url(x), fromBase64Url(y));
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: (message) => new Uint8Array(sign("sha256", message, { key, dsaEncoding: "ieee-p1363" })),
  };
}
