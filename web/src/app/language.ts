import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Words } from "../../../gateway/core/recording.ts";

/** The languages of every page; Vietnamese comes first. */
export type Language = keyof Words;

/** Where dates and numbers get their form from. */
export const LOCALES = { vi: "vi-VN", en: "en-GB" } as const satisfies Record<Language, string>;

export const LanguageContext = createContext<Language>("vi");

export const useLanguage = (): Language => useContext(LanguageContext);

/** Gives the function that picks a text's language. */
export function useSay(): (words: Words) => string {
  const language = useLanguage();
  return (words) => words[language];
}

const REMEMBERED = "plotline-language";

/** The language that the address asks for, or that was chosen last, or the first of the browser's that we have, or Vietnamese. */
export function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get("lang");
  const wanted = [asked, localStorage.getItem(REMEMBERED), ...navigator.languages];
  const known = wanted.map((tag) => tag?.slice(0, 2)).find((tag) => tag === "vi" || tag === "en");
  return known ?? "vi";
}

/** Keeps the choice for the next start, and in the address so that a reload agrees with it. */
export function rememberLanguage(language: Language): void {
  localStorage.setItem(REMEMBERED, language);
  document.documentElement.lang = language;
  const address = new URL(location.href);
  if (address.searchParams.has("lang")) {
    address.searchParams.set("lang", language);
    history.replaceState(null, "", address);
  }
}

/** A day of Viet Nam as people write it there: 23/11/2026. `time` in ms. */
export const formatDay = (time: number, language: Language): string =>
  new Intl.DateTimeFormat(LOCALES[language], DAY).format(inCalendar(time));

/** What others signed may lie beyond any calendar, where formatting throws: then its end, and 1970 for what is no time. */
const inCalendar = (time: number): number =>
  Number.isNaN(time) ? 0 : Math.min(Math.max(time, -LAST), LAST);
const LAST = 8.64e15; // ECMA-262, 21.4.1.1

/** Day and minute in Viet Nam, which has one zone and no summer time: "10:05 23/11/2026 (UTC+7)". `time` in ms. */
export const formatTime = (time: number, language: Language): string =>
  `${new Intl.DateTimeFormat("en-GB", MINUTE).format(inCalendar(time))} ${formatDay(time, language)} (${ZONE})`;

/** How long something took, in the largest unit that it fills: "3 giờ". */
export function formatSpan(seconds: number, language: Language): string {
  const [size, unit] = SPANS.find(([size]) => seconds >= size) ?? [1, "second"];
  const style = { style: "unit", unit, unitDisplay: "long" } as const;
  return new Intl.NumberFormat(LOCALES[language], style).format(Math.floor(seconds / size));
}

const SPANS = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
] as const;

const TIME_ZONE = "Asia/Ho_Chi_Minh";
const ZONE = "UTC+7";
const DAY = { timeZone: TIME_ZONE, day: "2-digit", month: "2-digit", year: "numeric" } as const;
const MINUTE = { timeZone: TIME_ZONE, hour: "2-digit", minute: "2-digit" } as const;
