import { areaName } from "../../../core/areas.ts";
import { lotPath } from "../../../core/identifiers.ts";
import type { TrailView } from "../../../core/trail-view.ts";
import { VERDICT_WORDS } from "../../../core/verdict-words.ts";
import { LANGUAGES, type Language } from "../language.ts";
import type { Page } from "../layout.ts";
import { markup, written, type Markup } from "../markup.ts";
import { certificatesCard, SCHEME_WORDS } from "../trail/certificates.ts";
import { contextIn, type Context } from "../trail/context.ts";
import { journeyCard } from "../trail/journey.ts";
import {
  commandLine,
  namesFor,
  notProven,
  questionList,
  references,
  type ProofOptions,
} from "../trail/proof.ts";
import { sensorsCard } from "../trail/sensors.ts";
import { statusStrip, type Found } from "../trail/status.ts";
import { TRAIL_STYLE } from "../trail-style.ts";
import { balanceTable } from "./balance.ts";
import { DOSSIER_STYLE } from "./dossier-style.ts";
import { keptStrip } from "./kept-strip.ts";
import { offlinePart, saveButtons } from "./offline.ts";

const WORDS = {
  title: { vi: "Hồ sơ truy xuất, lô {lot}", en: "Traceability dossier, lot {lot}" },
  head: { vi: "Hồ sơ truy xuất nguồn gốc", en: "Traceability dossier" },
  notOrigin: {
    vi: "Đây là hồ sơ truy xuất, không phải giấy chứng nhận xuất xứ (C/O), không thay thế chứng từ hải quan hay chữ ký số.",
    en: "This is a traceability dossier, not a certificate of origin. It replaces no customs document and no qualified signature.",
  },
  facts: { vi: "Lô hàng", en: "The lot" },
  product: { vi: "Sản phẩm", en: "Product" },
  lot: { vi: "Số lô", en: "Lot number" },
  mass: { vi: "Khối lượng khi tạo lô", en: "Mass when made" },
  made: { vi: "Ngày tạo lô", en: "Made on" },
  holder: { vi: "Bên đang giữ, theo hồ sơ", en: "Holder, as recorded" },
  origin: { vi: "Nguồn gốc theo khối lượng", en: "Origin by mass" },
  declared: { vi: "khai báo", en: "declared" },
  unknown: { vi: "Chưa có thông tin", en: "No information yet" },
  asOf: { vi: "Lập lúc {time} (giờ Việt Nam)", en: "Made at {time} (Viet Nam time)" },
  moment: { vi: "{time} (giờ Việt Nam)", en: "{time} (Viet Nam time)" },
  qr: { vi: "Mã QR dẫn tới trang của lô", en: "QR code of the lot's page" },
  parties: { vi: "Các bên", en: "Parties" },
  checks: {
    vi: "Năm câu hỏi, do người đọc tự kiểm tra",
    en: "Five questions, checked by the reader",
  },
} as const;

/** Everything that a dossier is made of. `records` is the bundle as JSON where the page is a file to keep. */
export interface Dossier extends ProofOptions {
  readonly view: TrailView;
  readonly found: Found;
  readonly language: Language;
  readonly script: string | undefined;
  readonly kept: { readonly records: string; readonly verifier: string } | undefined;
}

/** A consignment's story on paper, for its buyer and for customs; or the same as one file that checks itself. */
export async function dossierPage(dossier: Dossier): Promise<Page> {
  const { view, language, script, kept, origin } = dossier;
  const path = lotPath(view.gtin, view.number);
  const { toString: qrCode } = await import("qrcode"); // most gateways draw none for days
  const qr = await qrCode(origin + path, { type: "svg", margin: 0, errorCorrectionLevel: "M" });
  const sheet = (each: Language): Markup => sheetOf(dossier, { qr, context: contextIn(each) });
  const titleIn = (each: Language): string =>
    contextIn(each).say(WORDS.title, { lot: view.number });
  return {
    language,
    path: `/dossier${path}`,
    title: titleIn(language),
    style: TRAIL_STYLE + DOSSIER_STYLE,
    ...(script === undefined || kept !== undefined ? {} : { script }),
    ...(kept === undefined ? {} : { kept: true }),
    body: markup`<div class="dossier" id="sheet">${sheet(language)}</div>
${
  kept !== undefined &&
  LANGUAGES.filter((each) => each !== language).map(
    (each) =>
      markup`<template data-language="${each}" data-title="${titleIn(each)}">${sheet(each)}</template>`,
  )
}${kept !== undefined && embedded(kept)}`,
  };
}

