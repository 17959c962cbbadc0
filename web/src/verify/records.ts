/** How the page names what a check is about. */
import type { Check } from "../../../gateway/core/verify/report.ts";
import { dataOf, type Texts } from "./words.ts";

/** The steps and certificates on the page that a check is about; none where the file has no page around it. */
export const recordElements = ({ subject }: Check): readonly HTMLElement[] =>
  subject === null
    ? []
    : [...document.querySelectorAll<HTMLElement>(`[data-records~="${subject.slice(0, 18)}"]`)];

/** The name that the page gives to the record, with its day, or the best that can be said of it. */
export function nameOf(found: Check, texts: Texts): string {
  const [element] = recordElements(found);
  const title = element?.querySelector("h3")?.textContent ?? undefined;
  const day = element?.querySelector("time")?.textContent ?? undefined;
  if (title !== undefined) return day === undefined ? title : `${title}, ${day}`;
  const [kind] = found.record.split(" ");
  const known = names()[found.subject?.slice(0, 10) ?? ""];
  const named = (words: string): string => (known === undefined ? words : `${words} (${known})`);
  const { quantity } = found;
  if (quantity !== undefined) return `${named(texts.sensor)}, ${names()[quantity] ?? quantity}`;
  if (/^(device|source|packs.*)$/.test(kind ?? "")) return named(texts.sensor);
  if (kind === "lot") return known ?? texts.lot;
  if (kind === "history") return named(texts.history);
  if (kind === "certificate") return texts.certificate;
  if (found.record === "the log's checkpoint") return texts.log;
  if (found.record === "the bundle") return texts.bundle;
  const words = texts.kinds[kind ?? ""];
  const [id = ""] = /0x[0-9a-f]+…?/.exec(found.record) ?? [];
  return words === undefined ? found.record : `${words} ${id}`.trim();
}

/** The page's names for short ids and for quantities (gateway/http/pages/trail/proof.ts): ours, so they are of the shape that we wrote. */
const names = (): Readonly<Record<string, string>> =>
  JSON.parse(dataOf()["names"] ?? "{}") as Record<string, string>;

/** What came of a check, in plain words: of a remark its own, else those of what is wrong. */
export function sentenceOf({ outcome, code }: Check, texts: Texts): string {
  const known = { ...texts.reasons, ...(outcome === "remark" && texts.remarks) };
  return (code && known[code]) ?? texts.otherReason;
}
