/** As much of MQTT 3.1.1 as a load generator needs, so that it costs next to nothing beside what it measures. */

/** A greeting (3.1) with a clean session and no keep-alive. */
export function connectFrame(who: {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}): Buffer {
  const USER_PASSWORD_CLEAN = 0xc2;
  const head = Buffer.concat([text("MQTT"), Buffer.from([4, USER_PASSWORD_CLEAN, 0, 0])]);
  return frame(0x10, [head, text(who.clientId), text(who.username), text(who.password)]);
}

/** A message (3.3) with QoS 1. */
export const publishFrame = (topic: string, payload: Uint8Array, packetId: number): Buffer =>
  frame(0x32, [text(topic), Buffer.from([packetId >> 8, packetId & 0xff]), payload]);

/** Cuts CONNACK (3.2) and PUBACK (3.4), four bytes each, from a stream; gives the packet ids of the latter. */
export function ackReader(): (chunk: Buffer) => readonly number[] {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const ids: number[] = [];
    let at = 0;
    for (; at + 4 <= bytes.length; at += 4)
      if (bytes[at] === 0x40) ids.push(bytes.readUInt16BE(at + 2));
      else if (bytes.readUInt32BE(at) !== CONNACK_ACCEPTED)
        throw new Error(`the broker answered ${bytes.toString("hex", at, at + 4)}`);
    rest = bytes.subarray(at);
    return ids;
  };
}

const CONNACK_ACCEPTED = 0x20020000;

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

// MQTT 3.1.1, 2.2.3: the remaining length, seven bits a byte
function frame(type: number, parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  let left = body.length;
  do {
    length.push((left & 127) | (left > 127 ? 128 : 0));
    left >>= 7;
  } while (left > 0);
  return Buffer.concat([Buffer.from([type, ...length]), body]);
}
