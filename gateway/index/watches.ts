import type { Hex } from "../core/bytes.ts";
import { calibrationIn, type Calibration } from "../core/calibration.ts";
import { parsePack, type Reading } from "../core/envelope.ts";
import type { Words } from "../core/recording.ts";
import { isObject } from "../core/statement.ts";
import { limitsIn, type Limit } from "../core/verify/excursions.ts";
import { packsOfDevice } from "../store/packs.ts";
import type { Sql } from "../store/schema.ts";
import { recentStatements, type StoredStatement } from "../store/statements.ts";
import { confirmedAbout } from "../store/views.ts";
import type { ChainView } from "./chain-view.ts";

/** A device that watches a place, as its owner signed it. Times and `interval` in seconds. */
export type WatchEntry = {
  readonly device: Hex;
  readonly label: string;
  readonly place: Hex;
  readonly placeUri: string;
  readonly placeName: Words;
  readonly from: number;
  readonly until: number;
  readonly interval: number;
  readonly limits: readonly Limit[];
  readonly calibration: Calibration | null;
};

/** A watch, and until when its device's key is valid, which may have been ended by itself. Seconds. */
export type SensorEntry = WatchEntry & { readonly keyUntil: number };

const MOST = 5_000;
const DAY = 86_400_000;

/** Every watch; of several of one device over one place, the newest. */
export async function allWatches(sql: Sql): Promise<readonly WatchEntry[]> {
  const newest = await recentStatements(sql, { name: "Watch", state: "confirmed", limit: MOST });
  return newestOf(newest.toReversed());
}

/** What the devices of a party watch, or watched. */
export async function sensorsOf(
  sql: Sql,
  chain: Pick<ChainView, "keys">,
  party: Hex,
): Promise<readonly SensorEntry[]> {
  const watches = await allWatches(sql);
  const keys = await chain.keys(watches.map(({ device }) => device));
  return watches.flatMap((watch, i) => {
    const key = keys[i];
    if (key?.party !== party) return [];
    return { ...watch, keyUntil: key.until };
  });
}

/** The watches over one place. */
export const watchesOver = async (sql: Sql, place: Hex): Promise<readonly WatchEntry[]> =>
  newestOf(await confirmedAbout(sql, [place], ["place"]));

function newestOf(statements: readonly StoredStatement[]): readonly WatchEntry[] {
  const watches = new Map<string, WatchEntry>();
  for (const stored of statements) {
    const { signed } = stored;
    if (signed.name !== "Watch") continue;
    const { device, place, from, until, interval } = signed.statement;
    const document = signed.document ?? {};
    const { vi, en } = isObject(document["name"]) ? document["name"] : {};
    watches.set(`${device} ${place}`, {
      device,
      label: String(document["device"]),
      place,
      placeUri: String(document["place"]),
      placeName: { vi: String(vi), en: String(en) },
      from,
      until,
      interval,
      limits: limitsIn(signed.document),
      calibration: calibrationIn(signed.document) ?? null,
    });
  }
  return [...watches.values()];
}

/**
 * The same, a day at a time, and others get their turn in between: a year of a sensor is more than a small machine should hold.
 */
export async function* readingsByDay(
  sql: Sql,
  device: Hex,
  fromTime: number,
  toTime: number,
): AsyncGenerator<readonly Reading[]> {
  for (let at = fromTime; at <= toTime; at += DAY) {
    yield await readingsBetween(sql, device, at, Math.min(at + DAY - 1, toTime));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What a device measured between two times (ms), oldest first; packs that say the same twice count once. */
export async function readingsBetween(
  sql: Sql,
  device: Hex,
  fromTime: number,
  toTime: number,
): Promise<readonly Reading[]> {
  const packs = await packsOfDevice(sql, device, { fromTime, toTime });
  return packs
    .flatMap(({ envelope }) => parsePack(envelope).records)
    .filter(({ time }) => time >= fromTime && time <= toTime)
    .toSorted((a, b) => a.time - b.time);
}
