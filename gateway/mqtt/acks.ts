import type { Duplex } from "node:stream";

/**
 * PUBACKs of one connection, written when their messages are durable, in the order in which these were
 * received [MQTT-4.6.0-2]. They die with the connection: on the next one the same packet id is another message.
 */
export type Acks = {
  /** A message came; `accepted` resolves when it may be acknowledged. A rejection ends the connection. */
  readonly owe: (packetId: number, accepted: Promise<void>) => void;
  readonly owed: () => number;
};

type Owed = { readonly packetId: number; accepted: boolean };

/** The acknowledgements of `connection`. `onSettled` hears of every message that is done with. */
export function acksOf(
  connection: Pick<Duplex, "write" | "destroy" | "destroyed">,
  onSettled: () => void,
  onFailure: (failure: unknown) => void,
): Acks {
  const queue: Owed[] = [];
  const writeDue = (): void => {
    const due: number[] = [];
    while (queue[0]?.accepted === true) due.push(queue.shift()?.packetId ?? 0);
    if (due.length > 0 && !connection.destroyed)
      connection.write(Buffer.concat(due.map((packetId) => puback(packetId))));
  };
  return {
    owe: (packetId, accepted) => {
      const owed: Owed = { packetId, accepted: false };
      queue.push(owed);
      accepted
        .then(() => {
          owed.accepted = true;
          return writeDue();
        })
        .catch((failure: unknown) => {
          // Resending happens on reconnection only [MQTT-4.4.0-1]: skipping the PUBACK would hold the message for ever.
          onFailure(failure);
          connection.destroy();
        })
        .finally(onSettled);
    },
    owed: () => queue.length,
  };
}

// MQTT 3.1.1 and 5, 3.4: the fixed header, two bytes of packet id; reason 0x00 goes without saying.
const puback = (packetId: number): Buffer => Buffer.from([0x40, 2, packetId >> 8, packetId & 0xff]);
