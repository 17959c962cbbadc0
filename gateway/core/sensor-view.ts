import type { Bundle, Recorded } from "./bundle.ts";
import { fromBase64Url, type Hex } from "./bytes.ts";
import { calibrationIn, type Calibration } from "./calibration.ts";
import { parsePack } from "./envelope.ts";
import { idOf, type Words } from "./recording.ts";
import { isObject } from "./statement.ts";
import { TraceError } from "./trace-error.ts";
import type { Dwelling } from "./verify/dwellings.ts";
import {
  excursionsOf,
  isComparable,
  isSentinel,
  limitsIn,
  type Excursion,
  type Limit,
} from "./verify/excursions.ts";
import { grouped } from "./verify/grouped.ts";
import { lateness } from "./verify/series.ts";
import { MOST_INTERVAL } from "./verify/windows.ts";

/** One measured value; `time` in milliseconds since 1970. */
export type Measurement = {
  readonly device: Hex;
  readonly name: string; // as SenML names it: "temperature", "urn:dev:…:temperature"
  readonly unit: string; // SenML: "Cel", "%RH"
  readonly time: number;
  readonly value: number;
  readonly attested?: boolean; // by a network server; otherwise the device itself signed it
  readonly late?: number; // milliseconds, where its pack came so late that it must be said
};

/** So many quantities without limits are told of one watch: a sensor can name a thousand in each pack. */
const MOST_OTHERS = 30;

/** From when to when nothing was measured, in milliseconds. */
export type Silence = { readonly start: number; readonly end: number };

/** What one device measured of one quantity while the goods were at its place. Times in milliseconds. */
export type Series = {
  readonly device: Hex;
  readonly label: string | undefined;
  readonly place: Words | undefined;
  readonly name: string; // "temperature"
  readonly unit: string;
  readonly limit: Limit | undefined; // the first, of several for the same quantity
  /** What the device's owner signed of it; undefined: nothing. */
  readonly calibration: Calibration | undefined;
  readonly lowest: number;
  readonly highest: number;
  readonly attested: boolean; // any of the readings is a network server's word
  readonly late: number; // the longest that any took to come, in milliseconds, where that must be said; else 0
  readonly readings: readonly Measurement[]; // none where nothing was measured that the limit could judge
  readonly excursions: readonly Excursion[];
  readonly silences: readonly Silence[];
};

/** The readings in a bundle's packs. A pack that cannot be read is left out: `verifyTrail` names it. */
export const readingsIn = ({ packs }: Bundle): readonly Measurement[] =>
  packs.flatMap(({ envelope, received = 0 }) => {
    try {
      const { keyId, records, attested } = parsePack(fromBase64Url(envelope));
      const pack = { attested: attested !== undefined, late: lateness({ records, received }) };
      return records.flatMap(({ name, unit, time, value }) =>
        typeof value === "number" && !isSentinel(value)
          ? [{ device: keyId, name, unit: unit ?? "", time, value, ...pack }]
          : [],
      );
    } catch (error) {
      if (error instanceof TraceError) return [];
      throw error;
    }
  });

/**
 * One series for each quantity that a watching device measured while the goods were there, or that its owner set limits to;
 * where there is neither, one without a name.
 */
export function seriesOf(
  statements: readonly Recorded[],
  dwellings: readonly Dwelling[],
  readings: readonly Measurement[],
): readonly Series[] {
  return statements.flatMap(({ name, statement, document }) => {
    if (name !== "Watch") return [];
    const { device, place, interval } = statement;
    const words = wordsOf(document?.["name"]);
    const label = document?.["device"];
    const about = {
      device,
      place: words,
      label: typeof label === "string" ? label : undefined,
      calibration: calibrationIn(document),
    };
    return dwellings
      .filter((dwelling) => idOf(dwelling.place) === place)
      .flatMap((dwelling) => {
        const from = Math.max(dwelling.from, statement.from) * 1000;
        const until = Math.min(dwelling.until, statement.until) * 1000;
        if (from >= until) return []; // it watches before or after the goods were there
        const inside = readings
          .filter((each) => each.device === device && each.time >= from && each.time <= until)
          .toSorted((a, b) => a.time - b.time);
        const limits = limitsIn(document);
        const named = limits.map(({ name, unit }) => ({ name, unit }));
        const longest = 2 * Math.min(interval, MOST_INTERVAL) * 1000;
        const measured = [
          ...grouped(inside, (each) => `${quantityOf(each)} ${each.unit}`).values(),
        ];
        const isNamed = ([one]: readonly Measurement[]): boolean =>
          one !== undefined && named.some((each) => isOf(one, each));
        const told = [
          ...measured.filter(isNamed),
          ...measured.filter((mine) => !isNamed(mine)).slice(0, MOST_OTHERS),
        ];
        const silent = named.filter(
          (each) => !measured.some(([one]) => one !== undefined && isOf(one, each)),
        );
        const none = measured.length + silent.length === 0 ? [{ name: "", unit: "" }] : [];
        const seriesIn = (
          of: Pick<Series, "name" | "unit">,
          mine: readonly Measurement[],
        ): Series => {
          const own = limits.filter((each) => each.name === of.name && isComparable(of, each));
          const values = mine.map(({ value }) => value);
          return {
            ...about,
            ...of,
            limit: own[0],
            lowest: values.reduce((a, b) => Math.min(a, b), Infinity),
            highest: values.reduce((a, b) => Math.max(a, b), -Infinity),
            attested: mine.some(({ attested }) => attested === true),
            late: mine.reduce((most, { late = 0 }) => Math.max(most, late), 0),
            readings: mine,
            excursions: excursionsOf(mine, own),
            silences: silencesOf(mine, from, until, longest),
          };
        };
        return [
          ...told.flatMap((mine) =>
            mine
              .slice(0, 1)
              .map((one) => seriesIn({ name: quantityOf(one), unit: one.unit }, mine)),
          ),
          ...[...silent, ...none].map((of) => seriesIn(of, [])),
        ];
      });
  });
}

/** A text in both languages as documents have it, or nothing. */
export const wordsOf = (value: unknown): Words | undefined =>
  isObject(value) && typeof value["vi"] === "string" && typeof value["en"] === "string"
    ? { vi: value["vi"], en: value["en"] }
    : undefined;

/** The last part of a SenML name: what was measured. */
const quantityOf = ({ name }: Measurement): string =>
  name.slice(Math.max(name.lastIndexOf(":"), name.lastIndexOf("/")) + 1);

/** Whether a measured value can be held to a limit of this name and unit. */
const isOf = (one: Measurement, { name, unit }: Pick<Limit, "name" | "unit">): boolean =>
  quantityOf(one) === name && isComparable(one, { name, unit });

/** Stretches longer than `longest` without any reading, as `verifyTrail` remarks on them. */
function silencesOf(
  readings: readonly Measurement[],
  from: number,
  until: number,
  longest: number,
): readonly Silence[] {
  const times = [from, ...readings.map(({ time }) => time), until];
  return times.flatMap((end, i) => {
    const start = times[i - 1] ?? end;
    return end - start > longest ? [{ start, end }] : [];
  });
}
