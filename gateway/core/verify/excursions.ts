import { isObject, type Document } from "../statement.ts";

/** Between what a quantity shall stay; `name` is the last part of a SenML name. */
export type Limit = {
  readonly name: string;
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
};
type Reading = {
  readonly name: string;
  readonly unit?: string;
  readonly value: unknown;
  readonly time: number;
};
export type Excursion = {
  readonly limit: Limit;
  readonly peak: number;
  readonly start: number;
  readonly end: number; // milliseconds, as the readings have them
};

/** Values by which common probes say "no probe": they are never readings. */
const SENTINELS: ReadonlySet<unknown> = new Set([
  327.67, -327.68, 3276.7, -3276.8, -127, -999, 6553.5,
]);
export const isSentinel = (value: unknown): boolean => SENTINELS.has(value);

/** Whether a SenML name ("urn:dev:…:temperature", "temperature") is of this quantity. */
export const isQuantity = (name: string, quantity: string): boolean =>
  name === quantity || name.endsWith(`:${quantity}`) || name.endsWith(`/${quantity}`);

/** Whether a reading is in the unit of a limit, so that one can be held to the other. */
export const isComparable = ({ unit = "" }: Pick<Reading, "unit">, limit: Limit): boolean =>
  limit.unit === "" || unit === limit.unit;

/** Whether a reading says something that this limit can judge: of its quantity, in its unit, a number and no "no probe". */
export const isMeasured = (reading: Reading, limit: Limit): boolean =>
  typeof reading.value === "number" &&
  !isSentinel(reading.value) &&
  isQuantity(reading.name, limit.name) &&
  isComparable(reading, limit);

const isAbove = (value: number, { max }: Limit): boolean => max !== undefined && value > max;
const isBelow = (value: number, { min }: Limit): boolean => min !== undefined && value < min;

/**
 * Of readings that come in parts, those by which `excursionsOf` finds the same as by all: what is outside of a limit, and what is
 * first inside again. A year of a sensor has millions, few of them worth keeping.
 */
export async function tellingReadings(
  parts: AsyncIterable<readonly Reading[]>,
  limits: readonly Limit[],
): Promise<readonly Reading[]> {
  const telling: Reading[] = [];
  const outside = limits.map(() => false);
  for await (const part of parts)
    for (const reading of part) {
      const { value } = reading;
      let tells = false;
      for (const [i, limit] of limits.entries())
        if (typeof value === "number" && isMeasured(reading, limit)) {
          const is = isAbove(value, limit) || isBelow(value, limit);
          tells ||= is || outside[i] === true;
          outside[i] = is;
        }
      if (tells) telling.push(reading);
    }
  return telling;
}

/** Runs of consecutive readings beyond a limit. */
export function excursionsOf(readings: readonly Reading[], limits: readonly Limit[]): Excursion[] {
  return limits.flatMap((limit) => {
    const found: Excursion[] = [];
    let running = false;
    for (const reading of readings) {
      const { value, time } = reading;
      if (typeof value !== "number" || !isMeasured(reading, limit)) continue;
      const above = isAbove(value, limit);
      const outside = above || isBelow(value, limit);
      const last = found.at(-1);
      if (outside && running && last !== undefined) {
        const peak = above ? Math.max(last.peak, value) : Math.min(last.peak, value);
        found[found.length - 1] = { ...last, peak, end: time };
      } else if (outside) found.push({ limit, peak: value, start: time, end: time });
      running = outside;
    }
    return found;
  });
}

const numberOr = (value: unknown): number | undefined =>
  typeof value === "number" ? value : undefined;

/** More limits than anybody sets. */
const MOST_LIMITS = 20;

/**
 * The limits that the owner of a device signed when it set the device to watch a place: in the document of its Watch.
 * What has neither end limits nothing, so it is no limit.
 */
export function limitsIn(document: Document | null): readonly Limit[] {
  const limits = document?.["quantityLimits"];
  return (Array.isArray(limits) ? (limits as readonly unknown[]) : [])
    .slice(0, MOST_LIMITS)
    .flatMap((limit) => {
      if (!isObject(limit) || typeof limit["name"] !== "string") return [];
      const [min, max] = [numberOr(limit["min"]), numberOr(limit["max"])];
      if (min === undefined && max === undefined) return [];
      return [
        {
          name: limit["name"],
          unit: typeof limit["unit"] === "string" ? limit["unit"] : "",
          ...(min === undefined ? {} : { min }),
          ...(max === undefined ? {} : { max }),
        },
      ];
    });
}
