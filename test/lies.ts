import { p256 } from "@noble/curves/nist.js";

import type { Bundle, Recorded } from "../gateway/core/bundle.ts";
import { fromHex, type Hex } from "../gateway/core/bytes.ts";
import { KINDS, type Kind } from "../gateway/core/operations.ts";
import { idOf, recordingOf, type Intent } from "../gateway/core/recording.ts";
import { createDevice } from "../scripts/device/device.ts";
import { memoryOutbox } from "../scripts/device/outbox.ts";
import { PEOPLE, type Who } from "../scripts/season/cast.ts";
import { signed } from "../scripts/season/doors.ts";
import { on } from "../scripts/season/time.ts";
import type { Season } from "./season.ts";

/** The operations of this kind that name the lot, as the bundle shows them. */
export const operations = (bundle: Bundle, kind: Kind, lot: string): Recorded[] =>
  bundle.statements.filter(
    ({ name, statement }) =>
      name === "Operation" &&
      statement.kind === KINDS[kind] &&
      [...statement.inputs, ...statement.outputs].some((portion) => portion.lot === idOf(lot)),
  );

/** The first of them. */
export function the(bundle: Bundle, kind: Kind, lot: string): Recorded {
  const [found] = operations(bundle, kind, lot);
  if (found === undefined) throw new Error(`no ${kind} of ${lot}`);
  return found;
}

/** The bundle with other records in the place of one. */
export const replaced = (bundle: Bundle, old: Recorded, next: readonly Recorded[]): Bundle => ({
  ...bundle,
  statements: bundle.statements.flatMap((recorded) => (recorded === old ? next : [recorded])),
});

/** In whose name, what, when and with which number; and whose key signs, if it is another's. */
export type Lie = readonly [
  who: Who,
  intent: Intent,
  when: { readonly time: number; readonly number: number },
  by?: Who,
];

/** What a person who lies would sign, with a real key, as if the chain had taken it then. */
export function signedLie(
  { gateway }: Season,
  ...[who, intent, { time, number }, by = who]: Lie
): Recorded {
  const hand = { party: PEOPLE[who].uri, key: PEOPLE[by].keyId, number, time };
  return { ...signed(gateway.deployment, PEOPLE[by], recordingOf(intent, hand)), time };
}

export const sameAs = ({ statement, time }: Recorded) => ({ time, number: statement.number });

type Keys = { readonly keyId: Hex; readonly publicKey: Hex; readonly secret: Uint8Array };

/** The code with which the gateway turns down a reading that this key signed as its pack 0 of `epoch`, as said over MQTT. */
export async function turnedDown(
  { gateway, logKey, clock }: Season,
  { keyId, publicKey, secret }: Keys,
  { epoch = 7, time = on(30, 8) * 1_000 } = {},
): Promise<string> {
  let hear = (_code: string): void => {};
  const heard = new Promise<string>((resolve) => (hear = resolve));
  const sign = (message: Uint8Array): Uint8Array => p256.sign(message, secret, { lowS: true });
  const device = await createDevice({
    key: { keyId, publicKey: fromHex(publicKey), sign },
    url: gateway.urls.mqtt,
    logKey,
    now: clock.now,
    outbox: memoryOutbox(epoch),
    onRefusal: ({ code }) => hear(code),
  });
  await device.send([{ name: "temperature", unit: "Cel", value: 20, time }]);
  const code = await heard;
  await device.close();
  return code;
}
