/**
 * P-256 keys and signatures (FIPS 186-5, SP 800-186) without the curve's arithmetic: that is loaded
 * when it must be.
 */
import { concatBytes, fromHex, hexWord, toHex } from "./bytes.ts";
import type { Hex } from "./bytes.ts";
import { subtleOf } from "./subtle.ts";
import type { Subtle } from "./subtle.ts";
import { TraceError } from "./trace-error.ts";

/** Whether these bytes have a point's one form; some verifiers would take other forms too. */
export const isUncompressed = (point: Uint8Array): boolean => point.length === 65 && point[0] === 4;

/** Whether these are 64 bytes, r‖s, with both in 1 … n−1. */
export function isSignature(signature: Uint8Array): boolean {
  const within = (at: number): boolean =>
    isBelow(signature, at, ORDER) && !isBelow(signature, at, ONE);
  return signature.length === 64 && within(0) && within(32);
}

/** Whether s is in the lower half: of (r, s) and (r, n−s), which hold alike, exactly one is. */
export const isLowS = (signature: Uint8Array): boolean =>
  isSignature(signature) && isBelow(signature, 32, UPPER_HALF);

/** Refuses what is no signature, and the spelling that anyone could make of one. BAD_SIGNATURE. */
export function requireLowS(signature: Uint8Array): void {
  if (!isSignature(signature))
    throw new TraceError("BAD_SIGNATURE", "a signature is 64 bytes, r‖s, both within the order");
  if (!isLowS(signature))
    throw new TraceError("BAD_SIGNATURE", "s is in the upper half; n − s would hold alike");
}

/** The same signature with its s in the lower half. Throws BAD_SIGNATURE. */
export function normalizeS(signature: Uint8Array): Uint8Array {
  if (isLowS(signature)) return signature;
  if (!isSignature(signature)) requireLowS(signature);
  return concatBytes(signature.subarray(0, 32), bytesOf(N - BigInt(toHex(signature.subarray(32)))));
}

/** r‖s (64 bytes) of a signature in DER (X.690: one spelling only). Throws BAD_SIGNATURE. */
export function fromDer(der: Uint8Array): Uint8Array {
  const [tag, length] = der;
  if (tag !== 0x30 || length !== der.length - 2) throw badDer();
  const [r, afterR] = readInteger(der, 2);
  const [s, end] = readInteger(der, afterR);
  if (end !== der.length) throw badDer();
  return concatBytes(r, s);
}

/** The DER form of r‖s (64 bytes). */
export function toDer(signature: Uint8Array): Uint8Array {
  const der = new Uint8Array(72);
  let end = 2;
  for (const to of [32, 64]) {
    let first = to - 32;
    while (first < to - 1 && signature[first] === 0) first += 1;
    const sign = (signature[first] ?? 0) >= 0x80 ? 1 : 0;
    der[end] = 2;
    der[end + 1] = to - first + sign;
    der.set(signature.subarray(first, to), end + 2 + sign);
    end += 2 + sign + to - first;
  }
  der[0] = 0x30;
  der[1] = end - 2;
  return der.subarray(0, end);
}

/**
 * Whether `signature` (64 bytes, r‖s) is ES256 of `publicKey` over `message`, with either s:
 * through WebCrypto where there is one, else by `p256-noble.ts`, which is loaded then. False for
 * bad keys.
 */
export async function verifyP256Fast(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  host: object = globalThis,
): Promise<boolean> {
  if (!isUncompressed(publicKey) || !isSignature(signature)) return false;
  const subtle = subtleOf(host);
  const key = subtle && (await importedKey(subtle, publicKey));
  if (subtle !== undefined && key !== undefined)
    return subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, message);
  const { verifyP256 } = await import("./p256-noble.ts");
  return verifyP256(publicKey, message, signature);
}

// SP 800-186, 3.2.1.3
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const bytesOf = (number: bigint): Uint8Array => fromHex(hexWord(number));
const [ONE, ORDER, UPPER_HALF] = [bytesOf(1n), bytesOf(N), bytesOf(N / 2n + 1n)];

/** Whether the 32 bytes from `at` on are a smaller number than `bound`: numbers of 256 bits are slow to make. */
function isBelow(bytes: Uint8Array, at: number, bound: Uint8Array): boolean {
  for (let i = 0; i < 32; i++) {
    const difference = (bytes[at + i] ?? 0) - (bound[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

// Importing costs as much as verifying, and a device signs with one key for years.
const imported = new Map<Hex, Promise<object | undefined>>();
const KEPT = 1024;

function importedKey(subtle: Subtle, publicKey: Uint8Array): Promise<object | undefined> {
  const name = toHex(publicKey);
  const known = imported.get(name);
  if (known !== undefined) return known;
  const key = subtle
    .importKey("raw", publicKey, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"])
    .catch(() => undefined);
  const [oldest] = imported.keys();
  if (imported.size >= KEPT && oldest !== undefined) imported.delete(oldest);
  imported.set(name, key);
  return key;
}

function readInteger(der: Uint8Array, at: number): readonly [Uint8Array, number] {
  const [tag, length = 0] = der.subarray(at);
  const end = at + 2 + length;
  const digits = der.subarray(at + 2, end);
  const [first = 0x80, second = 0x80] = digits;
  const shortest = first !== 0 || digits.length === 1 || second >= 0x80;
  if (tag !== 2 || length === 0 || end > der.length || first >= 0x80 || !shortest) throw badDer();
  const number = first === 0 ? digits.subarray(1) : digits;
  if (number.length > 32) throw badDer();
  return [concatBytes(new Uint8Array(32 - number.length), number), end];
}

const badDer = (): TraceError => new TraceError("BAD_SIGNATURE", "not a signature in DER");
