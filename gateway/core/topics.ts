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

const TOPIC = /^plotline\/v1\/([0-9a-f]{64})\/(readings|key|receipts|refusals)$/;
