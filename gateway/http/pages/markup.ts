import { straight } from "../../core/free-text.ts";

/** HTML that is safe to send: every value that is not markup itself is escaped. */
export interface Markup {
  readonly html: string;
}
type Part = Markup | string | number | false | undefined | readonly Part[];

/** A template of HTML; values are texts, markup, lists of them, or nothing. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const html = texts.reduce((all, text, i) => all + textOf(parts[i - 1]) + tight(text), "");
  return { html };
}

/** Text that is HTML already. Only for what we wrote ourselves: never for what came from outside. */
export const written = (html: string): Markup => ({ html });

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as it may stand between tags and inside quoted attributes: HTML Living Standard, 13.3. */
export const escape = (text: string): string =>
  straight(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");

function textOf(part: Part): string {
  if (part === undefined || part === false) return "";
  if (typeof part === "object") return "html" in part ? part.html : part.map(textOf).join("");
  return escape(String(part));
}

/** Our indentation need not travel; a line break stays one blank, since it may stand between words. */
const tight = (text: string): string => text.replace(/\s*\n\s*/g, "\n");
