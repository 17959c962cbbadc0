import { icon } from "../icons.ts";
import { markup, type Markup } from "../markup.ts";
import type { Context } from "../trail/context.ts";

const WORDS = {
  print: { vi: "In, hoặc lưu thành PDF", en: "Print, or save as PDF" },
  printHint: {
    vi: "Muốn in hay lưu PDF: dùng lệnh In của trình duyệt (Ctrl+P; trên điện thoại: trình đơn, Chia sẻ, In).",
    en: "To print it or keep a PDF: your browser's Print command (Ctrl+P; on a phone: menu, Share, Print).",
  },
  save: { vi: "Tải thành một tệp tự kiểm tra", en: "Save as one file that checks itself" },
  intro: {
    vi: "Tệp này chứa toàn bộ hồ sơ và chương trình kiểm tra, và không cần đến máy chủ của chúng tôi. Mở ra là tự hỏi chuỗi khối; muốn kiểm tra lại, chọn một trong hai cách:",
    en: "This file holds all the records and the program that checks them, and needs no server of ours. It asks the chain as soon as it is opened; to check again, choose one way:",
  },
  online: { vi: "1. Hỏi chuỗi khối", en: "1. Ask the chain" },
  endpoints: {
    vi: "Địa chỉ RPC, mỗi dòng một địa chỉ; nên dùng địa chỉ mà bạn tin",
    en: "RPC addresses, one a line; better use ones that you trust",
  },
  check: { vi: "Kiểm tra", en: "Check" },
  offline: {
    vi: "2. Không có mạng: dùng trạng thái chuỗi khối đã lưu",
    en: "2. Without a network: use a saved chain state",
  },
  state: {
    vi: "Tệp do lệnh verify --save-state ghi lại",
    en: "The file that verify --save-state wrote",
  },
} as const;

/** How to take the dossier along. */
export const saveButtons = (path: string, { say, language }: Context): Markup =>
  markup`<p class="buttons"><a class="button main" href="/dossier${path}?lang=${language}&amp;download=1" download>${icon("down")}${say(WORDS.save)}</a></p>
<p class="small no-print">${say(WORDS.printHint)}</p>`;

/** In the file to keep: by what the reader wants it judged. web/src/verify/file.ts listens. */
export const offlinePart = (rpcUrls: readonly string[], { say }: Context): Markup =>
  markup`<div class="ask no-print"><p>${say(WORDS.intro)}</p>
<h3>${say(WORDS.online)}</h3><label>${say(WORDS.endpoints)}<textarea id="endpoints" rows="2" spellcheck="false">${rpcUrls.join("\n")}</textarea></label>
<button type="button" class="button main" id="ask-chain">${say(WORDS.check)}</button>
<h3>${say(WORDS.offline)}</h3><label>${say(WORDS.state)}<input type="file" id="saved-state" accept=".json,application/json"></label></div>`;
