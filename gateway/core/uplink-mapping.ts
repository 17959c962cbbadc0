import { toHex } from "./bytes.ts";
import { sha256 } from "./hash.ts";
import { TraceError } from "./trace-error.ts";
import {
  memberAt,
  parseObject,
  readingsIn,
  requireText,
  timeOf,
  type Measures,
  type Path,
  type Uplink,
} from "./uplink.ts";

/** Where somebody's own JSON says what must be known of a message. */
export type Mapping = {
  /** The device's name: a level of the topic (from 0), or a member. */
  readonly device: { readonly level: number } | { readonly member: Path };

  /** When it was measured: RFC 3339, or seconds or milliseconds since 1970. */
  readonly time: Path;

  /** What tells one message from its repetition; absent: all of its bytes. */
  readonly id?: Path;

  /** A count that rises by one with each message. */
  readonly counter?: Path;
};

/** A message of plain JSON by a mapping. Throws BAD_EVENT, BAD_ENCODING, CLOCK, TOO_LARGE. */
export function parseMappedUplink(
  bytes: Uint8Array,
  topic: string,
  { mapping, measures }: { readonly mapping: Mapping; readonly measures: Measures },
): Uplink {
  const message = parseObject(bytes);
  const { device, id, counter } = mapping;
  const name =
    "level" in device ? topic.split("/")[device.level] : memberAt(message, device.member);
  const given = id === undefined ? toHex(sha256(bytes)) : memberAt(message, id);
  const value = counter === undefined ? undefined : memberAt(message, counter);
  if (counter !== undefined && !(Number.isSafeInteger(value) && Number(value) >= 0))
    throw new TraceError("BAD_EVENT", `${counter} is not a whole number from 0`);
  return {
    device: nameOf(name, "the device"),
    id: nameOf(given, id ?? "id"),
    readings: readingsIn(message, measures, timeOf(memberAt(message, mapping.time), mapping.time)),
    ...(counter !== undefined && { counter: { series: "", value: Number(value) } }),
  };
}

const nameOf = (value: unknown, what: string): string =>
  requireText(typeof value === "number" ? String(value) : value, what);
