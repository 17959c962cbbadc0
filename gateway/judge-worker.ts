import { parentPort } from "node:worker_threads";

import { judge } from "./judge.ts";
import type { Batch } from "./judges.ts";

parentPort?.on("message", (batch: Batch) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(batch.map(({ device, point, bytes }) => judge(device, point, bytes)));
});
