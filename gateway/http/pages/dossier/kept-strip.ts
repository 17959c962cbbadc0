import type { Words } from "../../../core/recording.ts";
import type { TrailView } from "../../../core/trail-view.ts";
import { icon, type Icon } from "../icons.ts";
import { markup, type Markup } from "../markup.ts";
import type { Context } from "../trail/context.ts";
import { recallLines, STATUS_ICONS, STATUS_WORDS, STATUSES } from "../trail/status.ts";

const OPEN = {
  checking: {
    title: { vi: "Đang kiểm tra…", en: "Checking…" },
    text: {
      vi: "Tệp này đang hỏi chuỗi khối và tự trả lời năm câu hỏi dưới đây.",
      en: "This file is asking the chain, and answers the five questions below itself.",
    },
  },
  unchecked: {
    title: { vi: "Chưa kiểm tra được", en: "Not checked yet" },
    text: {
      vi: "Chưa hỏi được chuỗi khối về mọi điều. Hãy kiểm tra mạng và địa chỉ RPC dưới đây, hoặc dùng trạng thái đã lưu.",
      en: "The chain could not be asked about everything. Check your network and the RPC addresses below, or use a saved state.",
    },
  },
  older: {
    title: { vi: "Hồ sơ này cũ hơn chuỗi khối", en: "These records are older than the chain" },
    text: {
      vi: "Khi được lưu, hồ sơ khớp với chuỗi khối. Từ đó chuỗi khối đã có bản ghi mới về lô này hoặc nguyên liệu của nó, nên tệp này không nói được gì về hiện tại. Hãy tải tệp mới.",
      en: "They matched the chain when its last record was the last one here. The chain has newer records of this lot, or of what it was made from, so this file says nothing of the present. Fetch a new one.",
    },
  },
} as const satisfies Record<string, Readonly<Record<"title" | "text", Words>>>;

/**
 * The strip of a file to keep, and behind it what it will say, in the words of the lot's page: only the reader's own
 * check sets it (web/src/verify/strip.ts).
 */
export function keptStrip(view: TrailView, context: Context): Markup {
  const { say, language } = context;
  const open = (state: keyof typeof OPEN): Markup =>
    strip("clock", [say(OPEN[state].title), say(OPEN[state].text)]);
  return markup`<section class="status" data-state="waiting" id="status" role="status">${open("unchecked")}</section>
${(["checking", "unchecked", "older"] as const).map((state) => template(state, open(state)))}
${STATUSES.filter((state) => state !== "waiting").map((state) => {
  const more = state === "recalled" ? recallLines(view, context) : [];
  return template(state, strip(STATUS_ICONS[state], STATUS_WORDS[state][language], more));
})}`;
}

const template = (state: string, content: Markup): Markup =>
  markup`<template data-state="${state}">${content}</template>`;

const strip = (
  sign: Icon,
  [title, text]: readonly [string, string],
  more: readonly Markup[] = [],
): Markup =>
  markup`${icon(sign)}<div><h2>${title}</h2><p>${text}</p>${more}<p class="by"></p></div>`;
