import { p256 } from "@noble/curves/nist.js";

import { fromHex, type Hex } from "../../gateway/core/bytes.ts";
import { createDevice, type Device } from "../device/device.ts";
import { DEVICES } from "./cast.ts";
import { openChirpStack } from "./chirpstack.ts";
import type { Publishing } from "./play.ts";

/** The season's sensors at a broker: real devices that sign, send and keep until the receipt comes, and one behind ChirpStack. */
export async function openDevices(
  url: string,
  { now, logKey }: { readonly now: () => number; readonly logKey: Uint8Array },
) {
  const devices = new Map<Hex, Device>();
  for (const { keyId, publicKey, secret } of [DEVICES.dryer, DEVICES.store])
    devices.set(
      keyId,
      await createDevice({
        key: {
          keyId,
          publicKey: fromHex(publicKey),
          // The same signature each time, so that a season that is played again sends the same packs.
          sign: (message) => p256.sign(message, secret, { lowS: true }),
        },
        url,
        logKey,
        now,
      }),
    );
  const chirpstack = await openChirpStack(url);
  return {
    publish: async ({ device, seq, records }: Publishing): Promise<void> => {
      if ("eui" in device) return chirpstack.publish(device.eui, seq, records);
      const sent = await devices.get(device.keyId)?.send(records);
      await sent?.acknowledged;
    },
    receipted: async (): Promise<void> => {
      for (const device of devices.values()) await device.receipted();
    },
    close: async (): Promise<void> => {
      for (const device of devices.values()) await device.close();
      await chirpstack.close();
    },
  };
}
