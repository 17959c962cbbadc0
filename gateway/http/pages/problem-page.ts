import type { Words } from "../../core/recording.ts";
import { FIND_STYLE, findForm } from "./find-form.ts";
import { icon } from "./icons.ts";
import type { Language } from "./language.ts";
import { sayIn } from "./language.ts";
import type { Page } from "./layout.ts";
import { markup } from "./markup.ts";
import { TRAIL_STYLE } from "./trail-style.ts";

/** What went wrong with a reader's request, and the code that was scanned as far as it can be read. */
export interface Problem {
  readonly kind: "malformed" | "unknown" | "early" | "product" | "nothing";
  readonly why?: Words;
  readonly values?: Readonly<Record<string, string | number>>;
  readonly gtin?: string;
  readonly lot?: string;
}

/** The HTTP status of each. A product without a lot is a good address that has nothing to list. */
export const PROBLEM_STATUS: Readonly<Record<Problem["kind"], number>> = {
  malformed: 400,
  unknown: 404,
  early: 404,
  product: 404,
  nothing: 404,
};

const WORDS = {
  malformed: { vi: "Mã này không đọc được", en: "This code cannot be read" },
  unknown: { vi: "Chưa có hồ sơ cho mã này", en: "No records for this code" },
  early: { vi: "Lô này vừa được ghi", en: "This lot was recorded just now" },
  product: { vi: "Cần thêm số lô", en: "A lot number is needed" },
  nothing: { vi: "Không có trang này", en: "There is no such page" },
  unknownWhy: {
    vi: "Mã đúng quy cách, nhưng ở đây không ai ghi gì về lô {lot} của sản phẩm {gtin}.",
    en: "The code is well-formed, but nobody recorded anything here about lot {lot} of product {gtin}.",
  },
  earlyWhy: {
    vi: "Lô {lot} đã được ký và lưu, nhưng chưa lên chuỗi khối nên chưa có gì để kiểm tra. Hãy xem lại sau ít phút.",
    en: "Lot {lot} is signed and stored, but not on the chain yet, so there is nothing to check. Look again in a few minutes.",
  },
  productWhy: {
    vi: "Mã sản phẩm {gtin} đúng, nhưng mỗi lô có hồ sơ riêng. Hãy nhập số lô in trên bao bì.",
    en: "Product code {gtin} is right, but every lot has records of its own. Enter the lot number from the bag.",
  },
  nothingWhy: {
    vi: "Địa chỉ này không dẫn tới đâu cả.",
    en: "This address leads nowhere.",
  },
  malformedWhy: {
    vi: "Địa chỉ của một lô có dạng /01/(mã sản phẩm)/10/(số lô). Địa chỉ này không phải vậy.",
    en: "The address of a lot reads /01/(product code)/10/(lot number). This one does not.",
  },
  todo: { vi: "Bạn có thể làm gì", en: "What you can do" },
  compare: {
    vi: "So mã sản phẩm và số lô với chữ in trên bao bì, rồi nhập lại ở dưới.",
    en: "Compare product code and lot number with the print on the bag, and enter them below.",
  },
  fresh: {
    vi: "Lô vừa đóng gói có thể chưa được ghi xong. Hãy thử lại sau một giờ.",
    en: "A lot that was packed just now may not be recorded yet. Try again in an hour.",
  },
  doubt: {
    vi: "Nếu mã đến từ bao bì thật mà vẫn không có hồ sơ, hãy hỏi nơi bán và giữ lại bao bì.",
    en: "If the code is printed on a bag and still has no records, ask the seller, and keep the bag.",
  },
} as const;

const REASONS = {
  unknown: WORDS.unknownWhy,
  early: WORDS.earlyWhy,
  product: WORDS.productWhy,
  nothing: WORDS.nothingWhy,
  malformed: WORDS.malformedWhy,
} as const;

/** A page that says what was wrong with a code and what to do now, instead of a dead end. */
export function problemPage(language: Language, path: string, problem: Problem): Page {
  const say = sayIn(language);
  const { kind, gtin = "", lot = "", values = { gtin, lot } } = problem;
  const todo = [WORDS.compare, ...(kind === "unknown" ? [WORDS.fresh, WORDS.doubt] : [])];
  const calm = kind === "product" || kind === "early";
  return {
    language,
    path,
    title: say(WORDS[kind]),
    style: TRAIL_STYLE + FIND_STYLE,
    body: markup`<section class="status" data-state="${calm ? "waiting" : "certificate"}">
${icon(calm ? "clock" : "alert")}<div><h1>${say(WORDS[kind])}</h1><p>${say(problem.why ?? REASONS[kind], values)}</p></div></section>
<section class="card"><h2>${say(WORDS.todo)}</h2><ul class="todo">${todo.map((words) => markup`<li>${say(words)}</li>`)}</ul>
${findForm(language, gtin, lot)}</section>`,
  };
}