function sheetOf(
  dossier: Dossier,
  { qr, context }: { readonly qr: string; readonly context: Context },
): Markup {
  const { view, found, kept, origin } = dossier;
  const { say, format } = context;
  const path = lotPath(view.gtin, view.number);
  return markup`${kept !== undefined && keptStrip(view, context)}<section class="card title"><div><h1>${say(WORDS.head)}</h1>
<p class="over">${say(WORDS.asOf, { time: format.moment(found.now) })}</p><p class="not">${say(WORDS.notOrigin)}</p>
${kept === undefined && saveButtons(path, context)}</div>
<figure class="qr"><div role="img" aria-label="${say(WORDS.qr)}">${written(qr)}</div><figcaption><code>${origin + path}</code></figcaption></figure></section>
${kept === undefined ? statusStrip(view, found, context) : checks(dossier, context)}
${facts(view, context)}${parties(view, context)}${balanceTable(view, context)}
${certificatesCard(view, found.now, context, true)}${journeyCard(view, context, true)}${sensorsCard(view, context, true)}
${kept === undefined && checks(dossier, context)}`;
}

/** The five questions. In a file to keep they come first, with the ways to have them answered: nobody vouches for it. */
function checks(dossier: Dossier, context: Context): Markup {
  const { view, found, rpcUrls, deployment, log, kept, origin } = dossier;
  const path = lotPath(view.gtin, view.number);
  const { say, format, language } = context;
  return markup`<section class="card proof" id="proof" data-bundle="/bundle${path}"
data-lot="${view.uri}" data-rpc="${rpcUrls.join(" ")}" data-deployment="${JSON.stringify(deployment)}" data-log="${JSON.stringify(log)}" data-names="${namesFor(view, context)}" data-words="${JSON.stringify({ ...VERDICT_WORDS[language], papers: papersIn(language) })}" data-saved="${say(WORDS.moment, { time: format.moment(found.now) })}">
<h2>${say(WORDS.checks)}</h2>${kept !== undefined && offlinePart(rpcUrls, context)}${questionList(context)}
<p class="small" id="as-of" aria-live="polite"></p>${notProven(context, kept === undefined ? "page" : "file")}
${commandLine(origin, path, context)}${references(dossier, context)}</section>`;
}

const papersIn = (language: Language): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(SCHEME_WORDS).map(([scheme, words]) => [scheme, words[language]]),
  );

function facts(view: TrailView, { say, format, language, nameOf }: Context): Markup {
  const holder = view.steps.findLast(
    ({ kind, outputs, inputs }) =>
      outputs.some(({ uri }) => uri === view.uri) ||
      (kind === "takeOver" && inputs.some(({ uri }) => uri === view.uri)),
  )?.party;
  const shares = view.origin.map(({ area, share, grown }) =>
    [format.share(share), areaName(area)[language], grown ? "" : `(${say(WORDS.declared)})`]
      .filter((text) => text !== "")
      .join(" "),
  );
  const rows: readonly (readonly [string, string | undefined])[] = [
    [say(WORDS.product), view.product?.[language]],
    ["GTIN", view.gtin],
    [say(WORDS.lot), view.number],
    [say(WORDS.mass), view.mass === undefined ? undefined : format.mass(view.mass)],
    [say(WORDS.made), view.made === undefined ? undefined : format.day(view.made)],
    [say(WORDS.holder), holder === undefined ? undefined : nameOf(holder)],
    [say(WORDS.origin), shares.join("; ")],
  ];
  return markup`<section class="card"><h2>${say(WORDS.facts)}</h2><dl class="facts">
${rows.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value ?? say(WORDS.unknown)}</dd></div>`)}</dl></section>`;
}

const parties = (view: TrailView, { say, nameOf }: Context): Markup =>
  markup`<section class="card"><h2>${say(WORDS.parties)}</h2><ul class="parties">${view.parties.map(
    ({ party }) =>
      markup`<li><b>${nameOf(party)}</b>${party.address !== undefined && ` · ${party.address}`}<br><small><code>${party.uri ?? party.id}</code></small></li>`,
  )}</ul></section>`;

/** The records and the verifier inside the page; "<" is spelled out, so that no text can end the element early. */
const embedded = ({ records, verifier }: NonNullable<Dossier["kept"]>): Markup =>
  written(
    `<script type="application/json" id="records">${records.replaceAll("<", "\\u003c")}</script>` +
      `<script type="module">${verifier.replaceAll("</script", "<\\/script")}</script>`,
  );
