import type { Language } from "./language.ts";

/** A whole number below 10^12 as it is said aloud. */
export const sayWhole = (number: number, language: Language): string =>
  number === 0 ? ZERO[language] : (language === "vi" ? sayVietnamese : sayEnglish)(number);

/** Single digits, one after another: what is said behind the decimal mark. */
export const sayDigits = (digits: string, language: Language): string =>
  [...digits].map((digit) => DIGITS[language][Number(digit)]).join(" ");

const ZERO = { vi: "không", en: "zero" } as const;
const DIGITS = {
  vi: ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"],
  en: ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
} as const satisfies Record<Language, readonly string[]>;
const SCALES = {
  vi: ["", "nghìn", "triệu", "tỷ"],
  en: ["", "thousand", "million", "billion"],
} as const satisfies Record<Language, readonly string[]>;
const TEENS =
  "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const TENS = "  twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** Groups of three digits, the highest first, each with its place: 1250 is [1, 1], [250, 0]. */
function groupsOf(number: number): readonly (readonly [group: number, scale: number])[] {
  const groups: (readonly [number, number])[] = [];
  for (let [left, scale] = [number, 0]; left > 0; left = Math.floor(left / 1000), scale++)
    groups.unshift([left % 1000, scale]);
  return groups;
}

function sayVietnamese(number: number): string {
  return groupsOf(number)
    .filter(([group]) => group > 0)
    .map(([group, scale], i) => `${sayHundreds(group, i > 0)} ${SCALES.vi[scale]}`.trim())
    .join(" ");
}

/** Behind a higher group the hundreds are always said: 1005 is "một nghìn không trăm lẻ năm". */
function sayHundreds(group: number, behind: boolean): string {
  const [hundreds, rest] = [Math.floor(group / 100), group % 100];
  const [tens, ones] = [Math.floor(rest / 10), rest % 10];
  const words: string[] = [];
  if (hundreds > 0 || behind) words.push(`${DIGITS.vi[hundreds]} trăm`);
  if (tens === 0 && ones > 0) words.push(words.length > 0 ? "lẻ" : "", DIGITS.vi[ones] ?? "");
  if (tens === 1) words.push("mười", ones === 5 ? "lăm" : ones > 0 ? (DIGITS.vi[ones] ?? "") : "");
  if (tens > 1) words.push(DIGITS.vi[tens] ?? "", "mươi", AFTER_TENS[ones] ?? "");
  return words.filter((word) => word !== "").join(" ");
}

const AFTER_TENS = ["", "mốt", "hai", "ba", "tư", "lăm", "sáu", "bảy", "tám", "chín"];

function sayEnglish(number: number): string {
  return groupsOf(number)
    .filter(([group]) => group > 0)
    .map(([group, scale], i) => {
      const and = i > 0 && scale === 0 && group < 100 ? "and " : "";
      return `${and}${sayHundred(group)} ${SCALES.en[scale]}`.trim();
    })
    .join(" ");
}

function sayHundred(group: number): string {
  const [hundreds, rest] = [Math.floor(group / 100), group % 100];
  const ones = DIGITS.en[rest % 10] ?? "";
  const below =
    rest < 10
      ? ones
      : rest < 20
        ? (TEENS[rest - 10] ?? "")
        : [TENS[Math.floor(rest / 10)], ...(rest % 10 > 0 ? [ones] : [])].join("-");
  if (hundreds === 0) return below;
  return `${DIGITS.en[hundreds]} hundred${rest > 0 ? ` and ${below}` : ""}`;
}
