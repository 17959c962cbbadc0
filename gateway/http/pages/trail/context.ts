import type { Words } from "../../../core/recording.ts";
import type { LotView, PartyView } from "../../../core/trail-names.ts";
import { formatIn, type Format } from "../format.ts";
import { sayIn, type Language, type Say } from "../language.ts";

/** How a section speaks: words, numbers and names in the reader's language. */
export interface Context {
  readonly language: Language;
  readonly say: Say;
  readonly format: Format;
  readonly nameOf: (party: PartyView) => string;
  readonly productOf: (lot: LotView) => string;
}

const WORDS = {
  noName: { vi: "Chưa có thông tin", en: "No information yet" },
  goods: { vi: "Hàng", en: "Goods" },
} as const satisfies Record<string, Words>;

export function contextIn(language: Language): Context {
  const say = sayIn(language);
  return {
    language,
    say,
    format: formatIn(language),
    // A party without a name in the records still has its identifier: better a number than nobody.
    nameOf: ({ name, uri }) => name?.[language] ?? uri?.split("/").at(-1) ?? say(WORDS.noName),
    productOf: ({ product }) => product?.[language] ?? say(WORDS.goods),
  };
}
