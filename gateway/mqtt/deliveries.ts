import type { Hex } from "../core/bytes.ts";
import { MAX_PACK_BYTES } from "../core/envelope.ts";
import { keyIdOf } from "../core/key-id.ts";
import { TraceError } from "../core/trace-error.ts";
import type { PackIntake } from "../capture-pack.ts";
import type { PublicKeys } from "../device-keys.ts";
import type { LogSigner } from "../log-signer.ts";
import { refusedPack } from "../refused-packs.ts";
import { topicOf, type DeviceTopic } from "../core/topics.ts";

/** A message for a broker. */
export type Outgoing = {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly retain: boolean;
  readonly qos?: 0 | 1; // absent: 1
};

export type DeliveryParts = {
  readonly intake: PackIntake;
  readonly signer: LogSigner;
  readonly keys: Pick<PublicKeys, "learn">;

  /** A pack came again, so its device may have missed the receipt. */
  readonly onDuplicate: (device: Hex, epoch: number) => void;
};

/**
 * The bytes of a message, up to one more than any may have. A view, not a copy: small blocks of memory of their own would
 * cost more than parsing them.
 */
export function bytesOf(payload: string | Buffer): Uint8Array {
  const { buffer, byteOffset, length } =
    typeof payload === "string" ? Buffer.from(payload) : payload;
  return new Uint8Array(buffer, byteOffset, Math.min(length, MAX_PACK_BYTES + 1));
}

/**
 * Takes one message from whichever broker. Resolves when it may be acknowledged: what is to be kept is on
 * the disk, or it never will be and the answer says why. Rejects when it has to come again.
 */
export async function deliver(
  parts: DeliveryParts,
  { device, kind }: DeviceTopic,
  payload: Uint8Array,
): Promise<Outgoing | undefined> {
  try {
    if (kind === "readings") {
      const { epoch, fate } = await parts.intake.capture(device, payload);
      if (fate === "duplicate") parts.onDuplicate(device, epoch);
      return undefined;
    }
    if (kind === "key") learn(parts, device, payload);
    return undefined;
  } catch (failure) {
    // MQTT 3.1.1 has no word for "never": without a PUBACK the device would send the same for ever.
    if (failure instanceof TraceError && failure.code !== "UNAVAILABLE")
      return refusalOf(parts.signer, device, failure);
    throw failure;
  }
}

function learn({ keys }: DeliveryParts, device: Hex, publicKey: Uint8Array): void {
  if (keyIdOf(publicKey) !== device)
    throw new TraceError("BAD_KEY", `the public key is not the one of ${device}`);
  keys.learn(device, publicKey);
}

async function refusalOf(signer: LogSigner, device: Hex, refusal: TraceError): Promise<Outgoing> {
  const { code, message } = refusal;
  const told = { code, message, ...(await refusedPack(signer, device, refusal)) };
  return { topic: topicOf(device, "refusals"), payload: JSON.stringify(told), retain: false };
}
