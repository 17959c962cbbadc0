import type { DEVICES } from "./cast.ts";
import { on, START } from "./time.ts";

/** The readings of a device from `from` until `until` (seconds): one pack an hour and a half, a record each half hour. */
export function readingsOf(
  device: keyof typeof DEVICES,
  from: number,
  until: number,
): readonly { readonly at: number; readonly records: readonly Measured[] }[] {
  const packs = [];
  for (let at = from; at + 5_400 <= until; at += 5_400) {
    if (device === "store" && SILENCE.some(([a, b]) => at >= a && at < b)) continue;
    packs.push({
      at: at + 3_600,
      records: [at, at + 1_800, at + 3_600].flatMap((time) => measured(device, time)),
    });
  }
  return packs;
}

export type Measured = {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly time: number;
};

/** The store-room's sensor was off in these hours, and its door stood open in those. */
const SILENCE = [[on(18, 1, 30), on(18, 7, 30)]] as const;
const DOOR_OPEN = [on(21, 12), on(21, 16)] as const;

/** Weather that is always the same: a day's wave, and a little noise that follows from the hour. */
function measured(device: keyof typeof DEVICES, time: number): Measured[] {
  const wave = Math.sin(((((time - START) % 86_400) - 32_400) / 86_400) * 2 * Math.PI);
  const noise = ((time / 1_800) * 7919) % 13;
  const open = device === "store" && time >= DOOR_OPEN[0] && time < DOOR_OPEN[1];
  const [middle, swing] = device === "dryer" ? [31, 6] : [27.5, 2.5];
  const temperature = middle + swing * wave + noise / 20 + (open ? 6 : 0);
  const humidity = (device === "dryer" ? 60 : 62) - 8 * wave + noise / 4 + (open ? 4 : 0);
  const round = (value: number): number => Math.round(value * 10) / 10;
  return [
    { name: "temperature", unit: "Cel", value: round(temperature), time: time * 1_000 },
    { name: "humidity", unit: "%RH", value: round(humidity), time: time * 1_000 },
  ];
}
