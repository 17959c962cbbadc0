import { areaName } from "../../../core/areas.ts";
import type { Kind } from "../../../core/operations.ts";
import type { TrailView } from "../../../core/trail-view.ts";
import { icon, type Icon } from "../icons.ts";
import { markup, type Markup } from "../markup.ts";
import type { Context } from "./context.ts";

const WORDS = {
  product: { vi: "Sản phẩm", en: "Product" },
  lot: { vi: "Số lô: hãy so với số in trên bao bì", en: "Lot number: compare with the bag" },
  mass: { vi: "Khối lượng cả lô", en: "Mass of the whole lot" },
  made: { vi: "Ngày tạo lô", en: "Lot made on" },
  unknown: { vi: "Chưa có thông tin", en: "No information yet" },
  who: { vi: "Những ai tham gia", en: "Who took part" },
  where: { vi: "Nguyên liệu từ đâu", en: "Where it grew" },
  share: { vi: "tính theo khối lượng", en: "by mass" },
  noArea: { vi: "Không rõ nguồn gốc", en: "Origin not shown" },
  bar: { vi: "Tỷ lệ nguồn gốc: {parts}", en: "Shares of origin: {parts}" },
} as const;

/** The product and its lot number, large enough to compare with the bag at arm's length. */
export function lotCard(view: TrailView, { say, format, language }: Context): Markup {
  const fact = (name: string, value: string | undefined) =>
    markup`<div><dt>${name}</dt><dd class="${name === "GTIN" && "id"}">${value ?? say(WORDS.unknown)}</dd></div>`;
  return markup`<section class="card"><p class="over">${say(WORDS.product)}</p>
<h1>${view.product?.[language] ?? view.gtin}</h1>
<p class="lot"><span class="over">${say(WORDS.lot)}</span><b>${view.number}</b></p>
<dl class="facts">
${fact(say(WORDS.made), view.made === undefined ? undefined : format.day(view.made))}
${fact(say(WORDS.mass), view.mass === undefined ? undefined : format.mass(view.mass))}
${fact("GTIN", view.gtin)}</dl></section>`;
}

/** What a party did, by its most telling act: [act, icon, words]. */
const PARTS: readonly (readonly [Kind, Icon, { vi: string; en: string }])[] = [
  ["harvest", "sprout", { vi: "Trồng và thu hoạch", en: "Grew and harvested" }],
  ["intake", "ship", { vi: "Nhập hàng từ nơi khác", en: "Brought goods in from elsewhere" }],
  ["process", "gears", { vi: "Chế biến", en: "Processed" }],
  ["certify", "seal", { vi: "Gắn chứng nhận", en: "Attached a certificate" }],
  ["takeOver", "hand", { vi: "Nhận và giữ hàng", en: "Received and held" }],
  ["note", "note", { vi: "Ghi nhận, kiểm tra", en: "Recorded and inspected" }],
  ["recall", "flag", { vi: "Thu hồi", en: "Recalled" }],
  ["lift", "flag", { vi: "Gỡ lệnh thu hồi", en: "Lifted a recall" }],
];

export function peopleCard(view: TrailView, { say, nameOf }: Context): Markup {
  const people = view.parties.map(({ party, did }) => {
    const parts = PARTS.filter(([kind]) => did.includes(kind)).slice(0, 3);
    const words = parts.map(([, , said], at) => (at === 0 ? say(said) : lower(say(said))));
    return markup`<li>${icon(parts[0]?.[1] ?? "people")}<div><h3>${nameOf(party)}</h3>
<p class="small">${words.join(", ")}</p>${party.address !== undefined && markup`<p class="small">${party.address}</p>`}</div></li>`;
  });
  return markup`<section class="card"><h2>${say(WORDS.who)}</h2><ul class="people">${people}</ul></section>`;
}

/** Where the goods grew, by mass: one bar and its words. */
export function originCard(view: TrailView, { say, format, language }: Context): Markup {
  const parts = view.origin.map(({ area, share }) => ({
    share,
    percent: format.share(share),
    name: area === undefined ? say(WORDS.noArea) : areaName(area)[language],
    code: area,
  }));
  const label = say(WORDS.bar, { parts: parts.map((p) => `${p.percent} ${p.name}`).join("; ") });
  const starts = parts.map((_, at) => parts.slice(0, at).reduce((sum, p) => sum + p.share, 0));
  return markup`<section class="card"><h2>${say(WORDS.where)}</h2>
<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="${label}">
${parts.map(({ share }, at) => markup`<rect class="a${at % 4}" x="${round((starts[at] ?? 0) * 100)}" width="${round(share * 100)}" height="6"/>`)}</svg>
<ul class="origin">${parts.map(
    ({ percent, name, code }, at) => markup`<li><span class="dot a${at % 4}"></span>
<span><b>${percent}</b> ${name}${code !== undefined && markup` <small>(${code})</small>`}</span></li>`,
  )}</ul><p class="small">${capital(say(WORDS.share))}</p></section>`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
