import { fromBase64Url } from "./bytes.ts";
import { parseJson } from "./canonical.ts";
import { decodeCbor } from "./cbor.ts";
import { TraceError } from "./trace-error.ts";

/**
 * A SenML record under the labels of JSON (RFC 8428, 4): times in seconds, data as bytes. What the
 * standard does not know is in `other`.
 */
export type SenmlRecord = {
  readonly bn?: string;
  readonly bt?: number;
  readonly bu?: string;
  readonly bv?: number;
  readonly bs?: number;
  readonly bver?: number;
  readonly n?: string;
  readonly u?: string;
  readonly v?: number;
  readonly vs?: string;
  readonly vb?: boolean;
  readonly vd?: Uint8Array;
  readonly s?: number;
  readonly t?: number;
  readonly ut?: number;
  readonly other?: Readonly<Record<string, unknown>>;
};

/** A record that stands alone: no base fields, its whole name, an absolute time in seconds. */
export type ResolvedRecord = Omit<SenmlRecord, "bn" | "bt" | "bu" | "bv" | "bs" | "bver"> & {
  readonly n: string;
  readonly t: number;
};

/** The labels of RFC 8428, 4.3, with their keys in CBOR (section 6) and their kinds. */
export const SENML_FIELDS: ReadonlyMap<string, readonly [key: number, kind: string]> = new Map([
  ["bver", [-1, "number"]],
  ["bn", [-2, "string"]],
  ["bt", [-3, "number"]],
  ["bu", [-4, "string"]],
  ["bv", [-5, "number"]],
  ["bs", [-6, "number"]],
  ["n", [0, "string"]],
  ["u", [1, "string"]],
  ["v", [2, "number"]],
  ["vs", [3, "string"]],
  ["vb", [4, "boolean"]],
  ["s", [5, "number"]],
  ["t", [6, "number"]],
  ["ut", [7, "number"]],
  ["vd", [8, "data"]],
]);

/** A pack in JSON: RFC 8428, 5. Throws BAD_PACK, or what `parseJson` throws. */
export const parseSenmlJson = (text: string): readonly SenmlRecord[] =>
  recordsOf(parseJson(text), (record) => {
    if (typeof record !== "object" || record === null || Array.isArray(record)) return undefined;
    return Object.entries(record).map(([label, value]) =>
      label === "vd" ? [label, dataOf(value)] : [label, value],
    );
  });

/** A pack in CBOR: RFC 8428, 6. Throws BAD_PACK, or what `decodeCbor` throws. */
export const parseSenmlCbor = (bytes: Uint8Array): readonly SenmlRecord[] =>
  recordsOf(decodeCbor(bytes, { fractions: true }), (record) => {
    if (!(record instanceof Map)) return undefined;
    const fields: Field[] = [];
    for (const [key, value] of record) fields.push([labelOf(key), value]);
    return fields;
  });

/**
 * The records of a pack, each standing alone (RFC 8428, 4.6), in the order of the pack; records
 * with nothing but base fields are gone. A time below 2^28 is relative to `now` (seconds since
 * 1970), and refused (CLOCK) where nobody says when now is. Throws BAD_PACK.
 */
export function resolveSenml(
  pack: readonly SenmlRecord[],
  now?: number,
): readonly ResolvedRecord[] {
  let base: SenmlRecord = {};
  const versions = new Set<number>();
  const resolved: ResolvedRecord[] = [];
  for (const record of pack) {
    if (Object.keys(record).some(isBase)) base = { ...base, ...record };
    versions.add(base.bver ?? VERSION);
    const standing = resolveRecord(record, base, now);
    if (standing !== undefined) resolved.push(standing);
  }
  if (versions.size > 1) throw bad("the records of a pack have one version");
  return resolved;
}

const VERSION = 10;
const RELATIVE = 2 ** 28;
const NAME = /^[A-Za-z0-9][-A-Za-z0-9:./_]*$/;
const LONGEST_NAME = 1024;

const isBase = (label: string): boolean => label.startsWith("b");

type Field = readonly [label: string, value: unknown];

