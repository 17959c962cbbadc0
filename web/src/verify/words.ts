/** What the page says, in its own language: gateway/http/pages wrote it there, as JSON. */
import type { VerdictWords } from "../../../gateway/core/verdict-words.ts";

export type Texts = VerdictWords;

/** What stands on the page for its verifier: attributes of the one element that asks for a verdict. */
export const dataOf = (): DOMStringMap =>
  document.querySelector<HTMLElement>("#proof")?.dataset ?? {};

export const texts = (): Texts => JSON.parse(dataOf()["words"] ?? "{}") as Texts;

/** The sentence with values where it names them in braces. */
export const fill = (sentence: string, values: Readonly<Record<string, string | number>>): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
