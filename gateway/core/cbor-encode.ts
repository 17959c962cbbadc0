import { concatBytes, utf8ToBytes } from "./bytes.ts";
import type { CborValue } from "./cbor.ts";

/**
 * The value as CBOR that `decodeCbor` takes: definite, shortest heads, map entries as they come.
 */
export function encodeCbor(value: CborValue): Uint8Array {
  if (typeof value === "number") return encodeNumber(value);
  if (typeof value === "boolean") return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (typeof value === "string") {
    const text = utf8ToBytes(value);
    return concatBytes(head(3, text.length), text);
  }
  if (value instanceof Uint8Array) return encodeBytes(value);
  if (value instanceof Map) {
    const entries = [...value].flatMap(([key, item]) => [encodeCbor(key), encodeCbor(item)]);
    return concatBytes(head(5, value.size), ...entries);
  }
  const items = value as readonly CborValue[];
  return concatBytes(head(4, items.length), ...items.map(encodeCbor));
}

/** A byte string, without the detour that tells what it is: signatures are checked over these. */
export const encodeBytes = (bytes: Uint8Array): Uint8Array =>
  concatBytes(head(2, bytes.length), bytes);

function encodeNumber(value: number): Uint8Array {
  if (!Number.isFinite(value)) throw new RangeError(`CBOR of ours has no ${value}`);
  if (Number.isSafeInteger(value) && !Object.is(value, -0))
    return value < 0 ? head(1, -1 - value) : head(0, value);
  const single = Math.fround(value) === value;
  const view = new DataView(new ArrayBuffer(single ? 5 : 9));
  view.setUint8(0, single ? 0xfa : 0xfb);
  if (single) view.setFloat32(1, value);
  else view.setFloat64(1, value);
  return new Uint8Array(view.buffer);
}

function head(major: number, count: number): Uint8Array {
  const type = major << 5;
  if (count < 24) return Uint8Array.of(type | count);
  if (count < 2 ** 8) return Uint8Array.of(type | 24, count);
  if (count < 2 ** 16) return Uint8Array.of(type | 25, count >> 8, count & 0xff);
  const width = count < 2 ** 32 ? 4 : 8;
  const digits = Array.from({ length: width }, (_, i) =>
    Math.floor(count / 256 ** (width - 1 - i)),
  );
  return Uint8Array.of(type | (width === 4 ? 26 : 27), ...digits);
}
