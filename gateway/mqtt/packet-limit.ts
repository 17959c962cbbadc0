import type { Duplex } from "node:stream";

/** The longest packet that is worth reading, to refuse it in words: twice what a message may have. */
export const MOST_BYTES = 128 * 1024;

/**
 * Follows a stream's packets by their fixed headers (MQTT 3.1.1, 2.2) and gives false from the first that announces more than `most`
 * bytes, before these are there: whoever has no key that counts must not fill our memory with what never ends.
 */
export function packetLimit(most: number): (chunk: Uint8Array) => boolean {
  let body = 0; // bytes of the packet that are still to come
  let shift = -1; // bits of its length that were read; -1: a packet begins
  let length = 0;
  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      if (body > 0) {
        const step = Math.min(body, chunk.length - at);
        body -= step;
        at += step;
        continue;
      }
      const byte = chunk[at++] ?? 0;
      if (shift < 0) {
        [shift, length] = [0, 0];
        continue;
      }
      length |= (byte & 127) << shift;
      shift += 7;
      if (length > most || (shift > 21 && byte > 127)) return false;
      if (byte > 127) continue;
      [body, shift] = [length, -1];
    }
    return true;
  };
}

/** Ends a connection whose reader is handed the beginning of such a packet. */
export function limitPackets(connection: Duplex, most = MOST_BYTES): void {
  const isFine = packetLimit(most);
  const read = connection.read.bind(connection);
  connection.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (chunk instanceof Uint8Array && !isFine(chunk)) connection.destroy();
    return connection.destroyed ? null : chunk;
  };
}
