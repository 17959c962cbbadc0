import { areaName } from "../../../core/areas.ts";
import type { Hex } from "../../../core/bytes.ts";
import { languageOfText } from "../../../core/free-text.ts";
import type { Kind } from "../../../core/operations.ts";
import type { Words } from "../../../core/recording.ts";
import type { LotView } from "../../../core/trail-names.ts";
import type { StepView, TrailView } from "../../../core/trail-view.ts";
import { icon, type Icon } from "../icons.ts";
import { markup, type Markup } from "../markup.ts";
import { SCHEME_WORDS } from "./certificates.ts";
import type { Context } from "./context.ts";
import { folded, marksOf } from "./folded.ts";
import { goodsOf, lotWords, totalOf } from "./goods.ts";

/** A step as people tell it: a hand-over and the taking over are one, signed by both. */
export type Told = StepView & { readonly records: readonly Hex[]; readonly giver?: StepView };

const KINDS: Readonly<Record<Kind, { icon: Icon; words: Words }>> = {
  harvest: { icon: "sprout", words: { vi: "Thu hoạch", en: "Harvested" } },
  intake: { icon: "ship", words: { vi: "Nhập từ nơi khác", en: "Brought in from elsewhere" } },
  process: { icon: "gears", words: { vi: "Chế biến", en: "Processed" } },
  handOver: { icon: "hand", words: { vi: "Giao hàng", en: "Handed over" } },
  takeOver: { icon: "hand", words: { vi: "Giao nhận", en: "Changed hands" } },
  certify: { icon: "seal", words: { vi: "Gắn chứng nhận", en: "Certificate attached" } },
  note: { icon: "note", words: { vi: "Ghi nhận", en: "Noted" } },
  recall: { icon: "flag", words: { vi: "Thu hồi", en: "Recalled" } },
  lift: { icon: "flag", words: { vi: "Gỡ lệnh thu hồi", en: "Recall lifted" } },
  retire: { icon: "box", words: { vi: "Kết thúc lô", en: "Lot closed" } },
};
const NOTES: Readonly<Record<string, Words>> = {
  storing: { vi: "Lưu kho", en: "Stored" },
  inspecting: { vi: "Kiểm tra", en: "Inspected" },
  transporting: { vi: "Vận chuyển", en: "Transported" },
  holding: { vi: "Tạm giữ", en: "Held" },
  packing: { vi: "Đóng gói", en: "Packed" },
};

const WORDS = {
  title: { vi: "Hành trình", en: "The journey" },
  all: { vi: "Xem tất cả {count} bước", en: "See all {count} steps" },
  from: { vi: "khai báo từ {area}", en: "declared from {area}" },
  both: {
    vi: "{giver} giao cho {taker}. Cả hai bên đã ký.",
    en: "{giver} to {taker}. Both signed.",
  },
  one: {
    vi: "{giver} giao cho {taker}. Chỉ {signer} ký, cho cả hai bên.",
    en: "{giver} to {taker}. Only {signer} signed, for both.",
  },
  recorded: { vi: "ghi lên chuỗi khối {day}", en: "recorded on the chain {day}" },
  to: {
    vi: "{giver} giao cho {taker}; bên nhận chưa ký",
    en: "{giver} to {taker}, who has not signed yet",
  },
  inOut: { vi: "Vào {inputs}, ra {outputs}", en: "In {inputs}, out {outputs}" },
  loss: { vi: "hao hụt {mass} ({share})", en: "loss {mass} ({share})" },
  certificate: { vi: "{scheme}, số {number}", en: "{scheme}, no. {number}" },
  agent: {
    vi: "{agent} ghi hộ và ký, theo phép của {party}.",
    en: "Recorded and signed by {agent}, whom {party} allowed to.",
  },
  misquoted: {
    vi: "Bị sửa sau khi ký: bản ghi trên máy chủ nay nói {told}, nhưng con số đã ký là {signed} (lô {lot}).",
    en: "Altered after it was signed: the stored record now says {told}, but {signed} was signed (lot {lot}).",
  },
} as const;

const SHOWN = 7;
/** Which steps a short story keeps first. */
const WEIGHT: Readonly<Record<Kind, number>> = {
  recall: 0,
  lift: 0,
  process: 1,
  certify: 2,
  harvest: 3,
  intake: 3,
  takeOver: 4,
  retire: 5,
  note: 6,
  handOver: 7,
};

/** The steps in the order of the chain, each hand-over joined with its taking over. */
export function toldOf(steps: readonly StepView[]): readonly Told[] {
  const joined = new Set<StepView>();
  return steps
    .map((step, at): Told => {
      const giver =
        step.kind === "takeOver"
          ? steps
              .slice(0, at)
              .findLast(
                ({ kind, inputs, party }) =>
                  kind === "handOver" &&
                  party.id === step.other?.id &&
                  inputs[0]?.id === step.inputs[0]?.id,
              )
          : undefined;
      if (giver === undefined) return { ...step, records: [step.digest] };
      joined.add(giver);
      return { ...step, giver, records: [giver.digest, step.digest] };
    })
    .filter(({ digest }) => ![...joined].some((giver) => giver.digest === digest));
}

