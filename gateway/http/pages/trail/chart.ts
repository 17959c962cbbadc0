import type { Measurement, Series, Silence } from "../../../core/sensor-view.ts";
import { markup, type Markup } from "../markup.ts";
import type { Context } from "./context.ts";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [360, 150, 30, 8, 16, 22];
const MOST_POINTS = 100;
/** So many excursions or silences are drawn, the longest: a sensor may have as many as it has readings. */
const MOST_SPANS = 50;

const WORDS = {
  out: { vi: "vượt", en: "outside" },
  quiet: { vi: "im lặng", en: "silent" },
} as const;

/** A small chart that needs no script: the line, the limits, what was outside them and what was silent. */
export function chartOf(series: Series, title: string, { say, format }: Context): Markup {
  const { limit } = series;
  const excursions = longest(series.excursions);
  const [from, until] = spanOf(series);
  // A silence before the first or after the last reading has no room here; the sentences below the chart have it.
  const silences = longest(
    series.silences.filter(({ start, end }) => start >= from && end <= until),
  ).toSorted((a, b) => a.start - b.start);
  const wanted = [series.lowest, series.highest, limit?.min, limit?.max].filter(
    (value): value is number => value !== undefined,
  );
  const [low, high] = roomFor(Math.min(...wanted), Math.max(...wanted));
  const x = (time: number): number =>
    place(LEFT + ((time - from) / Math.max(1, until - from)) * (WIDTH - LEFT - RIGHT));
  const y = (value: number): number =>
    place(TOP + ((high - value) / (high - low)) * (HEIGHT - TOP - BOTTOM));
  const band = (name: string, span: Silence) => {
    const [start, end] = [x(span.start), x(span.end)];
    return markup`<rect class="${name}" x="${start}" y="${TOP}" width="${Math.max(3, place(end - start))}" height="${HEIGHT - TOP - BOTTOM}"/>`;
  };
  const label = (name: string, text: string, span: Silence) =>
    markup`<text class="${name}" x="${clamp(x((span.start + span.end) / 2))}" y="11" text-anchor="middle">${text}</text>`;
  const runs = runsOf(series.readings, silences).map(thinned);
  const line = (name: string, readings: readonly Measurement[]) =>
    markup`<polyline class="${name}" points="${readings.map(({ time, value }) => `${x(time)},${y(value)}`).join(" ")}"/>`;
  const hot = excursions.map((span) =>
    series.readings.filter(({ time }) => time >= span.start && time <= span.end),
  );
  const edges = [limit?.min, limit?.max].filter((value) => value !== undefined);
  return markup`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
${excursions.map((span) => band("out", span))}${silences.map((span) => band("quiet", span))}
${edges.map((value) => markup`<line class="limit" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}"/><text x="${LEFT - 4}" y="${y(value) + 4}" text-anchor="end">${format.number(value)}</text>`)}
<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM}"/>
${runs.map((run) => line("line", run))}${hot.map((run) => line("hot", run))}
${excursions.slice(0, 1).map((span) => label("outText", say(WORDS.out), span))}
${silences.slice(0, 1).map((span) => label("quietText", say(WORDS.quiet), span))}
<text x="${LEFT}" y="${HEIGHT - 6}">${format.day(from / 1000)}</text>
<text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${format.day(until / 1000)}</text></svg>`;
}

/** From the first to the last reading. */
export const spanOf = ({ readings }: Series): readonly [number, number] => [
  readings[0]?.time ?? 0,
  readings.at(-1)?.time ?? 0,
];

const longest = <S extends Silence>(spans: readonly S[]): readonly S[] =>
  spans.length <= MOST_SPANS
    ? spans
    : spans.toSorted((a, b) => b.end - b.start - (a.end - a.start)).slice(0, MOST_SPANS);

const place = (value: number): number => Math.round(value * 10) / 10;
const clamp = (value: number): number => Math.min(WIDTH - 30, Math.max(LEFT + 18, value));

/** A little room above and below, so that no line lies on the frame. */
function roomFor(low: number, high: number): readonly [number, number] {
  const room = Math.max(0.5, (high - low) * 0.12);
  return [low - room, high + room];
}

/** The readings between silences: no line is drawn where nobody measured. */
const runsOf = (readings: readonly Measurement[], silences: readonly Silence[]) =>
  [...silences, { start: Infinity, end: Infinity }].map((silence, at) =>
    readings.filter(
      ({ time }) => time <= silence.start && time >= (silences[at - 1]?.end ?? -Infinity),
    ),
  );

/** At most so many points, keeping each stretch's lowest and highest, so that no peak is smoothed away. */
function thinned(readings: readonly Measurement[]): readonly Measurement[] {
  if (readings.length <= MOST_POINTS) return readings;
  const width = Math.ceil((readings.length * 2) / MOST_POINTS);
  return Array.from({ length: Math.ceil(readings.length / width) }, (_, i) => {
    const stretch = readings
      .slice(i * width, (i + 1) * width)
      .toSorted((a, b) => a.value - b.value);
    return [stretch[0], stretch.at(-1)].filter((reading) => reading !== undefined);
  })
    .flat()
    .toSorted((a, b) => a.time - b.time);
}
