import { kindName } from "./agreement.ts";
import type { Kind } from "./operations.ts";
import type { Words } from "./recording.ts";
import { CERTIFICATES_REASONS } from "./reasons/certificates.ts";
import { CHECKPOINTS_REASONS } from "./reasons/checkpoints.ts";
import { LOTS_REASONS } from "./reasons/lots.ts";
import { PARTIES_REASONS } from "./reasons/parties.ts";
import type { Say, Sentences } from "./reasons/sentences.ts";
import type { Refusal, RefusalName } from "./refusals.ts";

const KIND_WORDS: Readonly<Record<Kind, Words>> = {
  harvest: { vi: "thu hoạch", en: "harvest" },
  intake: { vi: "nhập hàng từ ngoài", en: "intake" },
  process: { vi: "chế biến", en: "processing" },
  handOver: { vi: "giao hàng", en: "hand-over" },
  takeOver: { vi: "nhận hàng", en: "take-over" },
  certify: { vi: "gắn chứng nhận", en: "certification" },
  note: { vi: "ghi chú", en: "note" },
  recall: { vi: "thu hồi", en: "recall" },
  lift: { vi: "gỡ lệnh thu hồi", en: "end of a recall" },
  retire: { vi: "kết thúc lô", en: "retirement" },
};

const REASONS: Readonly<Record<RefusalName | "Unknown", Sentences>> = {
  ...PARTIES_REASONS,
  ...LOTS_REASONS,
  ...CERTIFICATES_REASONS,
  ...CHECKPOINTS_REASONS,
  Unknown: {
    vi: () => "Sổ cái từ chối mà không nói lý do.",
    en: () => "The ledger refused this without a reason that we know.",
  },
};

/**
 * A contract's refusal in plain words, with its values: masses in kilograms, times as in Viet Nam, ids shortened unless
 * `nameOf` knows what people call them.
 */
export function reasonWords(
  { name, args }: Refusal,
  nameOf: (id: string) => string | undefined = () => undefined,
): Words {
  const say = (language: "vi" | "en"): Say => ({
    kg: (arg) => kilograms(args[arg], language),
    time: (arg) => timeWords(args[arg], language),
    period: () => periodWords(args, language),
    id: (arg) => nameOf(args[arg] ?? "") ?? shortened(args[arg] ?? ""),
    text: (arg) => args[arg] ?? "?",
    kind: () => kindWords(args["kind"])[language],
  });
  const sentences = REASONS[name];
  return { vi: sentences.vi(say("vi")), en: sentences.en(say("en")) };
}

const kilograms = (grams: string | undefined, language: "vi" | "en"): string =>
  `${new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(Number(grams) / 1_000)} kg`;

const shortened = (id: string): string =>
  id.length > 14 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id;

function timeWords(seconds: string | undefined, language: "vi" | "en"): string {
  return new Intl.DateTimeFormat(language === "vi" ? "vi" : "en-GB", {
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Asia/Ho_Chi_Minh",
  }).format(Math.min(Number(seconds ?? 0), LAST) * 1_000);
}

/** The last second that four digits of a year can name; later ones mean "for ever". */
const LAST = 253_402_300_799;

function periodWords({ from, until }: Refusal["args"], language: "vi" | "en"): string {
  const start = timeWords(from, language);
  if (!(Number(until) < LAST)) return language === "vi" ? `từ ${start} trở đi` : `from ${start} on`;
  const end = timeWords(until, language);
  return language === "vi" ? `từ ${start} đến ${end}` : `from ${start} to ${end}`;
}

const NO_KIND: Words = { vi: "này", en: "operation" };

function kindWords(kind: string | undefined): Words {
  const number = Number(kind);
  return number >= 1 && number <= 10 ? KIND_WORDS[kindName(number)] : NO_KIND;
}
