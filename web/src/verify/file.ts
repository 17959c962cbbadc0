/** The verifier inside the file that anyone can keep: it judges the records in the same file, online or offline. */
import { TraceError } from "../../../gateway/core/trace-error.ts";
import type { Report } from "../../../gateway/core/verify/report.ts";
import { judgeOffline, judgeOnline } from "./judge.ts";
import { showAll, showFailure, showReport } from "./show.ts";
import { textsOf } from "./words.ts";

const texts = textsOf(document.documentElement.lang);

async function answerBy(judge: () => Promise<Report>, complaint?: string): Promise<void> {
  showAll(texts.checking);
  try {
    showReport(await judge(), texts);
  } catch (failure) {
    showFailure(failure, texts, complaint);
    if (!(failure instanceof TraceError)) throw failure;
  }
}

const proof = document.querySelector<HTMLElement>("#proof");
const records = document.querySelector("#records")?.textContent ?? "";
const endpoints = document.querySelector<HTMLTextAreaElement>("#endpoints");
const saved = document.querySelector<HTMLInputElement>("#saved-state");

if (proof !== null) {
  const { lot = "", deployment = "null" } = proof.dataset;
  document.querySelector("#ask-chain")?.addEventListener("click", () => {
    const rpcUrls = (endpoints?.value ?? "").split(/\s+/).filter((url) => url !== "");
    const asked = { lot, deployment: JSON.parse(deployment) as unknown, rpcUrls };
    void answerBy(() => judgeOnline(records, asked));
  });
  saved?.addEventListener("change", () => {
    const [file] = saved.files ?? [];
    if (file !== undefined)
      void answerBy(async () => judgeOffline(records, await file.text(), lot), texts.badState);
  });
}
