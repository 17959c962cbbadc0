import { timingSafeEqual } from "node:crypto";

import type { Logger } from "pino";

import { sha256OfText } from "../core/hash.ts";
import {
  hearSparkplug,
  parseSparkplugTopic,
  rebirthOf,
  type SparkplugNode,
  type SparkplugTopic,
} from "../core/sparkplug-node.ts";
import { coversFilter, matchesFilter } from "../core/topics.ts";
import { TraceError } from "../core/trace-error.ts";
import { MOST_BYTES, USUAL, type Uplink } from "../core/uplink.ts";
import { parseChirpStackUplink } from "../core/uplink-chirpstack.ts";
import { parseMappedUplink } from "../core/uplink-mapping.ts";
import { parseThingsStackUplink } from "../core/uplink-things-stack.ts";
import type { UplinkIntake } from "../capture-uplink.ts";
import type { Source } from "../sources.ts";
import type { UplinkCounts } from "../uplink-metrics.ts";
import type { Outgoing } from "./deliveries.ts";

export type UplinkParts = {
  readonly sources: readonly Source[];
  readonly intake: UplinkIntake;
  readonly counts: UplinkCounts;
  readonly now: () => number; // ms
  readonly log: Pick<Logger, "warn">;
};

/** A network server that has logged in at our own broker. */
export type Guest = {
  readonly name: string;
  readonly rights: readonly string[]; // filters of what it may write
  readonly mayWrite: (topic: string) => boolean;
  readonly mayRead: (filter: string) => boolean;

  /** As the door's, but as the word of this server alone. */
  readonly take: UplinkDoor["take"];
};

/** The topics of network servers, at whichever broker. */
export type UplinkDoor = {
  /** What to subscribe to at somebody else's broker; `whole`: every gateway needs all of it. */
  readonly filters: readonly { readonly filter: string; readonly whole: boolean }[];
  readonly login: (user: string, password: Uint8Array) => Guest | undefined;

  /**
   * Takes a message on the topic of a network server; undefined for any other topic. Resolves when it may be
   * acknowledged: it is on the disk, or was refused, counted and logged. Rejects when it has to come again.
   */
  readonly take: (topic: string, payload: Uint8Array) => Promise<Outgoing | undefined> | undefined;
};

type Said = { readonly uplink?: Uplink | undefined; readonly lost: number };

type Message = {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly source: Source;
};

