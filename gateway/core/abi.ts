import { concatBytes, fromHex, sameBytes, toHex, utf8ToBytes, type Hex } from "./bytes.ts";
import { encodeAtom, wordOf, type Member, type Struct, type Types } from "./eip712.ts";
import { keccak256 } from "./keccak256.ts";
import { TraceError } from "./trace-error.ts";

// The Contract ABI Specification of Solidity, for static atoms, `bytes`, structs and arrays of them.

/** Whether a type's encoding has a length of its own and so sits in the tail. */
const isDynamic = (types: Types, type: string): boolean =>
  type === "bytes" ||
  type.endsWith("[]") ||
  (types[type] ?? []).some(([, member]) => isDynamic(types, member));

/** A type as signatures spell it: structs become tuples. */
const canonical = (types: Types, type: string): string => {
  const [base = "", suffix = ""] = /^(\w+)((?:\[\])*)$/.exec(type)?.slice(1) ?? [];
  const members = types[base];
  if (members === undefined) return type;
  return `(${members.map(([, member]) => canonical(types, member)).join(",")})${suffix}`;
};

/** `name(type,…)`: what a selector or an event's first topic is the hash of. */
export const signatureOf = (types: Types, name: string, members: readonly Member[]): string =>
  `${name}(${members.map(([, type]) => canonical(types, type)).join(",")})`;

/** keccak-256 of a signature, 32 bytes: the first topic of an event. */
export const topicOf = (signature: string): Hex => toHex(keccak256(utf8ToBytes(signature)));

/** The first four bytes of the same: the selector of a function or an error. */
export const selectorOf = (signature: string): Hex =>
  toHex(keccak256(utf8ToBytes(signature)).subarray(0, 4));

const arrayOf = (value: unknown, type: string): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw new TraceError("BAD_ENCODING", `${typeof value} is not a ${type}`);
};

function encodeValue(types: Types, type: string, value: unknown): Uint8Array {
  if (type.endsWith("[]")) {
    const items = arrayOf(value, type);
    const members = items.map((_, i): Member => [String(i), type.slice(0, -2)]);
    return concatBytes(wordOf(items.length), encodeStruct(types, members, { ...items }));
  }
  if (type === "bytes") {
    const bytes = fromHex(String(value));
    return concatBytes(wordOf(bytes.length), bytes, new Uint8Array(-bytes.length & 31));
  }
  const members = types[type];
  return members === undefined
    ? encodeAtom(type, value)
    : encodeStruct(types, members, value as Struct);
}

/** The members of a struct, or a function's arguments, as ABI bytes. Throws BAD_ENCODING on a value that is not of its type. */
export function encodeStruct(types: Types, members: readonly Member[], value: Struct): Uint8Array {
  const parts = members.map(([name, type]) => ({
    bytes: encodeValue(types, type, value[name]),
    dynamic: isDynamic(types, type),
  }));
  let tail = parts.reduce((sum, { bytes, dynamic }) => sum + (dynamic ? 32 : bytes.length), 0);
  const heads = parts.map(({ bytes, dynamic }) => {
    if (!dynamic) return bytes;
    const head = wordOf(tail);
    tail += bytes.length;
    return head;
  });
  return concatBytes(...heads, ...parts.flatMap((part) => (part.dynamic ? [part.bytes] : [])));
}

type Reading = { readonly types: Types; readonly bytes: Uint8Array; left: number };

const wordAt = (reading: Reading, at: number): Uint8Array => {
  // Offsets may point anywhere, so a small answer could unfold without end: every word is read once.
  if (at + 32 > reading.bytes.length || reading.left-- <= 0)
    throw new TraceError("BAD_ENCODING", "an ABI answer that points outside of itself");
  return reading.bytes.subarray(at, at + 32);
};

const lengthAt = (reading: Reading, at: number): number => {
  const value = BigInt(toHex(wordAt(reading, at)));
  if (value > BigInt(reading.bytes.length))
    throw new TraceError("BAD_ENCODING", "an ABI length or offset beyond its answer");
  return Number(value);
};

const headSize = (types: Types, type: string): number =>
  isDynamic(types, type) || types[type] === undefined
    ? 32
    : types[type].reduce((sum, [, member]) => sum + headSize(types, member), 0);

function decodeAtom(type: string, word: Uint8Array): unknown {
  if (type.startsWith("uint")) return BigInt(toHex(word));
  if (type === "bool") return word[31] === 1;
  return type === "address"
    ? toHex(word.subarray(12))
    : toHex(word.subarray(0, Number(type.slice("bytes".length))));
}

function decodeValue(reading: Reading, type: string, at: number): unknown {
  if (type.endsWith("[]")) {
    const members = Array.from({ length: lengthAt(reading, at) }, (_, i): Member => {
      return [String(i), type.slice(0, -2)];
    });
    return Object.values(decodeMembers(reading, members, at + 32));
  }
  if (type === "bytes") {
    const length = lengthAt(reading, at);
    return toHex(reading.bytes.subarray(at + 32, at + 32 + length));
  }
  const members = reading.types[type];
  return members === undefined
    ? decodeAtom(type, wordAt(reading, at))
    : decodeMembers(reading, members, at);
}

function decodeMembers(reading: Reading, members: readonly Member[], base: number): Struct {
  let at = base;
  const entries = members.map(([name, type]): [string, unknown] => {
    const place = isDynamic(reading.types, type) ? base + lengthAt(reading, at) : at;
    at += headSize(reading.types, type);
    return [name, decodeValue(reading, type, place)];
  });
  return Object.fromEntries(entries);
}

/**
 * The values in ABI bytes from a stranger: integers as bigint, byte strings as `0x…`. Only the one spelling that
 * `encodeStruct` writes is accepted: no dirty padding, no other order of tails, nothing behind. Throws BAD_ENCODING.
 */
export function decodeStruct(types: Types, members: readonly Member[], bytes: Uint8Array): Struct {
  const value = decodeMembers({ types, bytes, left: bytes.length / 32 }, members, 0);
  if (!sameBytes(encodeStruct(types, members, value), bytes))
    throw new TraceError("BAD_ENCODING", "an ABI answer in another spelling than the only one");
  return value;
}
