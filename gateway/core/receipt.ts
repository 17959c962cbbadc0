import { bytesToUtf8, fromHex, utf8ToBytes } from "./bytes.ts";
import type { Hex } from "./bytes.ts";
import { parseJson } from "./canonical.ts";
import { verifyEd25519 } from "./ed25519.ts";
import { signJws, splitJws } from "./jws.ts";
import type { SignEd25519, VerifyEd25519 } from "./note.ts";
import { TraceError } from "./trace-error.ts";

/**
 * The log's word to a device that it may forget: of `epoch`, no pack up to and with `seq` is
 * missing, and all of them are durable and among the first `size` entries. `time`: ISO
 * 8601, UTC, ms.
 */
export type Receipt = {
  readonly device: Hex;
  readonly epoch: number;
  readonly seq: number;
  readonly size: number;
  readonly time: string;
};

/** The receipt as a compact JWS, signed by the log's Ed25519 key (RFC 8037). */
export const buildReceipt = (
  { device, epoch, seq, size, time }: Receipt,
  sign: SignEd25519,
): Promise<string> =>
  signJws(HEADER, utf8ToBytes(JSON.stringify({ device, epoch, seq, size, time })), sign);

/** The receipt, if the log's key (32 bytes) signed it. Throws BAD_SIGNATURE, BAD_ENCODING. */
export async function parseReceipt(
  text: string,
  publicKey: Uint8Array,
  verify: VerifyEd25519 = verifyEd25519,
): Promise<Receipt> {
  if (text.length > LONGEST) throw new TraceError("TOO_LARGE", "a receipt is a short text");
  const { header, payload, signed, signature } = splitJws(text);
  const { alg, typ } = membersOf(header, "alg", "typ");
  if (alg !== HEADER.alg || typ !== HEADER.typ)
    throw new TraceError("BAD_ENCODING", "a JWS, but no receipt");
  if (signature.length !== 64 || !(await verify(publicKey, signed, signature)))
    throw new TraceError("BAD_SIGNATURE", "the log did not sign this receipt");
  const claims = parseJson(bytesToUtf8(payload));
  const { device, epoch, seq, size, time } = membersOf(
    claims,
    "device",
    "epoch",
    "seq",
    "size",
    "time",
  );
  return {
    device: deviceOf(device),
    epoch: countOf(epoch),
    seq: countOf(seq),
    size: countOf(size),
    time: timeOf(time),
  };
}

const HEADER = { alg: "EdDSA", typ: "plotline-receipt+jwt" };
const LONGEST = 2048;

/** The members of an object that has these and no others. */
function membersOf<Name extends string>(
  value: unknown,
  ...names: readonly Name[]
): Readonly<Record<Name, unknown>> {
  const whole =
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).length === names.length &&
    names.every((name) => Object.hasOwn(value, name));
  if (!whole) throw new TraceError("BAD_ENCODING", `not an object of ${names.join(", ")}`);
  return value as Readonly<Record<Name, unknown>>;
}

function deviceOf(value: unknown): Hex {
  if (typeof value !== "string") throw new TraceError("BAD_ENCODING", "a device is a key id");
  fromHex(value, 32);
  return value as Hex;
}

function countOf(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw new TraceError("BAD_ENCODING", `${String(value)} is no whole number from 0`);
  return value;
}

function timeOf(value: unknown): string {
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) {
    const time = Date.parse(value);
    if (!Number.isNaN(time) && new Date(time).toISOString() === value) return value;
  }
  throw new TraceError("BAD_ENCODING", "a receipt without a time in UTC");
}
