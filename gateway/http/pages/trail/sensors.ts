import { calibrationEnd } from "../../../core/calibration.ts";
import type { Words } from "../../../core/recording.ts";
import type { Series, Silence } from "../../../core/sensor-view.ts";
import type { TrailView } from "../../../core/trail-view.ts";
import type { Excursion } from "../../../core/verify/excursions.ts";
import { icon } from "../icons.ts";
import { markup, type Markup } from "../markup.ts";
import { chartOf, spanOf } from "./chart.ts";
import type { Context } from "./context.ts";
import { folded } from "./folded.ts";

/** How people call what is measured. */
export const QUANTITIES: Readonly<Record<string, Words>> = {
  temperature: { vi: "Nhiệt độ", en: "Temperature" },
  humidity: { vi: "Độ ẩm không khí", en: "Air humidity" },
  moisture: { vi: "Độ ẩm hạt", en: "Moisture of the nuts" },
};
/** How people write the units of RFC 8428, 12.1. */
const UNITS: Readonly<Record<string, string>> = { Cel: "°C", "%RH": "%", "/": "" };

const WORDS = {
  title: { vi: "Cảm biến đo được", en: "What sensors measured" },
  none: {
    vi: "Không có cảm biến nào theo dõi lô này.",
    en: "No sensor watched over this lot.",
  },
  sensor: { vi: "Cảm biến", en: "Sensor" },
  nothing: {
    vi: "Không có số đo nào để đối chiếu.",
    en: "No reading is shown to judge by.",
  },
  head: { vi: "{quantity}, {place}", en: "{quantity}, {place}" },
  range: {
    vi: "Từ {low} đến {high}; {count} lần đo, từ {from} đến {until}.",
    en: "From {low} to {high}; {count} readings, {from} to {until}.",
  },
  attested: {
    vi: "Số đo do máy chủ mạng xác nhận, không phải do chính cảm biến ký.",
    en: "Attested by the network server, not signed by the device.",
  },
  late: {
    vi: "Có số đo đến trễ tới {hours} giờ.",
    en: "Some readings came up to {hours} h late.",
  },
  fine: { vi: "Luôn trong giới hạn đã đặt.", en: "Always within its limits." },
  above: {
    vi: "Vượt mức {limit} {span}, cao nhất {peak}.",
    en: "Above {limit} {span}, at most {peak}.",
  },
  below: {
    vi: "Dưới mức {limit} {span}, thấp nhất {peak}.",
    en: "Below {limit} {span}, at least {peak}.",
  },
  calibrated: {
    vi: "Hiệu chuẩn: {certificate}, {issuer}, đến hết ngày {until}.",
    en: "Calibrated: {certificate}, {issuer}, until the end of {until}.",
  },
  expired: {
    vi: "Hết hạn hiệu chuẩn từ sau ngày {until} ({certificate}, {issuer}).",
    en: "Calibration expired after {until} ({certificate}, {issuer}).",
  },
  uncalibrated: {
    vi: "Chủ cảm biến chưa khai giấy hiệu chuẩn.",
    en: "Its owner names no calibration.",
  },
  silent: {
    vi: "Im lặng {span}: không có số đo nào.",
    en: "Silent {span}: no reading came.",
  },
  hours: { vi: "từ {from} đến {until} ngày {day}", en: "from {from} to {until} on {day}" },
  days: { vi: "từ {from} đến {until}", en: "from {from} to {until}" },
  once: { vi: "lúc {from} ngày {day}", en: "at {from} on {day}" },
  rest: { vi: "Xem thêm {count} chuỗi số đo", en: "See {count} more series" },
  more: { vi: "Và {count} lần nữa.", en: "And {count} more times." },
} as const;

/** So many sentences of one kind, then their number. */
const SHOWN = 4;
/** So many charts on the page of a lot; the sentences stay. */
const CHARTS = 4;

