import { concatBytes, fromHex, toBase64Url, utf8ToBytes } from "./bytes.ts";
import { encodeBytes, encodeCbor } from "./cbor-encode.ts";
import type { CborValue } from "./cbor.ts";
import { MAX_PACK_BYTES, sigStructure } from "./envelope.ts";
import type { PackHeader, Reading } from "./envelope.ts";
import { signJws } from "./jws.ts";
import type { SignJws } from "./jws.ts";
import { normalizeS } from "./p256.ts";
import { encodeSenmlCbor, formatSenmlJson } from "./senml-encode.ts";
import type { SentRecord } from "./senml-encode.ts";
import { TraceError } from "./trace-error.ts";

/**
 * A reading pack as a device sends it; `sign` gives ES256 (64 bytes, either s) over the bytes it is
 * handed. Throws BAD_PACK and CLOCK for what `parsePack` would refuse, TOO_LARGE.
 */
export async function buildPack({
  form,
  records,
  sign,
  ...header
}: PackHeader & {
  readonly form: "cose" | "jws";
  readonly records: readonly Reading[];
  readonly sign: SignJws;
}): Promise<Uint8Array> {
  const signLow: SignJws = async (signed) => normalizeS(await sign(signed));
  if (header.attested !== undefined && form !== "cose")
    throw new TraceError("BAD_PACK", "what a network server said is sealed as COSE");
  const pack = sentRecords(records);
  const bytes = await (form === "cose"
    ? buildCose(header, encodeSenmlCbor(pack), signLow)
    : buildJws(header, utf8ToBytes(formatSenmlJson(pack)), signLow));
  if (bytes.length > MAX_PACK_BYTES)
    throw new TraceError("TOO_LARGE", `${bytes.length} bytes; a pack may have ${MAX_PACK_BYTES}`);
  return bytes;
}

async function buildCose(
  { keyId, epoch, seq, attested }: PackHeader,
  payload: Uint8Array,
  sign: SignJws,
): Promise<Uint8Array> {
  const { source = "", message = "0x", lost = 0 } = attested ?? {};
  const header = encodeCbor(
    new Map<number | string, CborValue>([
      [1, -7],
      [4, fromHex(keyId, 32)],
      [16, "application/senml+cbor"],
      ["epoch", epoch],
      ["seq", seq],
      ...(attested === undefined
        ? []
        : ([["attested", [source, fromHex(message, 32), lost]]] as const)),
    ]),
  );
  const signature = await sign(sigStructure(header, payload));
  const noOpenHeader = Uint8Array.of(0xa0);
  const parts = [encodeBytes(header), noOpenHeader, encodeBytes(payload), encodeBytes(signature)];
  return concatBytes(Uint8Array.of(0xd2, 0x84), ...parts);
}

const buildJws = async (
  { keyId, epoch, seq }: PackHeader,
  payload: Uint8Array,
  sign: SignJws,
): Promise<Uint8Array> => {
  const kid = toBase64Url(fromHex(keyId, 32));
  return utf8ToBytes(
    await signJws({ alg: "ES256", kid, typ: "senml+json", epoch, seq }, payload, sign),
  );
};

/**
 * The earliest time is the base of all, and records say how far behind it they are: before it, the sum of two fractions
 * may come out below what SenML takes for a date.
 */
function sentRecords(records: readonly Reading[]): readonly SentRecord[] {
  const start = Math.min(...records.map(({ time }) => time));
  if (records.some(({ time }) => !Number.isSafeInteger(time) || time < 1000 * 2 ** 28))
    throw new TraceError("CLOCK", "SenML cannot say a time before July 1978, or part of a ms");
  return records.map(({ name, unit, value, time }, i) => ({
    ...(i === 0 && { bt: start / 1000 }),
    n: name,
    ...(unit !== undefined && { u: unit }),
    ...(time !== start && { t: (time - start) / 1000 }),
    ...(typeof value === "number" && { v: value }),
    ...(typeof value === "string" && { vs: value }),
    ...(typeof value === "boolean" && { vb: value }),
  }));
}
