import { bytesToUtf8, concatBytes, fromBase64Url, toHex, utf8ToBytes } from "./bytes.ts";
import type { Hex } from "./bytes.ts";
import { requireNfc } from "./canonical.ts";
import { encodeBytes } from "./cbor-encode.ts";
import { decodeCbor } from "./cbor.ts";
import type { CborValue } from "./cbor.ts";
import { splitJws } from "./jws.ts";
import { hashLeaf } from "./merkle.ts";
import { keyIdOf } from "./key-id.ts";
import { isSignature, requireLowS, verifyP256Fast } from "./p256.ts";
import { parseSenmlCbor, parseSenmlJson, resolveSenml } from "./senml.ts";
import type { ResolvedRecord, SenmlRecord } from "./senml.ts";
import { MAX_ENTRY } from "./tile-path.ts";
import { TraceError } from "./trace-error.ts";

/** One value at one time; `time` in ms since 1970 (UTC), `unit` as SenML registers it. */
export type Reading = {
  readonly name: string;
  readonly unit?: string;
  readonly value: number | string | boolean;
  readonly time: number;
};

/**
 * What stands behind a pack that no device signed: what kind of network server said it, SHA-256 of its message
 * exactly as it came, and how many of the device's messages had gone missing since the last.
 */
export type Attestation = {
  readonly source: string;
  readonly message: Hex;
  readonly lost: number;
};

/**
 * What a device says about itself and its numbering: `epoch` counts boots, `seq` counts packs. `attested` is
 * there exactly where the key is not the device's but that of a network server.
 */
export type PackHeader = {
  readonly keyId: Hex;
  readonly epoch: number;
  readonly seq: number;
  readonly attested?: Attestation;
};

/**
 * A reading pack, taken apart and not yet believed. `signed` is what the ES256 `signature` (64
 * bytes) is over: two packs say the same exactly if `signed` is the same, whatever their
 * signatures.
 */
export type Pack = PackHeader & {
  readonly form: "cose" | "jws";
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  readonly records: readonly Reading[];
};

/** Whether `signature` (64 bytes) is ES256 of `publicKey` (65 bytes) over `message`. */
export type VerifyEs256 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>;

/** The most bytes a pack may have, so that it fits a log's entry, and the most readings. */
export const MAX_PACK_BYTES = MAX_ENTRY;
export const MAX_PACK_RECORDS = 1000;

/** The last time of a reading, in ms: the end of the year 9999. */
export const LAST_TIME = 253_402_300_799_999;

/**
 * Takes a pack apart: COSE_Sign1 (RFC 9052, tagged or not) over SenML in CBOR, or a compact JWS
 * over SenML in JSON. Members that are not ours are refused. Throws BAD_PACK, BAD_ENCODING, CLOCK
 * (no absolute time) and TOO_LARGE.
 */
export function parsePack(bytes: Uint8Array): Pack {
  if (bytes.length > MAX_PACK_BYTES)
    throw new TraceError("TOO_LARGE", `${bytes.length} bytes; a pack may have ${MAX_PACK_BYTES}`);
  const [first = 0] = bytes;
  return first === COSE_SIGN1 || first === ARRAY_OF_4 ? parseCose(bytes) : parseJwsPack(bytes);
}

/**
 * Holds only if `publicKey` (65 bytes) is the pack's and signed it, with s in the lower half.
 * Throws BAD_KEY, BAD_SIGNATURE. `verify` is for those who have a faster ES256 than WebCrypto's.
 */
export async function verifyPack(
  { keyId, signed, signature }: Pack,
  publicKey: Uint8Array,
  verify: VerifyEs256 = verifyP256Fast,
): Promise<void> {
  if (keyIdOf(publicKey) !== keyId)
    throw new TraceError("BAD_KEY", `the pack names the key ${keyId}, not this one`);
  requireLowS(signature);
  if (!(await verify(publicKey, signed, signature)))
    throw new TraceError("BAD_SIGNATURE", `${keyId} did not sign this pack`);
}

/** The hash of a pack in the log: of its bytes exactly as they were received. */
export const packLeaf = (bytes: Uint8Array): Uint8Array => hashLeaf(bytes);

/** What COSE signs (RFC 9052, 4.4): the protected header as sent, no external data, the payload. */
export const sigStructure = (protectedHeader: Uint8Array, payload: Uint8Array): Uint8Array =>
  concatBytes(SIGNATURE1, encodeBytes(protectedHeader), NO_BYTES, encodeBytes(payload));

const COSE_SIGN1 = 0xd2; // tag 18
const ARRAY_OF_4 = 0x84;
const SIGNATURE1 = concatBytes(Uint8Array.of(ARRAY_OF_4, 0x6a), utf8ToBytes("Signature1"));
const NO_BYTES = Uint8Array.of(0x40);

