import { TraceError } from "./trace-error.ts";

/** Bytes as `0x` and lower-case hexadecimal: the one text form of hashes and identifiers. */
export type Hex = `0x${string}`;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function toHex(bytes: Uint8Array): Hex {
  let text: Hex = "0x";
  for (const byte of bytes) text = `${text}${HEX[byte] ?? ""}`;
  return text;
}

/** The bytes of lower-case `0x…`; `length` in bytes where it is known. Throws BAD_ENCODING. */
export function fromHex(text: string, length?: number): Uint8Array {
  if (!/^0x(?:[0-9a-f]{2})*$/.test(text))
    throw new TraceError("BAD_ENCODING", `"${text.slice(0, 80)}" is not 0x and lower-case hex`);
  if (length !== undefined && text.length !== 2 + 2 * length)
    throw new TraceError("BAD_ENCODING", `${(text.length - 2) / 2} bytes where ${length} belong`);
  const bytes = new Uint8Array(text.length / 2 - 1);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = (nibble(text.charCodeAt(2 + 2 * i)) << 4) | nibble(text.charCodeAt(3 + 2 * i));
  return bytes;
}

// Of a character that is known to be one of 0-9 and a-f.
const nibble = (unit: number): number => (unit < 0x3a ? unit - 0x30 : unit - 0x57);

/** A number below 2^256 as 32 bytes. */
export const hexWord = (number: number | bigint): Hex =>
  `0x${number.toString(16).padStart(64, "0")}`;

/** The parts one after another. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** UTF-8 of a text; half of a surrogate pair becomes U+FFFD, so whoever hashes must look first. */
export const utf8ToBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Whether two byte strings are the same. Not for secrets: it stops at the first difference. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** RFC 4648, 5, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b = 0, c = 0] = bytes.subarray(i, i + 3) as unknown as [number, number?, number?];
    const group = (a << 16) | (b << 8) | c;
    for (let k = 0; k < Math.min(4, bytes.length - i + 1); k++)
      text += BASE64URL.charAt((group >> (18 - 6 * k)) & 63);
  }
  return text;
}

/**
 * The bytes of canonical base64url without padding; a second spelling of the same bytes is refused.
 * Throws BAD_ENCODING.
 */
export function fromBase64Url(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let [bits, held, at] = [0, 0, 0];
  for (const character of text) {
    const value = BASE64URL.indexOf(character);
    if (value < 0) throw new TraceError("BAD_ENCODING", `"${character}" is not base64url`);
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (bits >> held) & 0xff;
    }
  }
  if (held >= 6 || (bits & ((1 << held) - 1)) !== 0)
    throw new TraceError("BAD_ENCODING", "base64url that does not end on a byte");
  return bytes;
}

/** RFC 4648, 4, with padding. */
export const toBase64 = (bytes: Uint8Array): string =>
  toBase64Url(bytes).replaceAll("-", "+").replaceAll("_", "/") +
  "=".repeat((3 - (bytes.length % 3)) % 3);

/** The bytes of canonical base64 with padding. Throws BAD_ENCODING. */
export function fromBase64(text: string): Uint8Array {
  const bytes = fromBase64Url(
    text
      .replace(/={0,2}$/, "")
      .replaceAll("+", "-")
      .replaceAll("/", "_"),
  );
  // What base64url takes besides, its own - and _, comes back as another text.
  if (toBase64(bytes) !== text)
    throw new TraceError("BAD_ENCODING", `"${text.slice(0, 80)}" is not base64`);
  return bytes;
}

/** The text of UTF-8, byte for byte: a byte order mark stays. Throws BAD_ENCODING. */
export function bytesToUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new TraceError("BAD_ENCODING", "not UTF-8", { cause });
  }
}

// Every place where this code runs has these, though the language itself does not.
declare class TextEncoder {
  encode(text: string): Uint8Array;
}

declare class TextDecoder {
  constructor(label: "utf-8", options: { readonly fatal: true; readonly ignoreBOM: true });
  decode(bytes: Uint8Array): string;
}

// Made once: a decoder costs more than the short texts that it is for.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
