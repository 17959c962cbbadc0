import type { Hex } from "./bytes.ts";

/** What travels under a device's name. Devices write readings and their public key, the gateway the rest. */
export type TopicKind = "readings" | "key" | "receipts" | "refusals";

export type DeviceTopic = { readonly device: Hex; readonly kind: TopicKind };

/** `plotline/v1/{64 hex digits}/{kind}`. */
export const topicOf = (device: Hex, kind: TopicKind): string =>
  `plotline/v1/${device.slice(2)}/${kind}`;

/** The device and kind of a topic, or undefined where it is none of ours. */
export function parseTopic(topic: string): DeviceTopic | undefined {
  const [, device, kind] = TOPIC.exec(topic) ?? [];
  if (device === undefined || kind === undefined) return undefined;
  return { device: `0x${device}`, kind: kind as TopicKind };
}

/** The user name of a device at a broker: its key id in 64 hex digits. */
export const userNameOf = (device: Hex): string => device.slice(2);

/** The device that a user name means, or undefined. */
export const deviceOfUser = (name: string | undefined): Hex | undefined =>
  name !== undefined && /^[0-9a-f]{64}$/.test(name) ? `0x${name}` : undefined;

/** Whether a topic is one of a filter's: MQTT 3.1.1, 4.7. */
export function matchesFilter(filter: string, topic: string): boolean {
  const [wanted, levels] = [filter.split("/"), topic.split("/")];
  if (topic.startsWith("$") && /^[+#]/.test(filter)) return false; // [MQTT-4.7.2-1]
  const open = wanted.at(-1) === "#";
  const fixed = open ? wanted.slice(0, -1) : wanted;
  const fits = open ? levels.length >= fixed.length : levels.length === fixed.length;
  return fits && fixed.every((level, i) => level === "+" || level === levels[i]);
}

/** Whether every topic of the other filter is one of this filter's. */
export function coversFilter(filter: string, other: string): boolean {
  if (!isFilter(other)) return false;
  // "a/#" is "a" and all below it, which "+" is not: only a "#" covers that.
  if (!other.endsWith("#")) return matchesFilter(filter, other);
  return filter.endsWith("#") && matchesFilter(filter, other.slice(0, -2));
}

/** Whether a text is a filter that one may subscribe to: [MQTT-4.7.1-2], [MQTT-4.7.1-3]. */
export const isFilter = (text: string): boolean =>
  text.length <= 300 &&
  text
    .split("/")
    .every((level, i, all) =>
      level === "#" ? i === all.length - 1 : level === "+" || !/[+#\0]/.test(level),
    );

const TOPIC = /^plotline\/v1\/([0-9a-f]{64})\/(readings|key|receipts|refusals)$/;
