import { bytesToUtf8 } from "./bytes.ts";
import { TraceError } from "./trace-error.ts";

/** What the CBOR of our formats can say: no null, no tags, keys that are integers or text. */
export type CborValue =
  | number
  | string
  | boolean
  | Uint8Array
  | readonly CborValue[]
  | ReadonlyMap<number | string, CborValue>;

/**
 * The one value of these bytes (RFC 8949), strictly: definite lengths, shortest heads, no key
 * twice, safe integers, nothing behind. `fractions` admits finite floats and decimal fractions (tag
 * 4). Byte strings are views of the input. Throws BAD_ENCODING; TOO_LARGE when nested too deep.
 */
export function decodeCbor(bytes: Uint8Array, { fractions = false } = {}): CborValue {
  const reader = { bytes, view: viewOf(bytes), at: 0, fractions };
  const value = readValue(reader, DEPTH);
  if (reader.at !== bytes.length) throw bad("trailing bytes", reader);
  return value;
}

type Reader = {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  readonly fractions: boolean;
};

const DEPTH = 8;
const [UINT, NEGATIVE, BYTES, TEXT, ARRAY, TAG] = [0, 1, 2, 3, 4, 6];
const DECIMAL_FRACTION = 4;

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function readValue(reader: Reader, depth: number): CborValue {
  if (depth === 0) throw new TraceError("TOO_LARGE", `CBOR nests deeper than ${DEPTH} levels`);
  const first = take(reader, 1);
  const [major, info] = [first >> 5, first & 31];
  if (major > TAG) return readSimple(reader, info);
  const count = readCount(reader, info);
  if (major === UINT) return count;
  if (major === NEGATIVE) return requireSafe(-1 - count, reader);
  if (major === BYTES) return readBytes(reader, count);
  if (major === TEXT) return bytesToUtf8(readBytes(reader, count));
  if (major === TAG) return readDecimal(reader, count, depth - 1);
  // Each item is a byte at least: a length that cannot be is refused before anything is made of it.
  if (count > reader.bytes.length - reader.at) throw bad("a length beyond the end", reader);
  return major === ARRAY ? readArray(reader, count, depth - 1) : readMap(reader, count, depth - 1);
}

function readCount(reader: Reader, info: number): number {
  if (info < 24) return info;
  if (info > 27) throw bad("an indefinite length, or no length at all,", reader);
  const width = 1 << (info - 24);
  const count = take(reader, width);
  const least = info === 24 ? 24 : 2 ** (4 * width);
  if (count < least) throw bad("a head that could be shorter", reader);
  return requireSafe(count, reader);
}

/** The next 1, 2, 4 or 8 bytes as a number. */
function take(reader: Reader, width: number): number {
  const { view, at } = reader;
  if (at + width > view.byteLength) throw bad("a cut", reader);
  reader.at += width;
  if (width === 1) return view.getUint8(at);
  if (width === 2) return view.getUint16(at);
  return width === 4 ? view.getUint32(at) : view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
}

function readBytes(reader: Reader, length: number): Uint8Array {
  const end = reader.at + length;
  if (end > reader.bytes.length) throw bad("a cut", reader);
  const bytes = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return bytes;
}

function readArray(reader: Reader, length: number, depth: number): readonly CborValue[] {
  const items: CborValue[] = [];
  while (items.length < length) items.push(readValue(reader, depth));
  return items;
}

function readMap(
  reader: Reader,
  length: number,
  depth: number,
): ReadonlyMap<number | string, CborValue> {
  const map = new Map<number | string, CborValue>();
  for (let i = 0; i < length; i++) {
    const major = (reader.bytes[reader.at] ?? 0) >> 5;
    if (major !== UINT && major !== NEGATIVE && major !== TEXT)
      throw bad("a key that is neither integer nor text", reader);
    const key = readValue(reader, depth) as number | string;
    if (map.has(key)) throw bad(`a second key ${key}`, reader);
    map.set(key, readValue(reader, depth));
  }
  return map;
}

function readSimple(reader: Reader, info: number): boolean | number {
  const { view, at } = reader;
  if (info === 20 || info === 21) return info === 21;
  if (info < 25 || info > 27 || !reader.fractions)
    throw bad("null, or another value that has no place here,", reader);
  const width = 1 << (info - 24);
  const bits = take(reader, width);
  const number =
    width === 2 ? halfFloat(bits) : width === 4 ? view.getFloat32(at) : view.getFloat64(at);
  if (!Number.isFinite(number)) throw bad("a number that is none", reader);
  return number;
}

// RFC 8949, appendix D: DataView.getFloat16 is too young to rely on
function halfFloat(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? Infinity
        : (fraction + 1024) * 2 ** (exponent - 25);
  return bits >= 0x8000 ? -size : size;
}

// RFC 8949, 3.4.4: [exponent, mantissa], to the base of ten
function readDecimal(reader: Reader, tag: number, depth: number): number {
  if (tag !== DECIMAL_FRACTION || !reader.fractions) throw bad(`the tag ${tag}`, reader);
  const whole = { ...reader, fractions: false };
  const value = readValue(whole, depth);
  reader.at = whole.at;
  const [exponent, mantissa] = Array.isArray(value) && value.length === 2 ? value : [];
  const number = Number(`${mantissa}e${exponent}`);
  if (
    !Number.isSafeInteger(exponent) ||
    !Number.isSafeInteger(mantissa) ||
    !Number.isFinite(number)
  )
    throw bad("a decimal fraction that is none", reader);
  return number;
}

function requireSafe(number: number, reader: Reader): number {
  if (!Number.isSafeInteger(number)) throw bad("an integer beyond 2^53", reader);
  return number;
}

function bad(what: string, reader: Reader): TraceError {
  return new TraceError("BAD_ENCODING", `CBOR with ${what} before byte ${reader.at}`);
}
