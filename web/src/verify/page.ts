/** Judges the trail on the consumer's page in the reader's own browser, from the records and the chain alone. */
import { TraceError } from "../../../gateway/core/trace-error.ts";
import type { Report } from "../../../gateway/core/verify/report.ts";
import { judgeOnline } from "./judge.ts";
import { showAll, showFailure, showReport } from "./show.ts";
import { say, showState } from "./strip.ts";
import { dataOf, texts as wordsOf } from "./words.ts";

async function judgePage(): Promise<void> {
  const texts = wordsOf();
  const { bundle = "", lot = "", rpc = "", deployment = "null", log = "null" } = dataOf();
  showAll(texts.checking);
  const records = recordsAt(bundle, texts.noBundle);
  const judged = async (judge: typeof judgeOnline): Promise<Report> => {
    const rpcUrls = rpc.split(" ").filter((url) => url !== "");
    const pinned = {
      deployment: JSON.parse(deployment) as unknown,
      log: JSON.parse(log) as unknown,
    };
    return judge(await records, { lot, ...pinned, rpcUrls });
  };
  const again = async () => judged((await import("./worded.ts")).judgeOnline);
  try {
    const report = await judged(judgeOnline);
    showReport(report, texts, again);
    showState(report, texts);
  } catch (failure) {
    showFailure(failure, texts, again);
    say(texts.cannot);
    // Whatever is not a TraceError is a mistake of ours, and must not pass for a verdict.
    if (!(failure instanceof TraceError)) throw failure;
  }
}

async function recordsAt(path: string, complaint: string): Promise<string> {
  const response = await fetch(path, { credentials: "omit" });
  if (!response.ok) throw new TraceError("UNAVAILABLE", complaint);
  return response.text();
}

if (document.querySelector("#proof") !== null) void judgePage();
