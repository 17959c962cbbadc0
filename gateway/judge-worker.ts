import { parentPort } from "node:worker_threads";

import { judgeBatch, type Batch } from "./judge-batch.ts";

parentPort?.on("message", (batch: Batch) => {
  const findings = judgeBatch(batch);
  parentPort?.postMessage(findings, [findings.numbers.buffer, findings.hashes.buffer]);
});
