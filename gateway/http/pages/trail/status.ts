import { languageOfText } from "../../../core/free-text.ts";
import { lotPath } from "../../../core/identifiers.ts";
import type { TrailView } from "../../../core/trail-view.ts";
import type { Outcome } from "../../../core/verify/report.ts";
import { withoutEnd } from "../../../core/without-end.ts";
import { icon, type Icon } from "../icons.ts";
import { markup, type Markup } from "../markup.ts";
import type { Context } from "./context.ts";

/** The worst thing to be said of a lot, worst first. */
export const STATUSES = ["recalled", "mismatch", "certificate", "waiting", "match"] as const;
export type Status = (typeof STATUSES)[number];

/** What the gateway found, besides what the view says. */
export interface Found {
  readonly outcome: Outcome;
  /** Records about this lot that are stored but not on the chain yet. */
  readonly waiting: number;
  readonly now: number; // seconds
}

export function statusOf(view: TrailView, found: Found): Status {
  if (view.recalls.length > 0) return "recalled";
  // Its verdict fails as well; whether anything else does, the reader's browser says.
  if (view.certificates.some((each) => isLapsed(each, found.now))) return "certificate";
  if (found.outcome === "fails") return "mismatch";
  return found.waiting > 0 || found.outcome === "unchecked" ? "waiting" : "match";
}

/** Revoked by its issuer, or a claim whose time is over. A plot's code may end: what grew under it stays grown there. */
export const isLapsed = (
  { revoked, until, scheme }: TrailView["certificates"][number],
  now: number,
): boolean => revoked !== undefined || (scheme !== "growingArea" && until <= now);

export const STATUS_ICONS: Readonly<Record<Status, Icon>> = {
  recalled: "stop",
  certificate: "alert",
  mismatch: "cross",
  waiting: "clock",
  match: "check",
};

/** Title and text of each state. */
export const STATUS_WORDS = {
  recalled: {
    vi: ["Lô này đã bị thu hồi", "Đừng ăn, đừng bán. Giữ lại bao bì và trả về nơi bạn đã mua."],
    en: [
      "This lot has been recalled",
      "Do not eat it, do not sell it. Keep the bag and return it to where you bought it.",
    ],
  },
  certificate: {
    vi: [
      "Một chứng nhận không còn hiệu lực",
      "Xem mục Chứng nhận ở dưới để biết là chứng nhận nào.",
    ],
    en: ["A certificate is no longer valid", "See below, under Certificates, which one."],
  },
  mismatch: {
    vi: [
      "Hồ sơ không khớp",
      "Có ít nhất một bước không khớp với bản ghi trên chuỗi khối. Bước đó được đánh dấu ở dưới.",
    ],
    en: [
      "The records do not match",
      "At least one step differs from what is on the chain. It is marked below.",
    ],
  },
  waiting: {
    vi: [
      "Đang chờ ghi lên chuỗi khối",
      "Hồ sơ đã được ký và lưu, nhưng một phần chưa lên chuỗi khối. Hãy xem lại sau ít phút.",
    ],
    en: [
      "Waiting for the chain",
      "The records are signed and stored, but some are not on the chain yet. Look again in a few minutes.",
    ],
  },
  match: {
    vi: [
      "Hồ sơ khớp",
      "Hồ sơ của lô này khớp với bản ghi trên chuỗi khối. Mã QR có thể bị sao chép: hãy so số lô dưới đây với số in trên bao bì.",
    ],
    en: [
      "The records match",
      "The records of this lot match what is on the chain. A QR code can be copied: compare the lot number below with the print on the bag.",
    ],
  },
} as const satisfies Record<Status, Record<Context["language"], readonly [string, string]>>;

const BY = {
  server: {
    vi: "Theo máy chủ này. Trình duyệt của bạn chưa tự kiểm tra.",
    en: "So says this server. Your browser has not checked it yet.",
  },
  closed: {
    vi: "Người giữ đã đóng lô này ngày {day}: đã bán, dùng hết hoặc tiêu hủy. Nếu lô vẫn đang được bày bán, hãy hỏi người bán.",
    en: "Its holder closed this lot on {day}: sold, used up or destroyed. If it is still on offer, ask the seller.",
  },
  recall: { vi: "{by} thu hồi lô {lot} ngày {day}.", en: "{by} recalled lot {lot} on {day}." },
  reason: { vi: "Lý do:", en: "Reason:" },
  report: { vi: "Nên báo cho ai", en: "Whom to tell" },
  help: {
    vi: "Cần hỏi thêm: {name}, {address}.",
    en: "Questions: {name}, {address}.",
  },
} as const;

/**
 * The strip on top, and behind it what it would say in each worse state: the reader's browser may change it for
 * the worse, never for the better (web/src/verify/strip.ts).
 */
export function statusStrip(view: TrailView, found: Found, context: Context): Markup {
  const status = statusOf(view, found);
  const worse = STATUSES.slice(0, STATUSES.indexOf(status));
  return markup`<section class="status" data-state="${status}" id="status" role="status">
${said(status, [...closedWords(view, context), ...recallWords(view, context)], context)}</section>
${worse.map((each) => markup`<template data-state="${each}">${said(each, [], context)}</template>`)}`;
}

const said = (status: Status, more: readonly Markup[], { say, language }: Context): Markup => {
  const [title, text] = STATUS_WORDS[status][language];
  return markup`${icon(STATUS_ICONS[status])}<div><h2>${title}</h2><p>${text}</p>${more}
<p class="by">${say(BY.server)}</p></div>`;
};

/** A closed lot's records match for ever, also when its code turns up on something else. */
const closedWords = ({ closed }: TrailView, { say, format }: Context): readonly Markup[] =>
  closed === undefined
    ? []
    : [markup`<p><b>${say(BY.closed, { day: format.day(closed) })}</b></p>`];

/** Who recalled what, when and why. */
export const recallLines = (
  { recalls }: TrailView,
  { say, format, nameOf }: Context,
): readonly Markup[] =>
  recalls.map(({ lot, time, by, reason }) => {
    const values = { by: nameOf(by), lot: lot.number ?? lot.id, day: format.day(time) };
    const why =
      reason !== undefined &&
      markup` ${say(BY.reason)} <span lang="${languageOfText(reason)}">${stopless(reason)}</span>.`;
    return markup`<p>${say(BY.recall, values)}${why}</p>`;
  });

/** The same, and whom to ask. */
function recallWords(view: TrailView, context: Context): readonly Markup[] {
  const { recalls, gtin, number } = view;
  const { say, nameOf, language } = context;
  const words = recallLines(view, context);
  const [first] = recalls;
  if (first === undefined) return words;
  const { name, address } = { name: nameOf(first.by), address: first.by.address };
  const path = `/report${lotPath(gtin, number)}?lang=${language}`;
  return [
    ...words,
    address === undefined ? markup`` : markup`<p>${say(BY.help, { name, address })}</p>`,
    markup`<p class="no-print"><a href="${path}">${say(BY.report)}</a></p>`,
  ];
}

const stopless = (text: string): string => withoutEnd(text, ". \u00a0\t\n\r");
