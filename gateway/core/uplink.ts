import { bytesToUtf8 } from "./bytes.ts";
import { parseJson } from "./canonical.ts";
import { LAST_TIME, type Reading } from "./envelope.ts";
import { isObject } from "./statement.ts";
import { parseTimestamp } from "./timestamp.ts";
import { TraceError } from "./trace-error.ts";
import { isSentinel } from "./verify/excursions.ts";

/** Where a value comes from in what a server sent: the names on the way to it, with dots between. */
export type Path = string;

/** As what a decoded number is kept: `name` and `unit` as SenML has them; `scale` multiplies it first. */
export type Measure = {
  readonly name: string;
  readonly unit: string;
  readonly scale?: number | undefined;
};

/** What is read of a decoded object. Null leaves out what would be read by default; what is not named is left out. */
export type Measures = Readonly<Record<Path, Measure | null>>;

/**
 * One message of one device, as its network server tells it. `id` is the same when the message comes again, and of no
 * other message of the device. `counter` rises by one with each message in one `series`, so that a jump shows a loss.
 */
export type Uplink = {
  readonly device: string;
  readonly id: string;
  readonly readings: readonly Reading[];
  readonly counter?: { readonly series: string; readonly value: number };
};

/** The names by which common decoders give what a store-room, a dryer and a yard are watched for. */
export const USUAL: Measures = {
  ...named("temperature", "Cel", ["temperature", "temp", "Temperature", "TempC_SHT", "TempC_DS"]),
  ...named("humidity", "%RH", ["humidity", "hum", "Humidity", "Hum_SHT", "relative_humidity"]),
};

/** The JSON object in a message. Throws BAD_ENCODING, TOO_LARGE. */
export function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const value = parseJson(bytesToUtf8(bytes), { depth: 16, length: MOST_BYTES });
  if (!isObject(value)) throw new TraceError("BAD_ENCODING", "not a JSON object");
  return value;
}

/** The most bytes that a message may have. */
export const MOST_BYTES = 65_535;

/** The member at a path; a name that itself has dots is found as it is. */
export function memberAt(value: unknown, path: Path): unknown {
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  const dot = path.indexOf(".");
  if (dot < 0) return undefined;
  const first = path.slice(0, dot);
  return Object.hasOwn(value, first) ? memberAt(value[first], path.slice(dot + 1)) : undefined;
}

/** The text at a path. Throws BAD_EVENT. */
export function textAt(value: unknown, path: Path, most = 200): string {
  const found = memberAt(value, path);
  return requireText(found, path, most);
}

/** The value, where it is a text that a store can keep: PostgreSQL has none with a NUL. Throws BAD_EVENT. */
export function requireText(found: unknown, what: string, most = 200): string {
  if (typeof found !== "string" || found === "" || found.length > most || found.includes("\0"))
    throw new TraceError("BAD_EVENT", `${what} is not a text of up to ${most} characters, no NUL`);
  return found;
}

/** The count at a path; servers leave out a zero (proto3 JSON). Throws BAD_EVENT. */
export function countAt(value: unknown, path: Path): number {
  const found = memberAt(value, path) ?? 0;
  if (typeof found !== "number" || !Number.isSafeInteger(found) || found < 0)
    throw new TraceError("BAD_EVENT", `${path} is not a whole number from 0`);
  return found;
}

/** A time, RFC 3339 or a number of seconds or milliseconds since 1970, in whole milliseconds. Throws BAD_EVENT. */
export function timeOf(value: unknown, path: Path): number {
  if (typeof value === "string") return parseTimestamp(value);
  if (typeof value !== "number" || !(value > EARLIEST && value < LATEST))
    throw new TraceError("BAD_EVENT", `${path} is not a time`);
  return Math.round(value < EARLIEST * 1_000 ? value * 1_000 : value);
}

// Seconds from 1978 to 5138 are fewer than milliseconds from 1978 on.
const EARLIEST = 2 ** 28;
const LATEST = 2 ** 46;

/** The numbers of a decoded object that are measured values; what says "no probe" is none. */
export function readingsIn(object: unknown, measures: Measures, time: number): readonly Reading[] {
  return Object.entries(measures).flatMap(([path, measure]) => {
    const found = memberAt(object, path);
    return measure === null ? [] : readingOf(found, measure, time);
  });
}

/** A value as a reading, or nothing where it is no number or no measured one. Throws CLOCK for a time that no pack can say. */
export function readingOf(
  found: unknown,
  { name, unit, scale = 1 }: Measure,
  time: number,
): readonly Reading[] {
  if (typeof found !== "number" || !Number.isFinite(found)) return [];
  // Twelve digits: 32767 hundredths are 327.67, as people write it.
  const value = Number((found * scale).toPrecision(12));
  if (isSentinel(found) || isSentinel(value)) return [];
  if (!(time >= EARLIEST * 1_000 && time <= LAST_TIME))
    throw new TraceError("CLOCK", `${time} ms since 1970 is before July 1978 or after 9999`);
  return [{ name, unit, value, time }];
}

function named(name: string, unit: string, paths: readonly Path[]): Measures {
  return Object.fromEntries(paths.map((path) => [path, { name, unit }]));
}