function parseCose(bytes: Uint8Array): Pack {
  const start = bytes[0] === COSE_SIGN1 ? 1 : 0;
  const parts = decodeCbor(bytes.subarray(start));
  const [header, open, payload, signature] = Array.isArray(parts) ? (parts as CborValue[]) : [];
  const whole =
    bytes[start] === ARRAY_OF_4 &&
    header instanceof Uint8Array &&
    payload instanceof Uint8Array &&
    signature instanceof Uint8Array &&
    open instanceof Map &&
    open.size === 0;
  if (!whole) throw bad("not a COSE_Sign1 with its payload and an empty open header");
  const members = decodeCbor(header);
  if (!(members instanceof Map)) throw bad("a protected header is a map");
  requireMembers(new Map<unknown, unknown>(members), [
    [1, -7],
    [16, "application/senml+cbor"],
    [4, undefined],
  ]);
  const attested = members.get("attested");
  // All heads have one spelling, so what is signed stands here as `sigStructure` would write it.
  const endOf = (part: Uint8Array): number => part.byteOffset - bytes.byteOffset + part.length;
  const [protectedHeader, rest] = [bytes.subarray(start + 1, endOf(header)), endOf(header) + 1];
  return {
    form: "cose",
    ...headerOf(members.get(4), members.get("epoch"), members.get("seq")),
    ...(attested !== undefined && { attested: attestationOf(attested) }),
    signed: concatBytes(
      SIGNATURE1,
      protectedHeader,
      NO_BYTES,
      bytes.subarray(rest, endOf(payload)),
    ),
    signature: signatureOf(signature),
    records: readingsOf(parseSenmlCbor(payload)),
  };
}

function parseJwsPack(bytes: Uint8Array): Pack {
  const { header, payload, signed, signature } = splitJws(bytesToUtf8(bytes));
  if (typeof header !== "object" || header === null || Array.isArray(header))
    throw bad("a JWS header is an object");
  const members = new Map<unknown, unknown>(Object.entries(header));
  requireMembers(members, [
    ["alg", "ES256"],
    ["typ", "senml+json"],
    ["kid", undefined],
  ]);
  if (members.has("attested")) throw bad("what a network server said is sealed as COSE");
  const kid = members.get("kid");
  if (typeof kid !== "string") throw bad('"kid" is base64url');
  return {
    form: "jws",
    ...headerOf(fromBase64Url(kid), members.get("epoch"), members.get("seq")),
    signed,
    signature: signatureOf(signature),
    records: readingsOf(parseSenmlJson(bytesToUtf8(payload))),
  };
}

// Whatever a header could say beyond this, some reader would understand and another not.
function requireMembers(
  members: ReadonlyMap<unknown, unknown>,
  wanted: readonly (readonly [name: unknown, value: unknown])[],
): void {
  for (const [name, value] of wanted)
    if (!members.has(name) || (value !== undefined && members.get(name) !== value))
      throw bad(`the header's ${name} is not ${value ?? "there"}`);
  if (members.size !== wanted.length + (members.has("attested") ? 3 : 2))
    throw bad("a header with members that are not ours");
}

function headerOf(keyId: unknown, epoch: unknown, seq: unknown): PackHeader {
  if (!(keyId instanceof Uint8Array) || keyId.length !== 32) throw bad("a key id is 32 bytes");
  return { keyId: toHex(keyId), epoch: countOf(epoch, "epoch"), seq: countOf(seq, "seq") };
}

function attestationOf(value: unknown): Attestation {
  const [source, message, lost, ...more] = Array.isArray(value) ? (value as unknown[]) : [];
  const whole = message instanceof Uint8Array && message.length === 32 && more.length === 0;
  if (typeof source !== "string" || !/^[a-z][a-z-]{1,30}$/.test(source) || !whole)
    throw bad('"attested" is the kind of source, a SHA-256 and a count');
  return { source, message: toHex(message), lost: countOf(lost, "attested") };
}

function countOf(value: unknown, name: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw bad(`"${name}" is a whole number from 0`);
  return value;
}

function signatureOf(signature: Uint8Array): Uint8Array {
  if (!isSignature(signature)) throw bad("a signature is 64 bytes, r‖s, both within the order");
  return signature;
}

function readingsOf(records: readonly SenmlRecord[]): readonly Reading[] {
  if (records.length > MAX_PACK_RECORDS)
    throw new TraceError("TOO_LARGE", `${records.length} records; a pack may have 1,000`);
  const readings = resolveSenml(records).map(readingOf);
  if (readings.length === 0) throw bad("a pack without a reading");
  return readings;
}

function readingOf({ n: name, u: unit, v, vs, vb, t }: ResolvedRecord): Reading {
  const value = v ?? vs ?? vb;
  if (value === undefined) throw bad(`${name} has no number, text or truth value`);
  if (typeof value === "string") requireNfc(value);
  if (unit !== undefined) requireNfc(unit);
  const time = Math.round(t * 1000);
  if (time > LAST_TIME) throw new TraceError("CLOCK", `${t} s is beyond the year 9999`);
  return { name, ...(unit !== undefined && { unit }), value, time };
}

function bad(why: string): TraceError {
  return new TraceError("BAD_PACK", why);
}
