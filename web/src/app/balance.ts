import type { Words } from "../../../gateway/core/recording.ts";
import type { Language } from "./language.ts";
import { formatMass, formatShare } from "./numbers.ts";

/** What goes in and what comes out, in grams; `name` is what it is called in the sentence. */
export type Weighed = { readonly name: Words; readonly mass: number };

export type Balance = {
  readonly input: number;
  readonly output: number;
  readonly loss: number; // negative: more comes out than goes in
  readonly words: Words;
};

/** The balance of a step as one sentence: "vào 1.000 kg, ra 236 kg nhân, hao hụt 64 kg (6,4 %)". */
export function balanceOf(inputs: readonly number[], outputs: readonly Weighed[]): Balance {
  const input = inputs.reduce((sum, mass) => sum + mass, 0);
  const output = outputs.reduce((sum, { mass }) => sum + mass, 0);
  const loss = input - output;
  const say = (language: Language): string => {
    const { goesIn, comesOut, lost, over, nothing } = SAID[language];
    const made = outputs.map(
      ({ name, mass }) => `${formatMass(mass, language)} ${uncapital(name[language])}`,
    );
    const rest =
      loss < 0
        ? `${over} ${formatMass(-loss, language)}`
        : `${lost} ${formatMass(loss, language)} (${formatShare(input === 0 ? 0 : loss / input, language)})`;
    return [
      `${goesIn} ${formatMass(input, language)}`,
      ...(made.length > 0 ? [`${comesOut} ${made.join(", ")}`, rest] : [nothing]),
    ].join(", ");
  };
  return { input, output, loss, words: { vi: say("vi"), en: say("en") } };
}

/** Within a sentence only the first letter is a small one: "hạt điều Bình Phước". */
const uncapital = (name: string): string =>
  /^\p{Lu}\p{Ll}/u.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;

const SAID = {
  vi: {
    goesIn: "Vào",
    comesOut: "ra",
    lost: "hao hụt",
    over: "ra nhiều hơn vào",
    nothing: "chưa nhập gì ra",
  },
  en: {
    goesIn: "In",
    comesOut: "out",
    lost: "loss",
    over: "more out than in by",
    nothing: "nothing out yet",
  },
} as const satisfies Record<Language, object>;
