import { concatBytes } from "./bytes.ts";
import { TraceError } from "./trace-error.ts";

/** Ethereum's Recursive Length Prefix (Yellow Paper, appendix B): byte strings and lists of them. */
export type Rlp = Uint8Array | readonly Rlp[];

const bad = (why: string): TraceError => new TraceError("BAD_ENCODING", `RLP ${why}`);
const DEEPEST = 16;

/** The one value of these bytes, in its only spelling. Throws BAD_ENCODING, TOO_LARGE. */
export function decodeRlp(bytes: Uint8Array): Rlp {
  const { item, end } = itemAt(bytes, 0, DEEPEST);
  if (end !== bytes.length) throw bad("with bytes behind its value");
  return item;
}

/** The bytes of a value. */
export function encodeRlp(item: Rlp): Uint8Array {
  if (item instanceof Uint8Array)
    return item.length === 1 && (item[0] ?? 0) < 0x80 ? item : prefixed(0x80, item);
  return prefixed(0xc0, concatBytes(...item.map(encodeRlp)));
}

function prefixed(base: number, body: Uint8Array): Uint8Array {
  if (body.length < 56) return concatBytes(Uint8Array.of(base + body.length), body);
  const length: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  return concatBytes(Uint8Array.of(base + 55 + length.length, ...length), body);
}

function itemAt(bytes: Uint8Array, at: number, depth: number): { item: Rlp; end: number } {
  const first = bytes[at];
  if (first === undefined) throw bad("that ends too early");
  if (first < 0x80) return { item: bytes.subarray(at, at + 1), end: at + 1 };
  const isList = first >= 0xc0;
  const { start, end } = spanAt(bytes, at, isList ? 0xc0 : 0x80);
  if (!isList) {
    if (end - start === 1 && (bytes[start] ?? 0) < 0x80) throw bad("with a prefix too many");
    return { item: bytes.subarray(start, end), end };
  }
  if (depth === 0) throw new TraceError("TOO_LARGE", `RLP nests deeper than ${DEEPEST} levels`);
  const items: Rlp[] = [];
  for (let next = start; next < end;) {
    const inner = itemAt(bytes.subarray(0, end), next, depth - 1);
    items.push(inner.item);
    next = inner.end;
  }
  return { item: items, end };
}

function spanAt(bytes: Uint8Array, at: number, base: number): { start: number; end: number } {
  const short = (bytes[at] ?? 0) - base;
  const digits = Math.max(0, short - 55);
  const start = at + 1 + digits;
  let length = digits === 0 ? short : 0;
  for (const digit of bytes.subarray(at + 1, start)) length = length * 256 + digit;
  if (digits > 0 && (bytes[at + 1] === 0 || length < 56))
    throw bad("with a longer length than needed");
  if (start + length > bytes.length) throw bad("that ends too early");
  return { start, end: start + length };
}
