import { checkDigitOf } from "../../core/check-digit.ts";
import { lotPath } from "../../core/identifiers.ts";
import type { Words } from "../../core/recording.ts";
import { TraceError } from "../../core/trace-error.ts";

/** What a scanned path means: a lot's canonical path, or what is wrong with it in words that help. */
export type Scanned =
  | { readonly path: string; readonly canonical: boolean }
  | { readonly wrong: Words; readonly values: Readonly<Record<string, string | number>> };

const WORDS = {
  digits: {
    vi: "Mã sản phẩm (GTIN) phải có 8, 12, 13 hoặc 14 chữ số. Mã này là “{found}”.",
    en: "A product code (GTIN) has 8, 12, 13 or 14 digits. This one is “{found}”.",
  },
  check: {
    vi: "Chữ số cuối của mã sản phẩm {found} phải là {wanted}. Có thể mã bị mờ, hoặc một số bị gõ nhầm.",
    en: "The last digit of the product code {found} should be {wanted}. The print may be smudged, or a digit mistyped.",
  },
  lot: {
    vi: "Số lô chỉ gồm chữ cái không dấu, chữ số và các dấu . - _, nhiều nhất 20 ký tự. Số lô này là “{found}”.",
    en: "A lot number has letters, digits and . - _ only, at most 20 of them. This one is “{found}”.",
  },
} as const satisfies Record<string, Words>;

/**
 * Judges the GTIN and lot of a scanned code. GTIN-8, -12 and -13 are padded to 14 digits (GS1 Digital Link URI
 * Syntax, 4.12), so that one lot has one address.
 */
export function scanned(gtin: string, lot: string): Scanned {
  if (!/^(?:\d{8}|\d{12,14})$/.test(gtin))
    return { wrong: WORDS.digits, values: { found: gtin.slice(0, 40) } };
  const wanted = checkDigitOf(gtin.slice(0, -1));
  if (!gtin.endsWith(wanted)) return { wrong: WORDS.check, values: { found: gtin, wanted } };
  const padded = gtin.padStart(14, "0");
  try {
    return { path: lotPath(padded, lot), canonical: padded === gtin };
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    return { wrong: WORDS.lot, values: { found: lot.slice(0, 40) } };
  }
}
