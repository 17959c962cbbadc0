import { bytesToUtf8, concatBytes, utf8ToBytes } from "./bytes.ts";
import { TraceError } from "./trace-error.ts";

/** A metric of a Sparkplug B payload. `datatype` is absent where the birth said it; `value` where it is null or no number, truth or text. */
export type Metric = {
  readonly name?: string;
  readonly alias?: number;
  readonly timestamp?: number; // ms
  readonly datatype?: number;
  readonly value?: RawValue;
};

/** As the wire has it: signed integers come in two's complement, and only the datatype says so. */
export type RawValue = number | bigint | boolean | string;

/** The members of a Sparkplug B payload that matter here. */
export type SparkplugPayload = {
  readonly timestamp?: number; // ms
  readonly seq?: number;
  readonly metrics: readonly Metric[];
};

/**
 * A payload of Sparkplug B (3.0, 6.4.1), which is Protocol Buffers: some fields of two messages, so they are read here
 * rather than by a library. Unknown fields are passed over, as Protocol Buffers wants. Throws BAD_ENCODING.
 */
export function parseSparkplug(bytes: Uint8Array): SparkplugPayload {
  let [timestamp, seq]: [number?, number?] = [];
  const metrics: Metric[] = [];
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1) timestamp = whole(value);
    if (number === 2) metrics.push(metricOf(bytesOf(value)));
    if (number === 3) seq = whole(value);
  }
  if (seq !== undefined && seq > 255) throw bad("a seq beyond 255");
  return {
    ...(timestamp !== undefined && { timestamp }),
    ...(seq !== undefined && { seq }),
    metrics,
  };
}

/** A payload of one truth value, as commands are. */
export function encodeSparkplug(
  timestamp: number,
  {
    name,
    datatype,
    value,
  }: { readonly name: string; readonly datatype: number; readonly value: boolean },
): Uint8Array {
  const text = utf8ToBytes(name);
  const metric = concatBytes(
    Uint8Array.of((1 << 3) | 2, ...varintOf(text.length)),
    text,
    Uint8Array.of(4 << 3, datatype, 14 << 3, value ? 1 : 0),
  );
  return concatBytes(
    Uint8Array.of(1 << 3, ...varintOf(timestamp), (2 << 3) | 2, ...varintOf(metric.length)),
    metric,
  );
}

const varintOf = (value: number): readonly number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varintOf(Math.floor(value / 128))];

/** The value that a datatype (6.4.16) makes of a raw one, where that is a number. */
export function numberOf(value: RawValue, datatype: number): number | undefined {
  if (typeof value === "number") return value; // a float or a double
  if (typeof value !== "bigint") return undefined;
  const bits = SIGNED.get(datatype);
  if (bits !== undefined) return Number(BigInt.asIntN(bits, value));
  return UNSIGNED.has(datatype) ? Number(value) : undefined;
}

const SIGNED: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [2, 16],
  [3, 32],
  [4, 64],
]);
const UNSIGNED: ReadonlySet<number> = new Set([5, 6, 7, 8]);

function metricOf(bytes: Uint8Array): Metric {
  const metric: { -readonly [Name in keyof Metric]: Metric[Name] } = {};
  let isNull = false;
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1) metric.name = bytesToUtf8(bytesOf(value));
    else if (number === 2) metric.alias = whole(value);
    else if (number === 3) metric.timestamp = whole(value);
    else if (number === 4) metric.datatype = whole(value);
    else if (number === 7) isNull = whole(value) !== 0;
    else if (number === 10 || number === 11) metric.value = integer(value);
    else if (number === 12) metric.value = float(bytesOf(value, 4));
    else if (number === 13) metric.value = viewOf(bytesOf(value, 8)).getFloat64(0, true);
    else if (number === 14) metric.value = whole(value) !== 0;
    else if (number === 15) metric.value = bytesToUtf8(bytesOf(value));
  }
  if (isNull) delete metric.value;
  return metric;
}

/** The number that a sensor meant by a float of 32 bits: 21.4, not 21.399999618530273. */
function float(bytes: Uint8Array): number {
  const exact = viewOf(bytes).getFloat32(0, true);
  const short = Number(exact.toPrecision(7));
  return Math.fround(short) === exact ? short : exact;
}

type Field = { readonly number: number; readonly value: bigint | Uint8Array };

/** The fields of a message in Protocol Buffers, in order. Throws BAD_ENCODING. */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw bad("a number that does not end");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw bad("a number of more than ten bytes");
  };
  const take = (length: bigint): Uint8Array => {
    if (length > BigInt(bytes.length - at)) throw bad("a field beyond the end");
    const end = at + Number(length);
    const taken = bytes.subarray(at, end);
    at = end;
    return taken;
  };
  while (at < bytes.length) {
    const tag = varint();
    const [number, wire] = [Number(tag >> 3n), Number(tag & 7n)];
    if (number === 0) throw bad("a field without a number");
    if (wire === 0) yield { number, value: varint() };
    else if (wire === 1) yield { number, value: take(8n) };
    else if (wire === 2) yield { number, value: take(varint()) };
    else if (wire === 5) yield { number, value: take(4n) };
    else throw bad(`wire type ${wire}`);
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function bytesOf(value: Field["value"], length?: number): Uint8Array {
  if (typeof value === "bigint" || (length !== undefined && value.length !== length))
    throw bad("a field of the wrong type");
  return value;
}

function integer(value: Field["value"]): bigint {
  if (typeof value !== "bigint") throw bad("a field of the wrong type");
  return value;
}

function whole(value: Field["value"]): number {
  const number = Number(integer(value));
  if (!Number.isSafeInteger(number)) throw bad("a number beyond 2^53");
  return number;
}

const bad = (why: string): TraceError =>
  new TraceError("BAD_ENCODING", `not a payload of Sparkplug B: ${why}`);
