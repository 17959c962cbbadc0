import { lotPath } from "../../../core/identifiers.ts";
import type { Words } from "../../../core/recording.ts";
import type { TrailView } from "../../../core/trail-view.ts";
import { markup, type Markup } from "../markup.ts";
import type { Context } from "./context.ts";

const WORDS = {
  more: {
    vi: "Còn {count} mục nữa trong bản in đầy đủ",
    en: "{count} more in the full dossier",
  },
} as const;

/** So much goes into the first answer that a phone receives; a lot of hundreds of farms has a dossier for the rest. */
const MOST = 30;

/** What is not shown at first, folded behind `summary`: at most thirty items, then a way to them all. */
export function folded(
  summary: Words,
  items: readonly Markup[],
  { view, context }: { readonly view: TrailView; readonly context: Context },
  list: (items: readonly Markup[]) => Markup,
): Markup {
  const { say, language } = context;
  const href = `/dossier${lotPath(view.gtin, view.number)}?lang=${language}`;
  const count = items.length - MOST;
  return markup`<details><summary>${say(summary, { count: items.length })}</summary>${list(items.slice(0, MOST))}
${count > 0 && markup`<p><a href="${href}">${say(WORDS.more, { count })}</a></p>`}</details>`;
}

/** Short forms of ids by which web/src/verify finds what a check is about: enough to tell records apart on one page. */
export const marksOf = (ids: readonly string[]): string =>
  ids.map((id) => id.slice(0, 18)).join(" ");
