import { straight } from "../../../gateway/core/free-text.ts";
import { TraceError } from "../../../gateway/core/trace-error.ts";
import type { Check, Outcome, Question, Report } from "../../../gateway/core/verify/report.ts";
import { QUESTIONS } from "../../../gateway/core/verify/report.ts";
import { nameOf, recordElements, sentenceOf } from "./records.ts";
import { fill, type Texts } from "./words.ts";

const MOST_REASONS = 5;
const ICONS: Readonly<Record<Outcome, string>> = {
  holds: "M5 12.5l4.5 4.5L19 7",
  remark: "M5 12.5l4.5 4.5L19 7",
  unchecked: "M9 9a3 3 0 1 1 4.6 2.5c-1 .7-1.6 1.3-1.6 2.5M12 17.4v.4",
  fails: "M6 6l12 12M18 6L6 18",
};
const STATES: Readonly<Record<Outcome, string>> = {
  holds: "holds",
  remark: "holds",
  unchecked: "unknown",
  fails: "fails",
};

/** Writes the same words under all five questions, while nothing can be said; what was found before is gone. */
export function showAll(words: string): void {
  for (const element of document.querySelectorAll(".mark")) element.remove();
  for (const element of document.querySelectorAll("[data-marked]")) {
    element.classList.remove("bad");
    element.removeAttribute("data-marked");
  }
  const asOf = document.querySelector("#as-of");
  if (asOf !== null) asOf.textContent = "";
  for (const question of QUESTIONS) {
    answer(question, "pending", words, ICONS.unchecked);
    reasonsOf(question)?.replaceChildren();
  }
}

/** What was judged once more, in all its words: the lot's page loads them only for who asks. */
type Exactly = () => Promise<Report>;

/** Nothing could be checked at all: says so, and below the first question why. */
export function showFailure(failure: unknown, texts: Texts, again: Exactly, complaint?: string) {
  showAll(texts.answers.unchecked);
  const code = failure instanceof TraceError ? failure.code : "UNAVAILABLE";
  const item = line(`${capital(complaint ?? texts.reasons[code] ?? texts.otherReason)}.`);
  const exact = () =>
    again().then(
      () => [],
      ({ message }: Error) => [message],
    );
  reasonsOf(QUESTIONS[0])?.replaceChildren(item, inDetail(exact, texts));
}

const reasonsOf = (question: string): Element | null =>
  document.querySelector(`[data-question="${question}"] .why`);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What is told below a question, worst first. */
const toldOf = ({ checks }: Report, question: Question): readonly Check[] =>
  (["fails", "unchecked", "remark"] as const).flatMap((each) =>
    checks.filter((found) => found.question === question && found.outcome === each),
  );

/** Answers each question with its reasons, worst first, and marks the steps and certificates that do not match. */
export function showReport(report: Report, texts: Texts, again: Exactly): void {
  for (const question of QUESTIONS) {
    const outcome = report.questions[question];
    answer(question, STATES[outcome], texts.answers[outcome], ICONS[outcome]);
    const about = toldOf(report, question);
    const lines = about.slice(0, MOST_REASONS).map((found) => reasonLine(found, texts));
    if (about.length > MOST_REASONS)
      lines.push(line(fill(texts.more, { count: about.length - MOST_REASONS })));
    // Whose word readings are must be said where they are judged, whatever the page around says.
    if (question === "authentic")
      lines.push(
        ...attestedIn(report).map((found) => line(`${nameOf(found, texts)}: ${texts.attested}.`)),
      );
    const exact = async () =>
      toldOf(await again(), question)
        .slice(0, MOST_REASONS)
        .map(({ record, reason }) => `${record}: ${reason}`);
    if (about.length > 0) lines.push(inDetail(exact, texts));
    reasonsOf(question)?.replaceChildren(...lines);
  }
  for (const found of report.checks) if (found.outcome === "fails") mark(found, texts);
  const { block, time } = report.asOf;
  const when = new Date(time * 1000).toLocaleString(texts.locale, {
    year: "numeric",
    month: texts.month,
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Asia/Ho_Chi_Minh",
  });
  const asOf = document.querySelector("#as-of");
  if (asOf !== null)
    asOf.textContent = fill(texts.asOf, {
      checks: report.checks.length,
      block,
      time: `${when} (UTC+7)`,
    });
}

function answer(question: string, state: string, words: string, path: string): void {
  const place = document.querySelector<HTMLElement>(`[data-question="${question}"] .answer`);
  if (place === null) return;
  place.dataset["state"] = state;
  place.querySelector("path")?.setAttribute("d", path);
  const text = place.querySelector("span");
  if (text !== null) text.textContent = words;
}

/** A check of each source for which a network server speaks. */
const attestedIn = ({ checks }: Report): readonly Check[] => [
  ...new Map(
    checks
      .filter(({ question, record }) => question === "authentic" && record.startsWith("source "))
      .map((found) => [found.subject, found]),
  ).values(),
];

/** One reason: the record by the name that the page gives it, and what is wrong. */
const reasonLine = (found: Check, texts: Texts): HTMLElement =>
  line(`${nameOf(found, texts)}: ${sentenceOf(found, texts)}.`);

/** The verifier's own words, folded away: they are exact, and English on every page. */
function inDetail(exact: () => Promise<readonly string[]>, texts: Texts): HTMLElement {
  const details = made("details", { className: "raw" });
  details.append(made("summary", { textContent: texts.details }));
  const unfold = async () =>
    details.append(
      ...(await exact()).map((text) => made("p", { lang: "en", textContent: straight(text) })),
    );
  details.addEventListener("toggle", () => void unfold(), { once: true });
  const item = line("");
  item.append(details);
  return item;
}

const made = (name: string, members: Partial<HTMLElement>): HTMLElement =>
  Object.assign(document.createElement(name), members);
const line = (text: string): HTMLElement => made("li", { textContent: straight(text) });

function mark(found: Check, texts: Texts): void {
  for (const element of recordElements(found)) {
    if (element.querySelector(".mark") !== null) continue;
    // What the page itself shows as bad stays so when the mark goes.
    if (!element.classList.contains("bad")) element.dataset["marked"] = "";
    element.classList.add("bad");
    const textContent = `${texts.mark}${sentenceOf(found, texts)}.`;
    const words = made("p", { className: "mark", textContent });
    (element.querySelector(":scope > div") ?? element).append(words);
  }
}
