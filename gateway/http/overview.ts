import { Router } from "express";

import type { Hex } from "../core/bytes.ts";
import { TraceError } from "../core/trace-error.ts";
import { LISTS, type ListName, type OverviewParts, type Row } from "../index/overview.ts";
import { firstCheckpointAfter, newestCheckpoint } from "../store/log.ts";
import { csvOf } from "./csv.ts";

const LATE = 60; // seconds
const KEPT = 2_000; // ms, or so many times what the making of a list took: a wall costs no more than this share of a machine
const SHARE = 20;
const PERIODS: readonly number[] = [1, 30, 365]; // days

/**
 * `/api/overview?days`: the province's wall in numbers; `/api/overview/{list}[.csv]?days`: the list behind each of them. Lots,
 * excursions and refusals are those of today, or of so many days; the wall of nobody's choice looks back a day, thirty days
 * or a year, until it finds a lot, and `days` says how far.
 */
export function overviewRouter(parts: OverviewParts & { readonly logId: Hex }): Router {
  const router = Router();
  const rowsOf = remembered((name, days) => LISTS[name]({ ...parts, days }), parts.now);
  router.get("/api/overview", async (request, response) => {
    const { days: asked } = request.query;
    const days = asked === undefined ? await busyPeriod(rowsOf) : daysParam(asked);
    response.setHeader("Cache-Control", "no-store");
    response.json({ days, ...(await overviewOf(parts, (name) => rowsOf(name, days))) });
  });
  router.get("/api/overview/:list", async (request, response) => {
    const [, name = "", csv] = /^(\w+)(\.csv)?$/.exec(request.params.list) ?? [];
    if (!Object.hasOwn(LISTS, name)) throw new TraceError("NOT_FOUND", `no list "${name}"`);
    const { rows } = await rowsOf(name as ListName, daysParam(request.query["days"]));
    response.setHeader("Cache-Control", "no-store");
    if (csv === undefined) return void response.json(rows);
    const file = csvOf(rows.map(filed));
    response.attachment(`${name}.csv`).type("text/csv").send(file);
  });
  return router;
}

/** A row for a file: a lot by its number, and units in the headings. */
function filed(row: Row): Row {
  const named = Object.entries(row).map(([name, value]) => [HEADINGS[name] ?? name, value]);
  const { uri } = row;
  return {
    ...(uri !== undefined && { number: uri && String(uri).split("/").at(-1), uri }),
    ...Object.fromEntries(named),
  } as Row;
}

const HEADINGS: Readonly<Record<string, string>> = {
  mass: "mass_g",
  interval: "interval_s",
  seconds: "waiting_s",
  silentSeconds: "silent_s",
  lot: "lot_id",
};

/** The shortest of the periods in which a lot came into being. */
async function busyPeriod(rowsOf: RowsOf): Promise<number> {
  for (const days of PERIODS) if ((await rowsOf("lots", days)).rows.length > 0) return days;
  return 1;
}

function daysParam(value: unknown): number {
  const days = Number(value ?? 1);
  if (!PERIODS.includes(days))
    throw new TraceError("BAD_ENCODING", `days is one of ${PERIODS.join(", ")}`);
  return days;
}

async function overviewOf(
  parts: OverviewParts & { readonly logId: Hex },
  rowsOf: (name: ListName) => Promise<Listed>,
) {
  const names = Object.keys(LISTS) as ListName[];
  const listed = await Promise.all(names.map(rowsOf));
  const lists = Object.fromEntries(names.map((name, i) => [name, listed[i]?.rows ?? []])) as Record<
    ListName,
    readonly Row[]
  >;
  return {
    at: new Date(Math.min(...listed.map(({ at }) => at))).toISOString(),
    lots: { count: lists.lots.length, byProduct: byProduct(lists.lots) },
    waiting: {
      count: lists.waiting.length,
      late: lists.waiting.filter(({ seconds }) => Number(seconds) > LATE).length,
    },
    refused: { count: lists.refused.length },
    excursions: { count: lists.excursions.length },
    silent: { count: lists.silent.length },
    recalls: {
      count: lists.recalls.length,
      affected: lists.affected.length,
    },
    equivocations: { count: lists.equivocations.length },
    anchor: await anchorOf(parts),
  };
}

function byProduct(lots: readonly Row[]) {
  const groups = new Map<string, { product: Row[string]; count: number; mass: number }>();
  for (const { product = null, mass } of lots) {
    const name = JSON.stringify(product);
    const group = groups.get(name) ?? { product, count: 0, mass: 0 };
    groups.set(name, { product, count: group.count + 1, mass: group.mass + Number(mass) });
  }
  return [...groups.values()].toSorted((a, b) => b.mass - a.mass);
}

/** How far the chain is behind the log; `lagSeconds` since the oldest checkpoint that it does not have. */
export async function anchorOf({
  sql,
  chain,
  now,
  logId,
}: OverviewParts & { readonly logId: Hex }) {
  const anchor = await chain.anchor(logId);
  const size = (await newestCheckpoint(sql))?.size ?? 0;
  const next = await firstCheckpointAfter(sql, anchor.size);
  const lagSeconds =
    next === undefined ? 0 : Math.max(0, Math.round((now() - next.signed_at) / 1000));
  return { size, anchored: anchor.size, lagSeconds };
}

type MakeRows = (name: ListName, days: number) => Promise<readonly Row[]>;
/** Rows, and when they were asked for (ms). */
type Listed = { readonly at: number; readonly rows: readonly Row[] };
type RowsOf = (name: ListName, days: number) => Promise<Listed>;

/** The same list for all who ask within a moment, and one made after the other: a crowd of screens costs as much as one. */
function remembered(make: MakeRows, now: () => number): RowsOf {
  const kept = new Map<string, { listed: Promise<Listed>; until: number }>();
  let last: Promise<unknown> = Promise.resolve();
  return (name, days) => {
    const key = `${name}/${days}`;
    const known = kept.get(key);
    if (known !== undefined && now() < known.until) return known.listed;
    const listed = last.then(async () => {
      const [at, start] = [now(), performance.now()];
      const rows = await make(name, days);
      entry.until = now() + Math.max(KEPT, SHARE * (performance.now() - start));
      return { at, rows };
    });
    const entry = { listed, until: Infinity };
    kept.set(key, entry);
    listed.catch(() => kept.delete(key));
    last = listed.catch(() => undefined);
    return listed;
  };
}
