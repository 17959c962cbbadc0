import type { Kind } from "../../../core/operations.ts";
import type { Words } from "../../../core/recording.ts";
import type { TrailView } from "../../../core/trail-view.ts";
import { markup, type Markup } from "../markup.ts";
import { lotList, totalOf } from "../trail/goods.ts";
import { marksOf } from "../trail/folded.ts";
import type { Context } from "../trail/context.ts";

const WORDS = {
  title: { vi: "Cân đối khối lượng", en: "Mass balance" },
  date: { vi: "Ngày", en: "Date" },
  step: { vi: "Bước", en: "Step" },
  into: { vi: "Vào", en: "In" },
  out: { vi: "Ra", en: "Out" },
  loss: { vi: "Hao hụt", en: "Loss" },
  harvest: { vi: "Thu hoạch", en: "Harvest" },
  intake: { vi: "Nhập từ nơi khác", en: "Intake" },
  process: { vi: "Chế biến", en: "Processing" },
} as const;

const WEIGHING = ["harvest", "intake", "process"] as const satisfies readonly Kind[];
const isWeighing = (kind: Kind): kind is (typeof WEIGHING)[number] =>
  WEIGHING.some((each) => each === kind);

/** Every step that makes a lot: what went in, what came out, what was lost. */
export function balanceTable({ steps }: TrailView, context: Context): Markup {
  const { say, format, nameOf } = context;
  const rows = steps.map(({ kind, time, party, inputs, outputs, digest }) => {
    if (!isWeighing(kind)) return undefined;
    const loss = totalOf(inputs) - totalOf(outputs);
    // On a phone each cell stands on a line of its own, below its name.
    const cell = (words: Words, content: Markup | string): Markup =>
      markup`<td data-name="${say(words)}"><div>${content}</div></td>`;
    return markup`<tr data-records="${marksOf([digest])}">${cell(WORDS.date, format.day(time))}
${cell(WORDS.step, markup`${say(WORDS[kind])}<br><small>${nameOf(party)}</small>`)}
${cell(WORDS.into, inputs.length > 0 ? markup`${lotList(inputs, context)}` : "–")}${cell(WORDS.out, markup`${lotList(outputs, context)}`)}
${cell(WORDS.loss, kind === "process" ? format.mass(loss) : "–")}</tr>`;
  });
  return markup`<section class="card"><h2>${say(WORDS.title)}</h2><div class="wide-table" tabindex="0" role="region" aria-label="${say(WORDS.title)}"><table><thead><tr>
${[WORDS.date, WORDS.step, WORDS.into, WORDS.out, WORDS.loss].map((words) => markup`<th scope="col">${say(words)}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}
