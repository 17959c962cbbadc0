/** Numbers and times as people in Viet Nam and their customers read them. */
import type { Language } from "./language.ts";

const LOCALES = { vi: "vi-VN", en: "en-GB" } as const;
const ZONE = "Asia/Ho_Chi_Minh";
const NARROW = "\u202f";

/** Texts of one language. Masses are grams, shares 0 to 1, times seconds since 1970. */
export interface Format {
  readonly number: (value: number) => string;
  readonly mass: (grams: number) => string;
  readonly share: (share: number) => string;
  /** The same rounded down to whole percent, for what must not be said too large. */
  readonly atLeast: (share: number) => string;
  readonly day: (seconds: number) => string;
  readonly hour: (seconds: number) => string;
  readonly moment: (seconds: number) => string;
}

/** Signed by a stranger, a time can lie beyond what a calendar has: it is shown as the last day of the year 9999. */
const dateOf = (seconds: number): number => Math.min(seconds, 253_402_275_599) * 1000;

const formats = (language: Language): Format => {
  const locale = LOCALES[language];
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const tenth = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(
    locale,
    language === "vi"
      ? { timeZone: ZONE, day: "2-digit", month: "2-digit", year: "numeric" }
      : { timeZone: ZONE, day: "numeric", month: "short", year: "numeric" },
  );
  const hour = new Intl.DateTimeFormat("en-GB", {
    timeZone: ZONE,
    hour: "2-digit",
    minute: "2-digit",
  });
  return {
    number: (value) => number.format(value),
    mass: (grams) => `${number.format(grams / 1000)}\u00a0kg`,
    share: (share) => `${tenth.format(roundedShare(share))}${NARROW}%`,
    atLeast: (share) =>
      share < 0.01 ? `<${NARROW}1${NARROW}%` : `${Math.floor(share * 100 + 1e-9)}${NARROW}%`,
    day: (seconds) => day.format(dateOf(seconds)),
    hour: (seconds) => hour.format(dateOf(seconds)),
    moment: (seconds) => `${hour.format(dateOf(seconds))}, ${day.format(dateOf(seconds))}`,
  };
};

/** Percent to one place, but 100 and 0 only for all and nothing: 99.97 % is not "100 %". */
const roundedShare = (share: number): number => {
  const rounded = Math.round(share * 1000) / 10;
  if (share < 1 - 1e-9 && rounded === 100) return 99.9;
  return share > 1e-9 && rounded === 0 ? 0.1 : rounded;
};

const FORMATS = { vi: formats("vi"), en: formats("en") } as const;

export const formatIn = (language: Language): Format => FORMATS[language];
