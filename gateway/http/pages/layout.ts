import { LOGO } from "./icons.ts";
import { LANGUAGES, sayIn, type Language, type Say } from "./language.ts";
import { markup, written, type Markup } from "./markup.ts";
import { BASE_STYLE } from "./style.ts";

/** A whole page before it is sent. `path` is its own address without the language. */
export interface Page {
  readonly language: Language;
  readonly path: string;
  readonly title: string;
  readonly description?: string;
  readonly style?: string;
  readonly script?: string;
  /** Whether this is a file to keep, which may reach any chain but load nothing: it brings its own policy. */
  readonly kept?: boolean;
  readonly body: Markup;
}

const WORDS = {
  skip: { vi: "Đến nội dung chính", en: "Skip to content" },
  languages: { vi: "Ngôn ngữ", en: "Language" },
  home: { vi: "Plotline, trang đầu", en: "Plotline, start page" },
  quiet: {
    vi: "Trang này không dùng cookie, không quảng cáo, không theo dõi bạn.",
    en: "This page sets no cookie, shows no advertising and does not track you.",
  },
} as const;

const KEPT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src http: https:; img-src data:";

const NAMES = { vi: "Tiếng Việt", en: "English" } as const;

/** The HTML of a page: everything that it needs to be read is in this one answer. */
export function documentOf(page: Page): string {
  const say = sayIn(page.language);
  return markup`<!doctype html>
<html lang="${page.language}"><head><meta charset="utf-8">
${page.kept === true && markup`<meta http-equiv="Content-Security-Policy" content="${KEPT_POLICY}">`}
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${page.title}</title>
${page.description !== undefined && markup`<meta name="description" content="${page.description}">`}
<meta name="theme-color" content="#1d6a3a"><meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<style>${written(styleOf(page))}</style>
${page.script !== undefined && markup`<script type="module" src="${page.script}"></script>`}
</head><body><a class="skip" href="#main">${say(WORDS.skip)}</a>
${header(page, say)}
<main id="main" class="wrap">${page.body}</main>
${page.kept !== true && markup`<footer class="wrap foot"><p>${say(WORDS.quiet)}</p></footer>`}
</body></html>`.html;
}

const styleOf = ({ style = "" }: Page): string => (BASE_STYLE + style).replaceAll("\n", "");

/** A file to keep has no other pages, so it has no way there; its other language lies in it (web/src/verify/file.ts). */
const header = ({ language, path, kept }: Page, say: Say): Markup =>
  kept === true
    ? markup`<header class="wrap top"><span class="brand">${LOGO}<span>Plotline</span></span>
<nav class="languages" aria-label="${say(WORDS.languages)}">${LANGUAGES.map(
        (each) => markup`<button type="button" data-choose="${each}" lang="${each}"
${each === language && markup` aria-current="true"`}>${NAMES[each]}</button>`,
      )}</nav></header>`
    : markup`<header class="wrap top">
<a class="brand" href="/?lang=${language}" aria-label="${say(WORDS.home)}">${LOGO}<span>Plotline</span></a>
<nav class="languages" aria-label="${say(WORDS.languages)}">${LANGUAGES.map(
        (each) => markup`<a href="${path}?lang=${each}" lang="${each}" hreflang="${each}"
${each === language && markup` aria-current="true"`}>${NAMES[each]}</a>`,
      )}</nav></header>`;
