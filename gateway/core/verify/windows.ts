import { MAX_PACK_RECORDS, type Reading } from "../envelope.ts";
import { minuteOf } from "./days.ts";
import { isMeasured, isSentinel, type Limit } from "./excursions.ts";
import { failure, remark, type Check, type Matter } from "./report.ts";
import { firstFrom, lateness, REFUSED, type Series } from "./series.ts";
import { judgeValues, mattersTo, MOST_TOLD, rangeOf, withoutLimits } from "./values.ts";
import type { GivenUp, Span } from "./watched.ts";

/** A span in which goods of this trail stood where a device had to speak of them, or had ceased to. */
export type Window = Span & {
  readonly place: string;
  /** The window ends at the reader's block: what is newest may still be on its way. */
  readonly open: boolean;
};

/** Whoever promises a reading less often than once a day (seconds) is named, and held to one a day: silence must show. */
export const MOST_INTERVAL = 86_400;

/**
 * A stretch without readings; `proven` silent by the numbers of the packs around it, or perhaps left out. What is proven may
 * take two intervals, as radio does; what is not may take one, so that no reading between can be dropped unseen.
 */
type Pause = {
  readonly from: number;
  readonly until: number;
  readonly proven: boolean;
  readonly intervals: number;
};

type Said = Series["readings"][number];

/** What the numbers say about the beginning of a window, its middle and its end, given the readings that count (`marks`). */
function pausesIn({ joints }: Series, window: Window, marks: readonly (Said | undefined)[]) {
  return marks.slice(1).map((next, i): Pause => {
    const before = marks[i];
    const [a, b] = [before?.at ?? -1, next?.at ?? -1];
    const joint = joints[firstFrom(joints, (at) => at <= a)] ?? Infinity;
    const proven = next !== undefined && a <= b && joint > b;
    return {
      from: Math.max(window.from, before === undefined ? window.from : before.time / 1000),
      until: Math.min(window.until, next === undefined ? window.until : next.time / 1000),
      proven,
      intervals: proven || (next === undefined && window.open) ? 2 : 1,
    };
  });
}

/** What must exist, by the numbers, and is not shown: before, between and behind the packs that speak of the window. */
function gapsIn(matter: Matter, { packs, breaks, readings }: Series, first: number, end: number) {
  const spoken = readings.slice(first, end).map(({ at }) => at);
  if (spoken.length === 0) return [];
  const [low, high] = spoken.reduce(
    ([low, high], at) => [Math.min(low, at), Math.max(high, at)],
    [Infinity, -Infinity],
  );
  const from = firstFrom(breaks, (at) => at < low);
  const to = firstFrom(breaks, (at) => at <= high);
  return breaks.slice(from, Math.min(to, from + MOST_TOLD)).map((at) => {
    const [before, next] = [packs[at - 1], packs[at]];
    return failure(
      matter,
      "WITHHELD",
      before === undefined
        ? `packs before ${next?.epoch}/${next?.seq} are not shown`
        : `packs between ${before.epoch}/${before.seq} and ${next?.epoch}/${next?.seq} are not shown`,
    );
  });
}

/** What is known to have gone missing before it came to the gateway, and what came late, in the packs that speak of the window. */
function remarksOn(matter: Matter, series: Series, first: number, end: number): Check[] {
  const { packs, readings } = series;
  const spoken = [...new Set(readings.slice(first, end).map(({ at }) => at))].flatMap(
    (at) => packs[at] ?? [],
  );
  const late = Math.max(0, ...spoken.map(lateness));
  return [
    ...spoken
      .filter(({ attested }) => attested?.lost)
      .slice(0, MOST_TOLD)
      .map(({ attested, epoch, seq }) =>
        remark(
          matter,
          "WITHHELD",
          `${attested?.lost} messages of the device before pack ${epoch}/${seq} never came`,
        ),
      ),
    ...(late > 0
      ? [remark(matter, "CLOCK", `readings came up to ${hours(late)} late, the gateway says`)]
      : []),
  ];
}

const hours = (ms: number): string => `${Math.round(ms / 360_000) / 10} h`;

/**
 * The readings within a window by which a limit can be judged (or, without one, that say anything), with their neighbours on
 * both sides. Before and behind it no more is looked through than one pack can hold.
 */
function marksIn(series: Series, { from, until }: Span, limit: Limit | undefined) {
  const { readings } = series;
  const [start, stop] = [from * 1000, until * 1000];
  const first = firstFrom(readings, ({ time }) => time < start);
  const end = firstFrom(readings, ({ time }) => time <= stop);
  const counts = (one: Said): boolean =>
    limit === undefined ? one.name !== REFUSED && !isSentinel(one.value) : isMeasured(one, limit);
  const before = readings.slice(Math.max(0, first - MAX_PACK_RECORDS), first).findLast(counts);
  const behind = readings.slice(end, end + MAX_PACK_RECORDS).find(counts);
  return [before, ...readings.slice(first, end).filter(counts), behind];
}

