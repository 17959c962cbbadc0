import { Router } from "express";

import type { Reading } from "../core/envelope.ts";
import { TraceError } from "../core/trace-error.ts";
import type { ChainView } from "../index/chain-view.ts";
import { allWatches, readingsByDay, sensorsOf, watchesOver } from "../index/watches.ts";
import type { Sql } from "../store/schema.ts";
import { idParam, timeParam } from "./params.ts";

const DAY = 86_400_000;
const LONGEST = 400 * DAY;
const MOST_POINTS = 2_000;

export type PlacesParts = {
  readonly sql: Sql;
  readonly chain: ChainView;
  readonly now: () => number; // ms
};

/**
 * `/api/places`: where sensors watch; `/api/places/{id}/readings?from&to`: what they measured, for charts;
 * `/api/parties/{id}/devices`: the sensors of a party.
 */
export function placesRouter({ sql, chain, now }: PlacesParts): Router {
  const router = Router();
  router.get("/api/parties/:id/devices", async (request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json(await sensorsOf(sql, chain, idParam(request.params.id)));
  });
  router.get("/api/places", async (_request, response) => {
    const watches = await allWatches(sql);
    const places = new Map(
      watches.map(({ place, placeUri: uri, placeName: name }) => [place, { place, uri, name }]),
    );
    response.setHeader("Cache-Control", "no-store");
    response.json([...places.values()]);
  });
  router.get("/api/places/:id/readings", async (request, response) => {
    const place = idParam(request.params.id);
    const to = timeParam(request.query["to"], now());
    const from = timeParam(request.query["from"], to - DAY);
    if (from > to || to - from > LONGEST)
      throw new TraceError("BAD_ENCODING", "from comes before to, and at most 400 days before");
    const watches = await watchesOver(sql, place);
    if (watches.length === 0) throw new TraceError("NOT_FOUND", `no device watches ${place}`);
    const devices = [];
    for (const { device, label, interval, limits } of watches) {
      const series = await seriesOf(readingsByDay(sql, device, from, to));
      devices.push({ device, label, interval, limits, series });
    }
    response.setHeader("Cache-Control", "no-store");
    response.json({ place, from, to, devices });
  });
  return router;
}

type Point = readonly [time: number, value: number];

/** One series a quantity; so thinned that a chart can hold it, with the extremes of each stretch left in. */
async function seriesOf(days: AsyncIterable<readonly Reading[]>) {
  const series = new Map<string, { readonly unit: string; readonly points: Point[] }>();
  for await (const readings of days)
    for (const { name, unit = "", value, time } of readings) {
      if (typeof value !== "number") continue;
      const one = series.get(name) ?? { unit, points: [] };
      one.points.push([time, value]);
      series.set(name, one);
    }
  return [...series].map(([name, { unit, points }]) => ({ name, unit, points: thinned(points) }));
}

function thinned(points: readonly Point[]): readonly Point[] {
  if (points.length <= MOST_POINTS) return points;
  const stretch = Math.ceil((2 * points.length) / MOST_POINTS);
  const kept: Point[] = [];
  for (let at = 0; at < points.length; at += stretch) {
    const sorted = points.slice(at, at + stretch).toSorted((a, b) => a[1] - b[1]);
    const ends = [sorted[0], sorted.at(-1)].filter((point) => point !== undefined);
    kept.push(...ends.toSorted((a, b) => a[0] - b[0]));
  }
  return kept;
}
