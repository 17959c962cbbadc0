import { LOCALES, type Language } from "./language.ts";
import { sayDigits, sayWhole } from "./number-words.ts";

/** Grams that one entry may hold: ten thousand tonnes. */
const MOST_GRAMS = 1e10;

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  kg: 1,
  ký: 1,
  kí: 1,
  yến: 10,
  tạ: 100,
  tấn: 1000,
  t: 1000,
};

/**
 * Grams of what a person typed as kilograms, or undefined for what is no mass. Vietnamese puts dots between
 * thousands and a comma before decimals (1.250 is 1250, 1,25 is a bit more than one); English the other way
 * round. A mark that can only be a decimal one is taken as one.
 */
export function parseKilograms(text: string, language: Language): number | undefined {
  const parted = text.normalize("NFC").toLowerCase().trim();
  const compact = parted.replace(/(?<=\d)\s(?=\d{3}(?!\d))/g, ""); // "1 250", but not "12 0"
  const [, digits = "", unit = ""] = /^([\d.,]+)\s*(\p{L}*)$/u.exec(compact) ?? [];
  const factor = UNITS[unit];
  const number = plainNumber(digits, MARKS[language]);
  if (factor === undefined || number === undefined) return undefined;
  const [whole = "", decimals = ""] = number.split(".");
  const grams = Number(whole + decimals.padEnd(3, "0")) * 10 ** -Math.max(0, decimals.length - 3);
  const scaled = Math.round(grams * factor * 1e6) / 1e6;
  return Number.isSafeInteger(scaled) && scaled > 0 && scaled <= MOST_GRAMS ? scaled : undefined;
}

const MARKS = {
  vi: { thousands: ".", decimal: "," },
  en: { thousands: ",", decimal: "." },
} as const satisfies Record<Language, Marks>;
type Marks = { readonly thousands: string; readonly decimal: string };

/** The number with a dot before its decimals, when the marks stand where they may. */
function plainNumber(text: string, { thousands, decimal }: Marks): string | undefined {
  const [head = "", tail, ...more] = text.split(decimal);
  if (more.length > 0) {
    // "1,250,000" typed by Vietnamese rules: several of them can only part thousands
    return tail !== undefined && !text.includes(thousands) && grouped(text.split(decimal))
      ? text.replaceAll(decimal, "")
      : undefined;
  }
  const groups = head.split(thousands);
  const [first = "", second = ""] = groups;
  if (tail === undefined && groups.length === 2 && (second.length !== 3 || first === "0"))
    return wellFormed(first, second);
  if (groups.length > 1 && !grouped(groups)) return undefined;
  return wellFormed(groups.join(""), tail);
}

const grouped = ([first = "", ...rest]: readonly string[]): boolean =>
  /^[1-9]\d{0,2}$/.test(first) && rest.every((group) => /^\d{3}$/.test(group));

const wellFormed = (whole: string, decimals?: string): string | undefined =>
  /^\d+$/.test(whole) && (decimals === undefined || /^\d+$/.test(decimals))
    ? `${whole}.${decimals ?? ""}`
    : undefined;

/** "1.250,5 kg". */
export const formatMass = (grams: number, language: Language): string =>
  `${formatNumber(grams / 1000, language)} kg`;

/** At most three decimals: grams of a kilogram. */
export const formatNumber = (number: number, language: Language): string =>
  new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 3 }).format(number);

/** A part of a whole: "6,4 %". */
export const formatShare = (share: number, language: Language): string =>
  `${new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 1 }).format(share * 100)} %`;

/** What goes into an entry again when it is corrected: the number alone, without marks between thousands. */
export const kilogramsText = (grams: number, language: Language): string =>
  String(grams / 1000).replace(".", language === "vi" ? "," : ".");

/** "một nghìn hai trăm năm mươi ki-lô-gam": said aloud, a slip of the finger is heard. */
export function massInWords(grams: number, language: Language): string {
  const decimals = String(grams % 1000)
    .padStart(3, "0")
    .replace(/0+$/, "");
  const whole = sayWhole(Math.floor(grams / 1000), language);
  const { mark, unit } = SPOKEN[language];
  return [whole, ...(decimals === "" ? [] : [mark, sayDigits(decimals, language)]), unit].join(" ");
}

const SPOKEN = {
  vi: { mark: "phẩy", unit: "ki-lô-gam" },
  en: { mark: "point", unit: "kilograms" },
} as const satisfies Record<Language, object>;
