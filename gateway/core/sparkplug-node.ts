import { toHex, type Hex } from "./bytes.ts";
import type { Reading } from "./envelope.ts";
import { sha256 } from "./hash.ts";
import {
  encodeSparkplug,
  numberOf,
  parseSparkplug,
  type Metric,
  type SparkplugPayload,
} from "./sparkplug.ts";
import { TraceError } from "./trace-error.ts";
import { readingOf, type Measure, type Measures, type Uplink } from "./uplink.ts";

/** `spBv1.0/{group}/{type}/{edge node}/{device}` (Sparkplug B 3.0, 4.1); a node's own data have no device. */
export type SparkplugTopic = {
  readonly type: "NBIRTH" | "DBIRTH" | "NDATA" | "DDATA" | "NDEATH" | "DDEATH";
  readonly group: string;
  readonly node: string;
  readonly device?: string;
};

/** The parts of a topic, or undefined where it tells of no edge node's data. */
export function parseSparkplugTopic(topic: string): SparkplugTopic | undefined {
  const [space, group = "", type = "", node = "", device, ...more] = topic.split("/");
  const ofDevice = /^D(BIRTH|DATA|DEATH)$/.test(type);
  const known = ofDevice || /^N(BIRTH|DATA|DEATH)$/.test(type);
  const whole = space === "spBv1.0" && group !== "" && node !== "" && more.length === 0;
  if (!known || !whole || ofDevice !== (device !== undefined && device !== "")) return undefined;
  return {
    type: type as SparkplugTopic["type"],
    group,
    node,
    ...(device !== undefined && { device }),
  };
}

type Known = { readonly name: string; readonly datatype: number };
type Birth = ReadonlyMap<string | number, Known>; // by name and by alias

/** What an edge node's births have said so far. `seq` is that of its newest message, `newest` the hash. */
export type SparkplugNode = {
  readonly seq: number;
  readonly newest: Hex;
  readonly births: ReadonlyMap<string, Birth>; // by device; "" is the node itself
};

/** What a message makes of a node, and what it says: nothing when it is a death. `lost`: messages of the node before it. */
export type Heard = {
  readonly node: SparkplugNode | undefined;
  readonly lost: number;
  readonly uplink?: Uplink;
};

/**
 * Takes one message of an edge node. Without `measures`, a device's only counts: it is not remembered, and has no readings. Throws NOT_FOUND for data without the birth that explains them (a rebirth is to
 * be asked for: 3.0, 6.4.20), BAD_ENCODING, BAD_EVENT, CLOCK.
 */
export function hearSparkplug(
  known: SparkplugNode | undefined,
  { type, node: edge, device = "" }: SparkplugTopic,
  bytes: Uint8Array,
  measures: Measures | undefined,
): Heard {
  if (type === "NDEATH") return { node: undefined, lost: 0 };
  const payload = parseSparkplug(bytes);
  const { seq } = payload;
  if (seq === undefined) throw new TraceError("BAD_EVENT", `${type} without its seq`);
  const name = device === "" ? edge : `${edge}/${device}`;
  const id = toHex(sha256(bytes)); // seq and times are in it, so no two messages have the same bytes
  if (type === "NBIRTH") {
    const node = { seq, newest: id, births: new Map([["", birthOf(payload, measures)]]) };
    return {
      node,
      lost: 0,
      uplink: { device: name, id, readings: readingsOf(payload, node, "", measures) },
    };
  }
  if (known === undefined) throw new TraceError("NOT_FOUND", `the birth of ${edge} is not known`);
  const lost = id === known.newest ? 0 : (seq - known.seq - 1 + 256) % 256; // 0 to 255 and again: 3.0, 6.4.6
  const births = new Map(known.births);
  if (type === "DBIRTH" && measures) births.set(device, birthOf(payload, measures));
  if (type === "DDEATH") births.delete(device);
  const node = { seq, newest: id, births };
  if (type === "DDEATH") return { node, lost };
  const readings = readingsOf(payload, node, device, measures);
  return { node, lost, uplink: { device: name, id, readings } };
}

/** The topic of a command to an edge node, and the payload that asks it to say its births again: 3.0, 6.4.20. */
export const rebirthOf = (
  { group, node }: Pick<SparkplugTopic, "group" | "node">,
  time: number,
): { readonly topic: string; readonly payload: Uint8Array } => ({
  topic: `spBv1.0/${group}/NCMD/${node}`,
  payload: encodeSparkplug(time, { name: "Node Control/Rebirth", datatype: 11, value: true }),
});

// What is not measured keeps its alias alone: long names of it would fill the memory.
function birthOf({ metrics }: SparkplugPayload, measures: Measures = {}): Birth {
  const birth = new Map<string | number, Known>();
  for (const { name, alias, datatype = 0 } of metrics) {
    if (name === undefined) throw new TraceError("BAD_EVENT", "a birth with a metric without name");
    const measured = measureOf(measures, name) !== undefined;
    const known = measured ? { name, datatype } : UNMEASURED;
    if (measured) birth.set(name, known);
    if (alias !== undefined) birth.set(alias, known);
  }
  return birth;
}

const UNMEASURED: Known = { name: "", datatype: 0 };

const measureOf = (measures: Measures, name: string): Measure | undefined =>
  (Object.hasOwn(measures, name) ? measures[name] : undefined) ?? undefined;

function readingsOf(
  { metrics, timestamp }: SparkplugPayload,
  { births }: SparkplugNode,
  device: string,
  measures: Measures | undefined,
): readonly Reading[] {
  if (measures === undefined) return [];
  const birth = births.get(device);
  return metrics.flatMap((metric) => {
    const { value } = metric;
    if (metric.name !== undefined && measureOf(measures, metric.name) === undefined) return [];
    const { name, datatype } = knownOf(metric, birth);
    const measure = measureOf(measures, name);
    if (measure === undefined || value === undefined) return [];
    const time = metric.timestamp ?? timestamp;
    if (time === undefined) throw new TraceError("BAD_EVENT", `${name} has no time`);
    return readingOf(numberOf(value, datatype), measure, time);
  });
}

function knownOf({ name, alias, datatype }: Metric, birth: Birth | undefined): Known {
  const known = birth?.get(name ?? alias ?? "");
  if (known === undefined)
    throw new TraceError("NOT_FOUND", `no birth explains ${name ?? `the alias ${alias}`}`);
  return datatype === undefined ? known : { name: known.name, datatype };
}