/** The door for network servers. What an edge node's births said, and what is lost, is remembered as long as it runs. */
export function uplinkDoor(parts: UplinkParts): UplinkDoor {
  const { sources, intake, counts, log } = parts;
  const edges = new Map(sources.map(({ name, devices }) => [name, edgesOf(devices.keys())]));
  const nodes = new Map<string, SparkplugNode>();
  const asked = new Map<string, number>();
  const unsaid = new Map<string, number>(); // messages that are lost, and no captured one has told

  const hear = (topic: SparkplugTopic, payload: Uint8Array, source: Source): Said => {
    if (edges.get(source.name)?.has(topic.node) !== true)
      throw new TraceError("UNKNOWN_SIGNER", `the sources file names nothing of ${topic.node}`);
    const node = `${source.name} ${topic.node}`;
    const name = topic.device === undefined ? topic.node : `${topic.node}/${topic.device}`;
    // Of strangers nothing is remembered, or they would fill the memory.
    const unnamed = topic.device === undefined ? USUAL : undefined;
    const measures = source.devices.get(name)?.measures ?? unnamed;
    const known = nodes.get(node);
    // Without a birth no number tells that these data are lost.
    if (known === undefined && topic.type.endsWith("DATA"))
      unsaid.set(node, (unsaid.get(node) ?? 0) + 1);
    const heard = hearSparkplug(known, topic, payload, measures);
    if (heard.node === undefined) nodes.delete(node);
    else nodes.set(node, heard.node);
    return heard;
  };

  // At once, before anything is awaited: births and data are in the order of their arrival.
  const understand = (topic: string, payload: Uint8Array, source: Source): Said => {
    if (payload.length > MOST_BYTES)
      throw new TraceError(
        "TOO_LARGE",
        `${payload.length} bytes; a message may have ${MOST_BYTES}`,
      );
    const { format } = source;
    if (format.kind === "sparkplug") {
      const told = parseSparkplugTopic(topic);
      return told === undefined ? { lost: 0 } : hear(told, payload, source);
    }
    return { uplink: parseUplink(topic, payload, source), lost: 0 };
  };

  // Whatever a parser throws it throws again when the message comes again.
  const understood: typeof understand = (...message) => {
    try {
      return understand(...message);
    } catch (cause) {
      if (cause instanceof TraceError) throw cause;
      throw new TraceError("BAD_ENCODING", (cause as Error).message, { cause });
    }
  };

  const keep = async (
    { uplink, lost }: Said,
    { topic, payload, source }: Message,
  ): Promise<void> => {
    const device = uplink && source.devices.get(uplink.device);
    // What an edge node's seq tells is whichever device's, so any of them may say it.
    const node = source.format.kind === "sparkplug" ? parseSparkplugTopic(topic)?.node : undefined;
    const whose = `${source.name} ${node ?? device?.name}`;
    const all = lost + (unsaid.get(whose) ?? 0);
    const leave = (count: number): void => void (count > 0 && unsaid.set(whose, count));
    if (uplink === undefined || device === undefined) {
      leave(all);
      // An edge node that only carries devices is born as well.
      const carries = node !== undefined && !uplink?.device.includes("/");
      if (uplink === undefined || (carries && uplink.readings.length === 0)) return;
      throw new TraceError("UNKNOWN_SIGNER", `the sources file does not name ${uplink.device}`);
    }
    unsaid.delete(whose);
    try {
      const { key } = device;
      const { kind } = source.format;
      const arrived = { ...uplink, key, source: kind, body: payload, lost: all };
      const { fate, lost: missing } = await intake.capture(arrived);
      if (fate === "duplicate") leave(all - lost + (unsaid.get(whose) ?? 0));
      counts.taken(source.name, fate, missing);
    } catch (failure) {
      // A counter shows by itself that a message was refused.
      const measured = uplink.counter === undefined && uplink.readings.length > 0;
      const own = isRefusal(failure) && measured ? 1 : 0;
      leave(all + own + (unsaid.get(whose) ?? 0));
      throw failure;
    }
  };

  const rebirth = (topic: string, source: Source): Outgoing | undefined => {
    const told = parseSparkplugTopic(topic);
    if (told === undefined) return undefined;
    const node = `${source.name} ${told.node}`;
    if (parts.now() - (asked.get(node) ?? -Infinity) < PATIENCE) return undefined;
    asked.set(node, parts.now());
    const { topic: to, payload } = rebirthOf(told, parts.now());
    return { topic: to, payload: Buffer.from(payload), retain: false, qos: 0 };
  };

  const take = async (topic: string, payload: Uint8Array, source: Source) => {
    let unexplained = false; // a birth may be among what is lost, and other aliases in it
    try {
      const said = understood(topic, payload, source);
      unexplained = said.lost > 0;
      await keep(said, { topic, payload, source });
    } catch (failure) {
      if (!isRefusal(failure)) throw failure;
      // Nobody but the operator can mend it, and without a PUBACK the server would send the same for ever.
      const times = counts.refused(source.name, failure.code);
      if (isTold(times))
        log.warn({ err: failure, server: source.name, topic, times }, "an uplink was refused");
      unexplained ||= failure.code === "NOT_FOUND";
    }
    return unexplained ? rebirth(topic, source) : undefined;
  };

  const takeOf =
    (possible: readonly Source[]): UplinkDoor["take"] =>
    (topic, payload) => {
      const source = possible.find(({ topics }) => isOneOf(topic, topics));
      return source && take(topic, payload, source);
    };

  return {
    filters: sources.flatMap(({ topics, format }) =>
      topics.map((filter) => ({ filter, whole: format.kind === "sparkplug" })),
    ),
    login: (user, password) => {
      const source = sourceOf(sources, user, password);
      return source && guestOf(source, takeOf([source]));
    },
    take: takeOf(sources),
  };
}

/** The edge nodes of devices, `{node}/{device}` or the node itself. */
const edgesOf = (devices: Iterable<string>): ReadonlySet<string | undefined> =>
  new Set([...devices].map((name) => name.split("/")[0]));

const PATIENCE = 10_000; // ms between two rebirths that are asked of one node

/** Whether it is for good. */
const isRefusal = (failure: unknown): failure is TraceError =>
  failure instanceof TraceError && failure.code !== "UNAVAILABLE";

/** A log that says the same a thousand times hides the rest. */
const isTold = (times: number): boolean => times < 10 || times % 100 === 0;

function parseUplink(topic: string, payload: Uint8Array, { format, devices }: Source): Uplink {
  const parse = (measures: typeof USUAL): Uplink => {
    if (format.kind === "chirpstack") return parseChirpStackUplink(payload, measures);
    if (format.kind === "mapped")
      return parseMappedUplink(payload, topic, { mapping: format.mapping, measures });
    return parseThingsStackUplink(payload, measures);
  };
  const { device } = parse({});
  return parse(devices.get(device)?.measures ?? {});
}

const isOneOf = (topic: string, filters: readonly string[]): boolean =>
  filters.some((each) => matchesFilter(each, topic));

/** The server that the user and the password are of. */
function sourceOf(
  sources: readonly Source[],
  user: string,
  password: Uint8Array,
): Source | undefined {
  const source = sources.find(({ login }) => login?.user === user);
  const given = sha256OfText(Buffer.from(password).toString("latin1"));
  const wanted = Buffer.from(source?.login?.password ?? "").toString("latin1");
  // Hashes have one length, and comparing them tells nothing of where passwords differ.
  const same = timingSafeEqual(given, sha256OfText(wanted));
  return same && source?.login !== undefined ? source : undefined;
}

const guestOf = ({ name, rights }: Source, take: UplinkDoor["take"]): Guest => ({
  name,
  rights,
  mayWrite: (topic) => isOneOf(topic, rights),
  mayRead: (filter) => rights.some((each) => coversFilter(each, filter)) && !filter.startsWith("$"),
  take,
});
