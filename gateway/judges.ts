import { Worker } from "node:worker_threads";

import { findingAt, joinCases, type Case, type Findings, type Judged } from "./judge-batch.ts";
import { judge } from "./judge.ts";

/** Judges cases, here or on other cores. */
export type Judges = {
  readonly judge: (given: Case) => Promise<Judged>;
  readonly close: () => Promise<void>;
};

type Asked = {
  readonly given: Case;
  readonly answer: (judged: Judged) => void;
  readonly fail: (reason: unknown) => void;
};

// Below this many in one turn of the loop, the way to another thread costs more than it saves.
const WORTH_A_THREAD = 16;
const MOST_IN_BATCH = 256;

/**
 * Judges what arrives in one turn of the loop together. Few cases are judged here; many go to `threads`
 * workers, which start when they are first needed, so that an idle gateway stays small.
 */
export function startJudges(threads: number): Judges {
  const workers: Bench[] = [];
  let asked: Asked[] = [];
  let turn = 0;

  const next = (): Bench => {
    turn = (turn + 1) % threads;
    const bench = workers[turn] ?? openBench();
    workers[turn] = bench.broken() ? openBench() : bench;
    return workers[turn] ?? bench;
  };
  const handOut = (): void => {
    const all = asked;
    asked = [];
    if (threads === 0 || (all.length < WORTH_A_THREAD && workers.every((bench) => bench.idle())))
      for (const { given, answer, fail } of all) judgeHere(given, answer, fail);
    else
      for (let at = 0; at < all.length; at += MOST_IN_BATCH)
        next().take(all.slice(at, at + MOST_IN_BATCH));
  };
  return {
    judge: (given) =>
      new Promise((answer, fail) => {
        if (asked.length === 0) setImmediate(handOut);
        asked.push({ given, answer, fail });
      }),
    close: async () => {
      await Promise.all(workers.map((bench) => bench.close()));
    },
  };
}

function judgeHere({ device, point, bytes }: Case, answer: Asked["answer"], fail: Asked["fail"]) {
  try {
    answer(judge(device, point, bytes));
  } catch (bug) {
    fail(bug);
  }
}

/** One worker and the batches it owes. */
type Bench = {
  readonly take: (batch: readonly Asked[]) => void;
  readonly idle: () => boolean;
  readonly broken: () => boolean;
  readonly close: () => Promise<void>;
};

function openBench(): Bench {
  const worker = new Worker(new URL("judge-worker.ts", import.meta.url));
  const owed: (readonly Asked[])[] = [];
  let ended: Error | undefined;
  worker.unref();
  worker.on("message", (findings: Findings) => {
    // A worker answers in the order in which it was asked.
    for (const [i, { answer }] of (owed.shift() ?? []).entries()) answer(findingAt(findings, i));
  });
  const end = (reason: Error): void => {
    ended = reason;
    for (const batch of owed.splice(0)) for (const { fail } of batch) fail(reason);
  };
  worker.on("error", end);
  worker.on("exit", () => end(new Error("a judging thread ended")));
  return {
    take: (batch) => {
      owed.push(batch);
      const joined = joinCases(batch.map(({ given }) => given));
      worker.postMessage(joined, [joined.points.buffer, joined.bytes.buffer]);
    },
    idle: () => owed.length === 0,
    broken: () => ended !== undefined,
    close: async () => {
      await worker.terminate();
    },
  };
}
