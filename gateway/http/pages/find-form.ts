import type { Language } from "./language.ts";
import { sayIn } from "./language.ts";
import { markup, type Markup } from "./markup.ts";

const WORDS = {
  gtin: { vi: "Mã sản phẩm (GTIN)", en: "Product code (GTIN)" },
  lot: { vi: "Số lô", en: "Lot number" },
  find: { vi: "Xem hồ sơ", en: "See the records" },
} as const;

/** Looks up a lot by what is printed next to the code; works without a script. */
export function findForm(language: Language, gtin = "", lot = ""): Markup {
  const say = sayIn(language);
  return markup`<form class="find" action="/find" method="get"><input type="hidden" name="lang" value="${language}">
<label>${say(WORDS.gtin)}<input name="gtin" inputmode="numeric" autocomplete="off" required maxlength="14" value="${gtin}"></label>
<label>${say(WORDS.lot)}<input name="lot" autocomplete="off" autocapitalize="characters" required maxlength="20" value="${lot}"></label>
<button class="button main">${say(WORDS.find)}</button></form>`;
}

export const FIND_STYLE = `
.find{display:grid;gap:.8rem;margin-top:1rem}
.find label{display:grid;gap:.25rem;font-weight:600}
.find input{font:inherit;min-height:3.5rem;padding:.5rem .75rem;border:1px solid var(--soft);border-radius:.6rem;background:var(--paper);color:var(--ink);min-width:0}
@media(min-width:40rem){.find{grid-template-columns:1fr 1fr auto;align-items:end}}`;
