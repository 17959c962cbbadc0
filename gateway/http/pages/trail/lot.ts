import { areaName } from "../../../core/areas.ts";
import { parseTimestamp } from "../../../core/timestamp.ts";
import { TraceError } from "../../../core/trace-error.ts";
import type { Deed, TrailView } from "../../../core/trail-view.ts";
import { icon, type Icon } from "../icons.ts";
import { markup, type Markup } from "../markup.ts";
import type { Context } from "./context.ts";
import { folded } from "./folded.ts";

const WORDS = {
  product: { vi: "Sản phẩm", en: "Product" },
  lot: { vi: "Số lô: hãy so với số in trên bao bì", en: "Lot number: compare with the bag" },
  mass: { vi: "Khối lượng cả lô", en: "Mass of the whole lot" },
  made: { vi: "Ngày tạo lô", en: "Lot made on" },
  best: { vi: "Hạn dùng", en: "Best before" },
  warnings: { vi: "Cảnh báo an toàn", en: "Safety warnings" },
  recalled: { vi: "Đã bị thu hồi, xem trên cùng", en: "Recalled, see above" },
  unknown: { vi: "Chưa có thông tin", en: "No information yet" },
  more: { vi: "Xem thêm {count} bên", en: "See {count} more" },
  who: { vi: "Những ai tham gia", en: "Who took part" },
  where: { vi: "Nguyên liệu từ đâu", en: "Where it grew" },
  share: { vi: "tính theo khối lượng", en: "by mass" },
  grown: { vi: "theo mã số vùng trồng", en: "under growing-area codes" },
  declared: { vi: "tự khai khi nhập hàng", en: "self-declared at the intake" },
  noTier: { vi: "hồ sơ không cho thấy", en: "the records do not show it" },
  noArea: { vi: "Không rõ nguồn gốc", en: "Origin not shown" },
  bar: { vi: "Tỷ lệ nguồn gốc: {parts}", en: "Shares of origin: {parts}" },
} as const;

/**
 * What Decree 37/2026/ND-CP, article 32, wants of a product passport stands on this page; what nobody recorded is
 * said to be missing. The product and its lot number, large enough to compare with the bag at arm's length. */
export function lotCard(view: TrailView, { say, format, language }: Context): Markup {
  const fact = (name: string, value: string | undefined) =>
    markup`<div><dt>${name}</dt><dd class="${value === undefined ? "none" : name === "GTIN" && "id"}">${value ?? say(WORDS.unknown)}</dd></div>`;
  return markup`<section class="card"><p class="over">${say(WORDS.product)}</p>
<h1>${view.product?.[language] ?? view.gtin}</h1>
<p class="lot"><span class="over">${say(WORDS.lot)}</span><b>${view.number}</b></p>
<dl class="facts">
${fact(say(WORDS.made), view.made === undefined ? undefined : format.day(view.made))}
${fact(say(WORDS.mass), view.mass === undefined ? undefined : format.mass(view.mass))}
${fact(say(WORDS.best), view.bestBefore && dayOf(view.bestBefore, format))}
${fact(say(WORDS.warnings), view.recalls.length > 0 ? say(WORDS.recalled) : undefined)}
${fact("GTIN", view.gtin)}</dl></section>`;
}

/** A date as its event has it (ISO 8601), or whatever else was written there. */
function dayOf(text: string, format: Context["format"]): string {
  try {
    return format.day(parseTimestamp(text.length > 10 ? text : `${text}T00:00:00Z`) / 1000);
  } catch (failure) {
    if (failure instanceof TraceError) return text;
    throw failure;
  }
}

/** What a party did, by its most telling act: [act, icon, words]. */
const PARTS: readonly (readonly [Deed, Icon, { vi: string; en: string }])[] = [
  ["harvest", "sprout", { vi: "Trồng và thu hoạch", en: "Grew and harvested" }],
  ["intake", "ship", { vi: "Nhập hàng từ nơi khác", en: "Brought goods in from elsewhere" }],
  ["process", "gears", { vi: "Chế biến", en: "Processed" }],
  ["certify", "seal", { vi: "Gắn chứng nhận", en: "Attached a certificate" }],
  ["takeOver", "hand", { vi: "Nhận và giữ hàng", en: "Received and held" }],
  ["note", "note", { vi: "Ghi nhận, kiểm tra", en: "Recorded and inspected" }],
  ["agent", "note", { vi: "Ghi hộ", en: "Recorded for others, with their permission" }],
  ["recall", "flag", { vi: "Thu hồi", en: "Recalled" }],
  ["lift", "flag", { vi: "Gỡ lệnh thu hồi", en: "Lifted a recall" }],
];

const SHOWN = 6;

/** Who did what: six parties at first, in the order of their first act. */
export function peopleCard(view: TrailView, context: Context): Markup {
  const { say, nameOf } = context;
  const people = view.parties.map(({ party, did }) => {
    const parts = PARTS.filter(([kind]) => did.includes(kind)).slice(0, 3);
    const words = parts.map(([, , said], at) => (at === 0 ? say(said) : lower(say(said))));
    return markup`<li>${icon(parts[0]?.[1] ?? "people")}<div><h3>${nameOf(party)}</h3>
<p class="small">${words.join(", ")}</p>${party.address !== undefined && markup`<p class="small">${party.address}</p>`}</div></li>`;
  });
  const list = (items: readonly Markup[]) => markup`<ul class="people">${items}</ul>`;
  const rest = people.slice(SHOWN);
  return markup`<section class="card"><h2>${say(WORDS.who)}</h2>${list(people.slice(0, SHOWN))}
${rest.length > 0 && folded(WORDS.more, rest, { view, context }, list)}</section>`;
}

/** Where the goods grew, by mass: one bar and its words. */
export function originCard(view: TrailView, { say, format, language }: Context): Markup {
  const parts = view.origin.map(({ area, share, grown }) => ({
    share,
    tier: say(area === "" ? WORDS.noTier : grown ? WORDS.grown : WORDS.declared),
    percent: format.share(share),
    name: area === "" ? say(WORDS.noArea) : areaName(area)[language],
    code: area,
  }));
  const label = say(WORDS.bar, { parts: parts.map((p) => `${p.percent} ${p.name}`).join("; ") });
  const starts = parts.map((_, at) => parts.slice(0, at).reduce((sum, p) => sum + p.share, 0));
  return markup`<section class="card"><h2>${say(WORDS.where)}</h2>
<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="${label}">
${parts.map(({ share }, at) => markup`<rect class="a${at % 4}" x="${round((starts[at] ?? 0) * 100)}" width="${round(share * 100)}" height="6"/>`)}</svg>
<ul class="origin">${parts.map(
    ({ percent, name, code, tier }, at) => markup`<li><span class="dot a${at % 4}"></span>
<span><b>${percent}</b> ${name}${code !== "" && markup` <small>(${code})</small>`}<br><small>${capital(tier)}</small></span></li>`,
  )}</ul><p class="small">${capital(say(WORDS.share))}</p></section>`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
