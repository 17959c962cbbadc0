import { toHex, type Hex } from "./bytes.ts";
import { sha256 } from "./hash.ts";
import { isUncompressed } from "./p256.ts";
import { TraceError } from "./trace-error.ts";

/** The point itself (65 bytes, 0x04‖x‖y), if it lies on P-256. Throws BAD_KEY. */
export function parsePublicKey(point: Uint8Array): Uint8Array {
  if (!isUncompressed(point)) throw new TraceError("BAD_KEY", "a key is 65 bytes: 0x04, x and y");
  const [x, y] = [numberOf(point.subarray(1, 33)), numberOf(point.subarray(33))];
  if (x >= P || y >= P || (x * x * x - 3n * x + B - y * y) % P !== 0n)
    throw new TraceError("BAD_KEY", "the point does not lie on P-256");
  return point;
}

/** A key's id: SHA-256 of its uncompressed point (65 bytes). Throws BAD_KEY for any other bytes. */
export const keyIdOf = (publicKey: Uint8Array): Hex => toHex(sha256(parsePublicKey(publicKey)));

/** A few characters of a key's id that two people can compare aloud: "A1B2 C3D4 E5F6". */
export const fingerprintOf = (keyId: Hex): string =>
  (keyId.slice(2, 14).toUpperCase().match(/.{4}/g) ?? []).join(" ");

// SP 800-186, 3.2.1.3
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

const numberOf = (bytes: Uint8Array): bigint => BigInt(toHex(bytes));
