import { straight } from "../../../gateway/core/free-text.ts";
import type { Report } from "../../../gateway/core/verify/report.ts";
import type { Texts } from "./words.ts";

/** The states of the strip on top, worst first, as gateway/http/pages/trail/status.ts has them. */
const STATES = ["recalled", "mismatch", "certificate", "waiting", "match"] as const;
type State = (typeof STATES)[number];

/** What the strip should say by this browser's own report. */
export function stateOf({ checks, questions }: Report): State {
  const failed = checks.filter(({ outcome }) => outcome === "fails");
  const lapsed = failed.filter(({ code }) => code === "NOT_CURRENT").map(({ record }) => record);
  if (lapsed.some((record) => record.startsWith("lot"))) return "recalled";
  // What a lapsed certificate says is true; of records that were altered nothing is.
  if (lapsed.length < failed.length) return "mismatch";
  if (lapsed.some((record) => record.startsWith("certificate"))) return "certificate";
  if (failed.length > 0) return "mismatch";
  return Object.values(questions).includes("unchecked") ? "waiting" : "match";
}

/** Puts the browser's verdict on top where it is worse than the server's, and says who says so. */
export function showState(report: Report, texts: Texts): void {
  const state = stateOf(report);
  const strip = document.querySelector<HTMLElement>("#status");
  if (strip === null) return;
  const worse = STATES.indexOf(state) < STATES.indexOf(strip.dataset["state"] as State);
  const template = document.querySelector<HTMLTemplateElement>(`template[data-state="${state}"]`);
  if (worse && template !== null) {
    strip.dataset["state"] = state;
    strip.replaceChildren(template.content.cloneNode(true));
  }
  const agrees = report.outcome === "remark" ? texts.knows : texts.agrees;
  say(worse || state !== "match" ? texts.doubts : agrees);
}

/** Puts a state on top of a file to keep, where nobody else has said anything yet. */
export function putState(state: State | "checking" | "older", by: readonly string[]): void {
  const name = state === "waiting" ? "unchecked" : state;
  const strip = document.querySelector<HTMLElement>("#status");
  const template = document.querySelector<HTMLTemplateElement>(`template[data-state="${name}"]`);
  if (strip === null || template === null) return;
  strip.dataset["state"] = state === "checking" || state === "older" ? "waiting" : state;
  strip.replaceChildren(template.content.cloneNode(true));
  say(by.join(" "));
}

/** The line below the strip that says whose word this is. */
export function say(words: string): void {
  const by = document.querySelector("#status .by");
  if (by !== null) by.textContent = straight(words);
}