/** Silence of what one limit is about: readings of another quantity or unit, or of "no probe", do not break it. */
function silencesIn(
  matter: Matter,
  series: Series,
  window: Window & Pick<GivenUp, "interval">,
  limit: Limit | undefined,
) {
  const marks = marksIn(series, window, limit);
  const interval = Math.min(window.interval, MOST_INTERVAL);
  return pausesIn(series, window, marks)
    .filter(({ from, until, intervals }) => until - from > intervals * interval)
    .slice(0, MOST_TOLD)
    .map(({ from, until, proven }) =>
      remark(
        matter,
        "WITHHELD",
        `${limit === undefined ? "" : `${limit.name}: `}${proven ? "silent" : "nothing is shown"} ` +
          `from ${minuteOf(from)} to ${minuteOf(until)}${proven ? "" : ": silent, or left out"}`,
      ),
    );
}

/** A promise to speak so seldom that silence could hide in it. */
function idleIn(matter: Matter, interval: number): readonly Check[] {
  if (interval <= MOST_INTERVAL) return [];
  return [
    remark(
      matter,
      "WITHHELD",
      `its owner promised a reading every ${Math.floor(interval / 86_400)} days only`,
    ),
  ];
}

/**
 * One device's windows without those that run at one place while another does whose watch the chain took earlier: anybody can
 * have a thousand watches of his device look back over one time, and each would take a reader as long as the first.
 */
export function apart(windows: readonly Window[]): readonly Window[] {
  const kept = new Map<string, Window[]>();
  for (const window of windows.toSorted((a, b) => a.watch.taken - b.watch.taken)) {
    const own = kept.get(window.place) ?? [];
    const at = firstFrom(own, ({ from }) => from < window.until);
    if ((own[at - 1]?.until ?? 0) <= window.from) own.splice(at, 0, window);
    kept.set(window.place, own);
  }
  return [...kept.values()].flat();
}

/** Whether any reading in the window can be held to the limit. */
const isJudged = (readings: readonly Reading[], limit: Limit): boolean =>
  readings.some((one) => isMeasured(one, limit));

/** Gaps in the numbers, silence, and readings outside limits, of one device in one window. */
export function judgeWindow(series: Series, window: Window): Check[] {
  const { watch, place, from, until } = window;
  const { limits } = watch;
  const { dropped, interval } = window.givenUp();
  const about = {
    record: `device ${watch.device.slice(0, 10)}… at ${place}`,
    subject: watch.device,
  };
  const complete = { question: "complete", ...about } as const;
  const plausible = { question: "plausible", ...about } as const;
  const first = firstFrom(series.readings, ({ time }) => time < from * 1000);
  const end = firstFrom(series.readings, ({ time }) => time <= until * 1000);
  const readings = series.readings.slice(first, end);
  const held = limits === null || dropped === null ? null : [...limits, ...dropped];
  const values =
    held === null ? [withoutLimits(plausible, readings)] : judgeValues(plausible, readings, held);
  const gaps = gapsIn(complete, series, first, end);
  if (!window.kept) {
    return [
      ...gaps,
      remark(
        complete,
        "WITHHELD",
        `goods stood here from ${minuteOf(from)} to ${minuteOf(until)}, and its owner had ended the watch`,
      ),
      ...values,
    ];
  }
  const each = limits === null || limits.length === 0 ? [undefined] : limits;
  const found = [
    ...gaps,
    ...idleIn(complete, watch.interval),
    ...each.flatMap((limit) =>
      silencesIn(mattersTo(limit, complete), series, { ...window, interval }, limit),
    ),
    ...remarksOn(complete, series, first, end),
  ];
  const spoken = found.length > 0 ? found : [{ ...complete, outcome: "holds" } as const];
  if (limits === null || dropped === null) return [...spoken, ...values];
  const outside = [
    ...limits
      .filter((limit) => !isJudged(readings, limit))
      .map((limit) =>
        remark(
          mattersTo(limit, plausible),
          "WITHHELD",
          `no reading of ${limit.name} in ${limit.unit} is shown to judge by`,
        ),
      ),
    ...dropped.map((limit) =>
      remark(
        mattersTo(limit, plausible),
        "WITHHELD",
        `while goods stood here its owner gave up the ${rangeOf(limit)} of ${limit.name}`,
      ),
    ),
    ...values,
  ];
  return [
    ...spoken,
    ...(outside.length > 0 ? outside : [{ ...plausible, outcome: "holds" } as const]),
  ];
}
