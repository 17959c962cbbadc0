import type { Watching } from "../chain-state.ts";
import type { Reading } from "../envelope.ts";
import { excursionsOf, isComparable, isQuantity, type Limit } from "./excursions.ts";
import { remark, type Check, type Matter } from "./report.ts";
import { firstFrom, isNext, lateness, type Series } from "./series.ts";

/** From when to when, in seconds, a device had to speak of a place where goods of this trail stood. */
export type Window = {
  readonly watch: Watching;
  readonly place: string;
  readonly from: number;
  readonly until: number;
  /** The window ends at the reader's block: what is newest may still be on its way. */
  readonly open: boolean;
};

const MOST_TOLD = 20; // gaps or silences of one window; more of them say nothing new

const iso = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;

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

/** The readings of a window and what the numbers say about its beginning, its middle and its end. */
function pausesIn(series: Series, window: Window, first: number, end: number): Pause[] {
  const { readings, packs } = series;
  // From just before to just behind: neighbours prove that there was nothing in between.
  const marks = [readings[first - 1], ...readings.slice(first, end), readings[end]];
  return marks.slice(1).map((next, i): Pause => {
    const before = marks[i];
    const [a, b] = [before && packs[before.at], next && packs[next.at]];
    const proven = b !== undefined && (a === b || isNext(a, b));
    return {
      from: Math.max(window.from, before === undefined ? window.from : before.time / 1000),
      until: Math.min(window.until, next === undefined ? window.until : next.time / 1000),
      proven,
      intervals: proven || (b === undefined && window.open) ? 2 : 1,
    };
  });
}

/** What must exist, by the numbers, and is not shown: before, between and behind the packs that speak of the window. */
function gapsIn({ packs, breaks, readings }: Series, first: number, end: number): string[] {
  const spoken = readings.slice(first, end).map(({ at }) => at);
  if (spoken.length === 0) return [];
  const [low, high] = spoken.reduce(
    ([low, high], at) => [Math.min(low, at), Math.max(high, at)],
    [Infinity, -Infinity],
  );
  // A pack that began before the window needs no one before it.
  const start = (readings[first - 1]?.at ?? -1) === low ? low + 1 : low;
  const from = firstFrom(breaks, (at) => at < start);
  const to = firstFrom(breaks, (at) => at <= high);
  return breaks.slice(from, Math.min(to, from + MOST_TOLD)).map((at) => {
    const [before, next] = [packs[at - 1], packs[at]];
    const end = `${next?.epoch}/${next?.seq}`;
    return before === undefined
      ? `packs before ${end} are not shown`
      : `packs between ${before.epoch}/${before.seq} and ${end} are not shown`;
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

/** Gaps in the numbers, silence, and readings outside limits, of one device in one window. `limits` is null where they are not shown. */
export function judgeWindow(
  series: Series,
  window: Window,
  limits: readonly Limit[] | null,
): Check[] {
  const { watch, place, from, until } = window;
  const { readings } = series;
  const about = {
    record: `device ${watch.device.slice(0, 10)}… at ${place}`,
    subject: watch.device,
  };
  const complete = { question: "complete", ...about } as const;
  const plausible = { question: "plausible", ...about } as const;
  const first = firstFrom(readings, ({ time }) => time < from * 1000);
  const end = firstFrom(readings, ({ time }) => time <= until * 1000);
  const gaps = gapsIn(series, first, end).map((reason): Check => ({
    ...complete,
    outcome: "fails",
    code: "WITHHELD",
    reason,
  }));
  const silences = pausesIn(series, window, first, end)
    .filter(({ from, until, intervals }) => until - from > intervals * watch.interval)
    .slice(0, MOST_TOLD)
    .map(({ from, until, proven }) => {
      const span = `from ${iso(from)} to ${iso(until)}`;
      const said = proven ? `silent ${span}` : `nothing is shown ${span}: silent, or left out`;
      return remark(complete, "WITHHELD", said);
    });
  const found = [...gaps, ...silences, ...remarksOn(complete, series, first, end)];
  const spoken = found.length > 0 ? found : [{ ...complete, outcome: "holds" } as const];
  if (first === end && (limits === null || limits.length > 0))
    return [...spoken, remark(plausible, "WITHHELD", "no reading is shown to judge by")];
  if (limits === null)
    return [
      ...spoken,
      {
        ...plausible,
        outcome: "fails",
        code: "WITHHELD",
        reason: "the limits that the device's owner signed are not shown",
      },
    ];
  const outside = judgeValues(plausible, readings.slice(first, end), limits);
  return [
    ...spoken,
    ...(outside.length > 0 ? outside : [{ ...plausible, outcome: "holds" } as const]),
  ];
}

/** Remarks on readings outside the limits, and on those that cannot be compared with them. */
function judgeValues(
  matter: Matter,
  readings: readonly Reading[],
  limits: readonly Limit[],
): Check[] {
  const excursions = excursionsOf(readings, limits).map(({ limit, peak, start, end }) =>
    remark(
      matter,
      "RULE_BROKEN",
      `${limit.name} reached ${peak} ${limit.unit} (limits ${limit.min ?? "none"} to ${limit.max ?? "none"}) ` +
        `from ${iso(start / 1000)} to ${iso(end / 1000)}`,
    ),
  );
  const incomparable = limits.flatMap((limit) => {
    const odd = readings.find(
      (one) => isQuantity(one.name, limit.name) && !isComparable(one, limit),
    );
    return odd === undefined
      ? []
      : [
          remark(
            matter,
            "RULE_BROKEN",
            `${limit.name} is measured in ${odd.unit ?? "nothing"}, its limits are in ${limit.unit}`,
          ),
        ];
  });
  return [...excursions, ...incomparable];
}
