/** The verifier inside the file that anyone can keep: it judges the records in the same file, online or offline. */
import type { Bundle } from "../../../gateway/core/bundle.ts";
import type { Hex } from "../../../gateway/core/bytes.ts";
import { TraceError } from "../../../gateway/core/trace-error.ts";
import type { Report } from "../../../gateway/core/verify/report.ts";
import { judgeKept, judgeOffline, parse } from "./judge.ts";
import { showAll, showFailure, showReport } from "./show.ts";
import { putState, stateOf } from "./strip.ts";
import { dataOf, fill, texts, type Texts } from "./words.ts";

const element = <T extends HTMLElement>(id: string): T | null =>
  document.querySelector<T>(`#${id}`);

/** What is said now, to be said again in the other language. */
let say: (texts: Texts) => void = () => undefined;
/** Checks are numbered: of two that run at once the later one counts. */
let turn = 0;

function show(words: typeof say): void {
  say = words;
  say(texts());
}

async function answerBy(judge: () => Promise<Report>, complaint?: (texts: Texts) => string) {
  const mine = ++turn;
  show(({ checking }) => {
    showAll(checking);
    putState("checking", []);
  });
  try {
    const report = await judge();
    if (mine === turn) show((texts) => showVerdict(report, texts));
  } catch (failure) {
    if (mine === turn)
      show((texts) => {
        showFailure(failure, texts, () => Promise.reject(failure), complaint?.(texts));
        putState("waiting", []);
      });
    if (!(failure instanceof TraceError)) throw failure;
  }
}

function showVerdict(report: Report, texts: Texts): void {
  const { older, outgrown } = texts;
  showAll("");
  showReport(report, texts, () => Promise.resolve(report));
  // Of records that are not the chain's nothing can be told but that.
  const facts = [
    ...(report.origin.length > 0 ? [fill(texts.judged, factsOf(report, texts))] : []),
    ...(report.origin.every(({ grown }) => grown) ? [] : [texts.declared]),
    texts.unjudged,
  ];
  const besides = report.checks.some(({ outcome }) => outcome === "remark") ? [texts.besides] : [];
  const found = [texts.doubts, ...besides, ...facts];
  if (report.newer !== undefined)
    return putState("older", [fill(outgrown, { newer: report.newer }), ...found]);
  const grown = report.checks.some(
    ({ code, outcome, record }) =>
      outcome === "fails" && code === "WITHHELD" && record.startsWith("history"),
  );
  const saved = dataOf()["saved"] ?? "";
  putState(stateOf(report), grown ? [fill(older, { saved }), ...found] : found);
}

/** Whoever passes a file on can change its words: these come from the records that were judged. */
function factsOf({ lot, origin, claims }: Report, texts: Texts) {
  const percent = (share: number): string => `${Math.floor(share * 1000 + 1e-6) / 10} %`;
  const shares = origin.map(
    ({ area, grown, share }) => `${percent(share)} ${area || "?"}${grown ? "" : " (*)"}`,
  );
  const rights = claims.map(
    ({ certificate, share }) => `${paperOf(certificate, texts)} (${percent(share)})`,
  );
  return { lot, origin: shares.join(", ") || "–", claims: rights.join(", ") || "–" };
}

/** A certificate by its scheme and the number that its issuer gave it, as its grant among the records has them. */
function paperOf(id: Hex, { papers = {} }: Texts): string {
  const { statements } = parse(records) as Bundle;
  const grant = statements.find(
    ({ name, statement }) => name === "Grant" && statement.certificate === id,
  );
  const { scheme, number = id.slice(0, 10) } = grant?.document ?? {};
  return `${papers[String(scheme)] ?? ""} ${String(number)}`.trimStart();
}

const records = document.querySelector("#records")?.textContent ?? "";

/** Of which lot the file is, and by which contracts and log it is judged. */
function pinned() {
  const { lot = "", deployment = "null", log = "null" } = dataOf();
  return { lot, deployment: JSON.parse(deployment) as unknown, log: JSON.parse(log) as unknown };
}

function askChain(): void {
  const typed = element<HTMLTextAreaElement>("endpoints")?.value ?? "";
  const rpcUrls = typed.split(/\s+/).filter((url) => url !== "");
  if (rpcUrls.length === 0) return;
  void answerBy(() => judgeKept(records, { ...pinned(), rpcUrls }));
}

function readState({ files }: HTMLInputElement): void {
  const [file] = files ?? [];
  if (file !== undefined)
    void answerBy(
      async () => judgeOffline(records, await file.text(), pinned()),
      ({ badState }) => badState,
    );
}

/** Changes the sheet for the one in the other language, which waits in a template, and says there what was said here. */
function speak(language: string): void {
  const other = document.querySelector<HTMLTemplateElement>(
    `template[data-language="${language}"]`,
  );
  const sheet = element("sheet");
  if (other === null || sheet === null) return;
  const typed = element<HTMLTextAreaElement>("endpoints")?.value;
  const [content, before] = [other.content.cloneNode(true), document.createDocumentFragment()];
  before.append(...sheet.childNodes);
  sheet.append(content);
  other.content.replaceChildren(before);
  const { title, documentElement } = document;
  document.title = other.dataset["title"] ?? title;
  other.dataset["title"] = title;
  other.dataset["language"] = documentElement.lang;
  documentElement.lang = language;
  const endpoints = element<HTMLTextAreaElement>("endpoints");
  if (endpoints !== null && typed !== undefined) endpoints.value = typed;
  for (const button of document.querySelectorAll<HTMLElement>("[data-choose]"))
    if (button.dataset["choose"] === language) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  say(texts());
}

// The elements change with the language, so the document listens for them.
document.addEventListener("click", ({ target }) => {
  if (!(target instanceof Element)) return;
  if (target.closest("#ask-chain") !== null) askChain();
  const language = target.closest<HTMLElement>("[data-choose]")?.dataset["choose"];
  if (language !== undefined) speak(language);
});
document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLInputElement && target.id === "saved-state") readState(target);
});
askChain();
