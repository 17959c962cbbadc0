/** Grams of lots, in words. */
import type { LotView } from "../../../core/trail-names.ts";
import { markup, type Markup } from "../markup.ts";
import type { Context } from "./context.ts";

const WORDS = { lot: { vi: "lô {lot}", en: "lot {lot}" } } as const;

export const totalOf = (lots: readonly LotView[]): number =>
  lots.reduce((sum, { mass }) => sum + mass, 0);

/** "lô NH-0412", or nothing where no record names the lot. */
export const lotWords = (number: string | undefined, { say }: Context): readonly string[] =>
  number === undefined ? [] : [say(WORDS.lot, { lot: number })];

/** "480 kg Nhân điều trắng (lô NH-0412)". */
export const goodsOf = (lot: LotView, context: Context): string =>
  [
    `${context.format.mass(lot.mass)} ${context.productOf(lot)}`,
    ...lotWords(lot.number, context).map((words) => `(${words})`),
  ].join(" ");

export const lotList = (lots: readonly LotView[], context: Context): Markup =>
  markup`${lots.map((lot, at) => markup`${at > 0 && markup`<br>`}${goodsOf(lot, context)}`)}`;
