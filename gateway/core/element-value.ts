import type { ApplicationIdentifier, Part } from "./application-identifiers.ts";
import { requireCheckDigit, requireCheckPair, requireCompanyPrefix } from "./check-digit.ts";
import { COUNTRY_LETTERS, COUNTRY_NUMBERS } from "./code-lists.ts";
import { CURRENCY_NUMBERS, PACKAGE_TYPES } from "./code-lists.ts";
import { TraceError } from "./trace-error.ts";

/** Demands that `value` is one of this Application Identifier, part by part. Throws BAD_IDENTIFIER. */
export function requireElementValue({ ai, parts }: ApplicationIdentifier, value: string): void {
  let at = 0;
  for (const part of parts) {
    const text = value.slice(at, at + part.most);
    at += text.length;
    if (part.optional && text === "") continue;
    requirePart(ai, part, text);
  }
  if (at < value.length) throw new TraceError("BAD_IDENTIFIER", `the value of (${ai}) is too long`);
}

function requirePart(ai: string, part: Part, text: string): void {
  if (text.length < part.least)
    throw new TraceError("BAD_IDENTIFIER", `the value of (${ai}) is too short`);
  if (!SETS[part.set].test(text))
    throw new TraceError("BAD_IDENTIFIER", `(${ai}) has a character that it must not have`);
  for (const name of part.tests) {
    const test = TESTS[name];
    if (test === undefined) throw new Error(`the table names an unknown test, ${name}`);
    if (test(text) === false)
      throw new TraceError("BAD_IDENTIFIER", `(${ai}): "${text}" does not pass as ${name}`);
  }
}

// GS1 General Specifications, 7.11: character sets 82 and 39, and base64url for signatures
const SETS: Readonly<Record<Part["set"], RegExp>> = {
  N: /^[0-9]*$/,
  X: /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*$/,
  Y: /^[#\-/0-9A-Z]*$/,
  Z: /^[A-Za-z0-9_-]*={0,2}$/,
};

/** Each test throws or says false of a part that it refuses. */
const TESTS: Readonly<Record<string, (text: string) => boolean | void>> = {
  csum: requireCheckDigit,
  csumalpha: requireCheckPair,
  key: requireCompanyPrefix,
  keyoff1: (text) => requireCompanyPrefix(text.slice(1)),
  hasnondigit: (text) => /[^0-9]/.test(text),
  hyphen: (text) => /^-+$/.test(text),
  iban,
  importeridx: (text) => /^[-0-9A-Z_a-z]$/.test(text),
  iso3166: (text) => COUNTRY_NUMBERS.has(text),
  iso3166999: (text) => text === "999" || COUNTRY_NUMBERS.has(text),
  iso3166alpha2: (text) => COUNTRY_LETTERS.has(text),
  iso4217: (text) => CURRENCY_NUMBERS.has(text),
  iso5218: (text) => /^[0129]$/.test(text),
  latitude: (text) => Number(text) <= 1_800_000_000,
  longitude: (text) => Number(text) <= 3_600_000_000,
  mediatype: (text) => /^(?:0[1-9]|10|[89][0-9])$/.test(text),
  nonzero: (text) => /[^0]/.test(text),
  nozeroprefix: (text) => text === "0" || !text.startsWith("0"),
  packagetype: (text) => PACKAGE_TYPES.has(text),
  pcenc: (text) => !/%(?![0-9A-Fa-f]{2})/.test(text) && !/%00/.test(text),
  pieceoftotal: (text) => {
    const [piece, total] = [Number(text.slice(0, 2)), Number(text.slice(2))];
    return piece > 0 && piece <= total;
  },
  posinseqslash: (text) => {
    const [, place, end] = /^([1-9][0-9]*)\/([1-9][0-9]*)$/.exec(text) ?? [];
    return place !== undefined && Number(place) <= Number(end);
  },
  winding: (text) => /^[019]$/.test(text),
  yesno: (text) => /^[01]$/.test(text),
  zero: (text) => /^0+$/.test(text),
  hh: (text) => Number(text) < 24,
  mi: (text) => Number(text) < 60,
  ss: (text) => Number(text) < 60,
  hhmi: (text) => Number(text.slice(0, 2)) < 24 && Number(text.slice(2)) < 60,
  yymmd0: (text) => (text.endsWith("00") ? isDate(`20${text.slice(0, 4)}01`) : isDate(`20${text}`)),
  yymmdd: (text) => isDate(`20${text}`),
  yyyymmdd: isDate,
};

function isDate(text: string): boolean {
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6)].map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0));
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}

/** ISO 13616-1: the country, a length, and the check by 97 over letters as numbers. */
function iban(text: string): boolean {
  if (!/^[0-9A-Z]{11,34}$/.test(text) || !COUNTRY_LETTERS.has(text.slice(0, 2))) return false;
  const digits = (text.slice(4) + text.slice(0, 4)).replace(/[A-Z]/g, (letter) =>
    String(letter.charCodeAt(0) - 55),
  );
  return BigInt(digits) % 97n === 1n;
}