export function sensorsCard(view: TrailView, context: Context, whole = false): Markup {
  const { say } = context;
  const { series } = view;
  const shown = whole ? series.length : CHARTS;
  const rest = series.slice(shown).map((each) => measure(each, context, false));
  return markup`<section class="card"><h2>${say(WORDS.title)}</h2>
${series.length === 0 && markup`<p>${say(WORDS.none)}</p>`}
${series.slice(0, shown).map((each) => measure(each, context, true))}
${rest.length > 0 && folded(WORDS.rest, rest, { view, context }, (items) => markup`${items}`)}</section>`;
}

function measure(series: Series, context: Context, drawn: boolean): Markup {
  const { say, format, language } = context;
  const { name, limit, readings, excursions, silences } = series;
  const quantity = name === "" ? say(WORDS.sensor) : (QUANTITIES[name]?.[language] ?? name);
  const [from, until] = spanOf(series);
  const place = series.place?.[language] ?? series.label ?? "";
  const value = (number: number): string =>
    [format.number(number), UNITS[series.unit] ?? series.unit].join("\u00a0").trimEnd();
  const range =
    readings.length === 0
      ? say(WORDS.nothing)
      : say(WORDS.range, {
          low: value(series.lowest),
          high: value(series.highest),
          count: format.number(readings.length),
          from: format.day(from / 1000),
          until: format.day(until / 1000),
        });
  const out = (excursion: Excursion): string => {
    const { limit } = excursion;
    const above = limit.max !== undefined && excursion.peak > limit.max;
    const edge = value((above ? limit.max : limit.min) ?? 0);
    const values = {
      limit: edge,
      span: spanWords(excursion, context),
      peak: value(excursion.peak),
    };
    return say(above ? WORDS.above : WORDS.below, values);
  };
  const quiet = (silence: Silence): string =>
    say(WORDS.silent, { span: spanWords(silence, context) });
  const hot = sentences(excursions, out, say).map(
    (text) => markup`<li class="hotWords">${icon("alert")}<span>${text}</span></li>`,
  );
  const still = sentences(silences, quiet, say).map(
    (text) => markup`<li class="quietWords">${icon("clock")}<span>${text}</span></li>`,
  );
  const late = series.late > 0 && [
    say(WORDS.late, { hours: format.number(Math.ceil(series.late / 3_600_000)) }),
  ];
  const { calibration } = series;
  const expired = calibration !== undefined && until / 1000 > calibrationEnd(calibration);
  const calibrated =
    calibration === undefined
      ? say(WORDS.uncalibrated)
      : say(expired ? WORDS.expired : WORDS.calibrated, {
          ...calibration,
          until: format.day(calibrationEnd(calibration) - 86_400),
        });
  const title = say(WORDS.head, { quantity, place });
  const isFine =
    limit !== undefined && readings.length > 0 && excursions.length + silences.length === 0;
  return markup`<div class="measure"><h3>${title}</h3><p class="small">${range}${series.attested && ` ${say(WORDS.attested)}`}</p><p class="${expired ? "quietWords" : "small"}">${expired && icon("clock")}<span>${calibrated}</span></p>
${drawn && readings.length > 0 && chartOf(series, `${title}. ${range}`, context)}<ul>${hot}${still}${late && markup`<li class="quietWords">${icon("clock")}<span>${late}</span></li>`}
${isFine && markup`<li class="fine">${icon("check")}<span>${say(WORDS.fine)}</span></li>`}</ul></div>`;
}

const sentences = <S>(
  spans: readonly S[],
  wordsOf: (span: S) => string,
  say: Context["say"],
): readonly string[] => {
  const texts = spans.slice(0, SHOWN).map(wordsOf);
  return spans.length <= SHOWN
    ? texts
    : [...texts, say(WORDS.more, { count: spans.length - SHOWN })];
};

function spanWords(silence: Silence, { say, format }: Context): string {
  const [start, end] = [silence.start / 1000, silence.end / 1000];
  const day = format.day(start);
  if (day !== format.day(end))
    return say(WORDS.days, { from: format.moment(start), until: format.moment(end) });
  const hours = { from: format.hour(start), until: format.hour(end), day };
  return say(hours.from === hours.until ? WORDS.once : WORDS.hours, hours);
}
