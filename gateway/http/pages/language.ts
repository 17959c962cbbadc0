import type { Words } from "../../core/recording.ts";

/** The languages of every page, the first one first. */
export const LANGUAGES = ["vi", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Says words in one language, filling `{name}` from `values`. */
export type Say = (words: Words, values?: Readonly<Record<string, string | number>>) => string;

export const sayIn =
  (language: Language): Say =>
  (words, values = {}) =>
    words[language].replace(/\{(\w+)\}/g, (blank, name: string) => String(values[name] ?? blank));

/** The language that a reader asked for by `?lang=`, else the first of `accepted` that we have, else Vietnamese. */
export function languageOf(asked: unknown, accepted: readonly string[]): Language {
  const known = (tag: string): Language | undefined =>
    LANGUAGES.find((language) => tag.toLowerCase().split("-")[0] === language);
  const wanted = typeof asked === "string" ? known(asked) : undefined;
  return wanted ?? accepted.map(known).find((language) => language !== undefined) ?? "vi";
}