function recordsOf(
  pack: unknown,
  fieldsOf: (record: unknown) => readonly Field[] | undefined,
): readonly SenmlRecord[] {
  if (!Array.isArray(pack) || pack.length === 0) throw bad("a pack is an array of records");
  return pack.map((record: unknown) => {
    const fields = fieldsOf(record);
    if (fields === undefined) throw bad("a record is a map of fields");
    return recordOf(fields);
  });
}

function recordOf(fields: readonly Field[]): SenmlRecord {
  const known: Record<string, unknown> = {};
  const other: Field[] = [];
  for (const [label, value] of fields) {
    const kind = SENML_FIELDS.get(label)?.[1];
    if (kind !== undefined) known[label] = requireKind(label, value, kind);
    else if (label.endsWith("_")) throw bad(`"${label}" must be understood, and is not`);
    else other.push([label, value]);
  }
  const record: SenmlRecord = known;
  if (record.bver !== undefined && !(record.bver <= VERSION && record.bver > 0))
    throw bad(`version ${record.bver} of SenML is not known here`);
  return other.length === 0 ? record : { ...record, other: Object.fromEntries(other) };
}

function requireKind(label: string, value: unknown, wanted: string): unknown {
  const kind = value instanceof Uint8Array ? "data" : typeof value;
  if (kind !== wanted) throw bad(`"${label}" is of the wrong kind`);
  if (label === "bver" && !Number.isSafeInteger(value)) throw bad("a version is a whole number");
  return value;
}

function resolveRecord(
  record: SenmlRecord,
  base: SenmlRecord,
  now: number | undefined,
): ResolvedRecord | undefined {
  const { other } = record;
  const mine = (label: string): boolean => label !== "other" && !isBase(label);
  if (!Object.keys(record).some(mine) && Object.keys(other ?? {}).every(isBase)) return undefined;
  const { n, u = base.bu, vs, vb, vd, s, t = 0, ut } = record;
  const values = [record.v, vs, vb, vd].filter((value) => value !== undefined).length;
  // RFC 8428, 4.5.4: a missing addend is zero, so a base value or base sum alone is one too.
  const v = values === 0 && s === undefined ? base.bv : added(record.v, base.bv);
  const sum = added(s ?? (base.bs === undefined ? undefined : 0), base.bs);
  if (values > 1 || (values === 0 && v === undefined && sum === undefined))
    throw bad("a record has exactly one value, or a sum");
  return {
    n: nameOf(base.bn, n),
    ...(u !== undefined && { u }),
    t: timeOf((base.bt ?? 0) + t, now),
    ...(v !== undefined && { v }),
    ...(vs !== undefined && { vs }),
    ...(vb !== undefined && { vb }),
    ...(vd !== undefined && { vd }),
    ...(sum !== undefined && { s: sum }),
    ...(ut !== undefined && { ut }),
    ...(other !== undefined && { other }),
  };
}

const added = (value: number | undefined, base = 0): number | undefined =>
  value === undefined ? undefined : finite(value + base);

function nameOf(base = "", name = ""): string {
  if (base.length + name.length > LONGEST_NAME) throw bad("a name beyond 1,024 characters");
  if (!NAME.test(base + name)) throw bad(`"${(base + name).slice(0, 80)}" is no name`);
  return base + name;
}

function timeOf(time: number, now: number | undefined): number {
  if (time >= RELATIVE) return finite(time);
  if (now === undefined)
    throw new TraceError("CLOCK", `a time of ${time} s from now, where now is not known`);
  return finite(now + time);
}

function finite(number: number): number {
  if (!Number.isFinite(number)) throw bad("a sum that is no number");
  return number;
}

const LABELS = new Map([...SENML_FIELDS].map(([label, [key]]) => [key, label]));

function labelOf(key: number | string): string {
  const label = typeof key === "number" ? LABELS.get(key) : key;
  // RFC 8428, 6: integers are the only spelling of the known labels, and no more will come.
  if (label === undefined || (typeof key === "string" && SENML_FIELDS.has(key)))
    throw bad(`${JSON.stringify(key)} is no label in CBOR`);
  return label;
}

function dataOf(value: unknown): Uint8Array {
  if (typeof value !== "string") throw bad('"vd" is base64url');
  return fromBase64Url(value);
}

function bad(why: string): TraceError {
  return new TraceError("BAD_PACK", why);
}
