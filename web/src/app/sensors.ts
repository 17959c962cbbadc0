import type { Calibration } from "../../../gateway/core/calibration.ts";
import type { Hex } from "../../../gateway/core/bytes.ts";
import type { Words } from "../../../gateway/core/recording.ts";
import type { Limit } from "../../../gateway/core/verify/excursions.ts";
import { nowSeconds } from "./clock.ts";
import { useAnswer } from "./kept.ts";
import type { Wanted } from "./outbox.ts";
import type { Session } from "./session.ts";

/** A sensor of ours, and what it watches or watched; seconds. */
export type SensorInfo = {
  readonly device: Hex;
  readonly label: string;
  readonly place: Hex;
  readonly placeUri: string;
  readonly placeName: Words;
  readonly until: number;
  readonly interval: number;
  readonly limits: readonly Limit[];
  readonly calibration: Calibration | null;
  readonly keyUntil: number;
};

export const useSensors = ({ party }: Session) =>
  useAnswer<readonly SensorInfo[]>(`/api/parties/${party.id}/devices`);

/** Whether it still has to speak of its place. */
export const isWatching = ({ until }: SensorInfo): boolean => until > nowSeconds();

/** Ends a watch as of now: from then on nobody waits for the sensor to speak of that place. */
export function endOfWatch(sensor: SensorInfo): Wanted {
  const { device, label, place, placeUri, placeName, interval, limits, calibration } = sensor;
  const now = nowSeconds();
  return {
    plan: {
      name: "Watch",
      body: { device, place, from: now, until: now, interval },
      document: {
        type: "Watch",
        place: placeUri,
        name: placeName,
        device: label,
        quantityLimits: limits,
        ...(calibration && { calibration }),
      },
    },
    title: { vi: `Ngừng theo dõi: ${label}`, en: `No longer watching: ${label}` },
    detail: placeName,
    origin: null,
  };
}

/** Ends a sensor's key: what it measures from `until` on counts for nothing, and everybody may read why. */
export const endOfKey = ({ device, label }: SensorInfo, until: number, text: string) =>
  ({
    plan: {
      name: "KeyRevocation",
      body: { subjectKey: device, until },
      document: { type: "Reason", text },
    },
    title: { vi: `Thu hồi khóa: ${label}`, en: `Key revoked: ${label}` },
    detail: { vi: text, en: text },
    origin: null,
  }) as const satisfies Wanted;