/** At most seven steps at first: the most telling ones, in their order. */
export function shortOf(told: readonly Told[]): readonly Told[] {
  if (told.length <= SHOWN) return told;
  const kept = new Set(told.toSorted((a, b) => WEIGHT[a.kind] - WEIGHT[b.kind]).slice(0, SHOWN));
  return told.filter((step) => kept.has(step));
}

/** The journey: at most seven steps and the rest behind them, or all of them for paper. */
export function journeyCard(view: TrailView, context: Context, whole = false): Markup {
  const { say } = context;
  const told = toldOf(view.steps);
  const short = whole ? told : shortOf(told);
  const itemsOf = (steps: readonly Told[]) => steps.map((step) => stepItem(step, view, context));
  const list = (items: readonly Markup[]) => markup`<ol class="path">${items}</ol>`;
  // Once all are unfolded, the style hides the short story before them.
  return markup`<section class="card journey"><h2>${say(WORDS.title)}</h2>${list(itemsOf(short))}
${short.length < told.length && folded(WORDS.all, itemsOf(told), { view, context }, list)}</section>`;
}

function stepItem(step: Told, view: TrailView, context: Context): Markup {
  const { say, format } = context;
  const { icon: drawing, words } = KINDS[step.kind];
  const title = (step.noteStep !== undefined && NOTES[step.noteStep]) || words;
  const place = step.place?.[context.language];
  return markup`<li data-records="${marksOf(step.records)}"><span class="spot">${icon(drawing)}</span>
<h3>${say(title)}</h3><p class="small"><time datetime="${new Date(step.time * 1000).toISOString()}">${format.day(step.time)}</time>${recordedLater(step, context)}${place !== undefined && ` · ${place}`}</p>
<p class="flow">${flowOf(step, view, context)}</p>
${signedFor(step, context)}${memoOf(step)}${misquotes(step, context)}</li>`;
}

/** The date above is its signer's own; the block's is said where it is another day. */
function recordedLater({ time, recorded }: Told, { say, format }: Context): string {
  const [told, known] = [format.day(time), format.day(recorded)];
  return told === known ? "" : ` · ${say(WORDS.recorded, { day: known })}`;
}

/** Who signed in whose name, for ever beside what they signed. */
const signedFor = (step: Told, { say, nameOf }: Context): readonly Markup[] =>
  [step.giver, step].flatMap((each) =>
    each?.agent === undefined
      ? []
      : [
          markup`<p class="small">${say(WORDS.agent, { agent: nameOf(each.agent), party: nameOf(each.party) })}</p>`,
        ],
  );

/** What the signers added in their own words. */
const memoOf = (step: Told): readonly Markup[] =>
  [step.giver, step].flatMap((each) =>
    each?.memo === undefined
      ? []
      : [markup`<p class="small told" lang="${languageOfText(each.memo)}">${each.memo}</p>`],
  );

/** Both figures, where what is stored is not what was signed. */
const misquotes = (step: Told, { say, format }: Context): readonly Markup[] =>
  [step.giver, step].flatMap((each) =>
    (each?.misquoted ?? []).map(({ lot, told }) => {
      const masses = { told: format.mass(told), signed: format.mass(lot.mass) };
      return markup`<p class="misquote">${icon("cross")}${say(WORDS.misquoted, { ...masses, lot: lot.number ?? "?" })}</p>`;
    }),
  );

function flowOf(step: Told, view: TrailView, context: Context): string {
  const { say, format, nameOf } = context;
  const who = nameOf(step.party);
  const goods = (lots: readonly LotView[]) => lots.map((lot) => goodsOf(lot, context)).join("; ");
  switch (step.kind) {
    case "harvest":
      return `${who}: ${goods(step.outputs)}`;
    case "intake": {
      const from = step.area === undefined ? "" : areaName(step.area)[context.language];
      return `${who}: ${goods(step.outputs)}, ${say(WORDS.from, { area: from })}`;
    }
    case "process": {
      const [drawn, made] = [totalOf(step.inputs), totalOf(step.outputs)];
      const goodsIn = [...new Set(step.inputs.map(context.productOf))].join(" + ");
      const inputs = `${format.mass(drawn)} ${goodsIn}`;
      const loss = { mass: format.mass(drawn - made), share: format.share((drawn - made) / drawn) };
      const flow = say(WORDS.inOut, { inputs, outputs: goods(step.outputs) });
      return `${who}. ${flow}${drawn > made ? `; ${say(WORDS.loss, loss)}` : ""}.`;
    }
    case "handOver":
      return step.other === undefined
        ? who
        : say(WORDS.to, { giver: who, taker: nameOf(step.other) });
    case "takeOver": {
      const [gave, took] = [step.giver?.agent ?? step.other, step.agent ?? step.party];
      const giver = step.other === undefined ? "?" : nameOf(step.other);
      const both = gave?.id === took.id ? WORDS.one : WORDS.both;
      return `${say(both, { giver, taker: who, signer: nameOf(took) })} ${goods(step.inputs)}.`;
    }
    case "certify": {
      const used = view.certificates.find(({ id }) => id === step.certificate);
      const scheme = used?.scheme === undefined ? "" : say(SCHEME_WORDS[used.scheme]);
      const paper = say(WORDS.certificate, { scheme, number: used?.number ?? "?" });
      return `${who}. ${paper}: ${goods(step.inputs)}.`;
    }
    default:
      return [who, ...step.inputs.flatMap(({ number }) => lotWords(number, context))].join(", ");
  }
}
