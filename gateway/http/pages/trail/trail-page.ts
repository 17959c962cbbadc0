import { lotPath } from "../../../core/identifiers.ts";
import type { TrailView } from "../../../core/trail-view.ts";
import type { Language } from "../language.ts";
import type { Page } from "../layout.ts";
import { markup } from "../markup.ts";
import { TRAIL_STYLE } from "../trail-style.ts";
import { certificatesCard } from "./certificates.ts";
import { contextIn } from "./context.ts";
import { journeyCard } from "./journey.ts";
import { lotCard, originCard, peopleCard } from "./lot.ts";
import { proofCard, type ProofOptions } from "./proof.ts";
import { sensorsCard } from "./sensors.ts";
import { statusStrip, type Found } from "./status.ts";

const WORDS = {
  title: { vi: "{product}, lô {lot}", en: "{product}, lot {lot}" },
  description: {
    vi: "Ai đã làm ra lô này, ở đâu, qua những bước nào, và bằng chứng để bạn tự kiểm tra.",
    en: "Who made this lot, where, in which steps, and the proof to check it yourself.",
  },
} as const;

/** Everything that the page of a lot is made of. */
export interface TrailPage extends ProofOptions {
  readonly view: TrailView;
  readonly found: Found;
  readonly language: Language;
  readonly script: string | undefined;
}

/** The page behind the code on a bag: the status first, then the lot and its story, then the proof. */
export function trailPage({ view, found, language, script, ...proof }: TrailPage): Page {
  const context = contextIn(language);
  const { say } = context;
  const product = view.product?.[language] ?? view.gtin;
  return {
    language,
    path: lotPath(view.gtin, view.number),
    title: say(WORDS.title, { product, lot: view.number }),
    description: say(WORDS.description),
    style: TRAIL_STYLE,
    ...(script === undefined ? {} : { script }),
    body: markup`${statusStrip(view, found, context)}
<div class="two"><div>${lotCard(view, context)}${peopleCard(view, context)}${originCard(view, context)}
${certificatesCard(view, found.now, context)}${journeyCard(view, context)}${sensorsCard(view, context)}</div>
<div>${proofCard(view, proof, context)}</div></div>`,
  };
}
