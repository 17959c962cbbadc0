/** A refusal's values as a sentence in one language wants them, by the name of the argument. */
export type Say = {
  readonly kg: (name: string) => string;
  readonly time: (name: string) => string;
  /** "from A to B", of the arguments `from` and `until`. */
  readonly period: () => string;
  readonly id: (name: string) => string;
  readonly text: (name: string) => string;
  /** The kind of operation, of the argument `kind`. */
  readonly kind: () => string;
};

/** One thing said in both languages. */
export type Sentences = { readonly vi: (say: Say) => string; readonly en: (say: Say) => string };
