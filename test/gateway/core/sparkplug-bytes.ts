import { concatBytes, utf8ToBytes } from "../../../gateway/core/bytes.ts";

/** A metric as an edge node sends it: of the value's member by the wire, whatever the datatype. */
export type SentMetric = {
  readonly name?: string;
  readonly alias?: number;
  readonly time?: number;
  readonly datatype?: number;
  readonly isNull?: true;
  readonly int?: bigint;
  readonly long?: bigint;
  readonly float?: number;
  readonly double?: number;
  readonly text?: string;
};

const varint = (value: bigint): number[] =>
  value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)];
const number = (field: number, value: bigint | number | undefined): Uint8Array =>
  value === undefined
    ? new Uint8Array()
    : Uint8Array.from([...varint(BigInt(field << 3)), ...varint(BigInt(value))]);
const bytes = (field: number, value: Uint8Array | undefined): Uint8Array =>
  value === undefined
    ? new Uint8Array()
    : Uint8Array.from([
        ...varint(BigInt((field << 3) | 2)),
        ...varint(BigInt(value.length)),
        ...value,
      ]);
const text = (field: number, value: string | undefined): Uint8Array =>
  bytes(field, value === undefined ? undefined : utf8ToBytes(value));

function fixed(field: number, value: number | undefined, width: 4 | 8): Uint8Array {
  if (value === undefined) return new Uint8Array();
  const view = new DataView(new ArrayBuffer(width));
  if (width === 4) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  const tag = (field << 3) | (width === 4 ? 5 : 1);
  return Uint8Array.from([tag, ...new Uint8Array(view.buffer)]);
}

const metric = (sent: SentMetric): Uint8Array =>
  concatBytes(
    text(1, sent.name),
    number(2, sent.alias),
    number(3, sent.time),
    number(4, sent.datatype),
    number(7, sent.isNull && 1),
    number(10, sent.int),
    number(11, sent.long),
    fixed(12, sent.float, 4),
    fixed(13, sent.double, 8),
    text(15, sent.text),
  );

/** A payload of Sparkplug B, written from sparkplug_b.proto and not with the reader's own code. */
export const payloadOf = (
  { seq, time }: { readonly seq?: number; readonly time?: number },
  metrics: readonly SentMetric[],
): Uint8Array =>
  concatBytes(number(1, time), ...metrics.map((each) => bytes(2, metric(each))), number(3, seq));
