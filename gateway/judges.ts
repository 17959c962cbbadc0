import { Worker } from "node:worker_threads";

import { TraceError } from "./core/trace-error.ts";
import { findingAt, joinCases, type Case, type Findings, type Judged } from "./judge-batch.ts";
import { judge } from "./judge.ts";
import { countUnderWay } from "./under-way.ts";

/** Judges cases, here or on other cores. */
export type Judges = {
  /** Rejects with UNAVAILABLE once it is closed. */
  readonly judge: (given: Case) => Promise<Judged>;

  /** Judges what it was asked, and stops. */
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
const IN_HAND = 2; // batches of a thread: one that it judges, one for when it is done

/**
 * Judges what arrives in one turn of the loop together. Few cases are judged here; many go to `threads`
 * workers, which start when they are first needed, so that an idle gateway stays small. What comes while all are
 * busy gathers: their pace sets the size of the batches, each of which costs the same on its way.
 */
export function startJudges(threads: number): Judges {
  const workers: Bench[] = [];
  let asked: Asked[] = [];
  let turn: NodeJS.Immediate | undefined;
  let closed = false;
  const underWay = countUnderWay();

  /** A thread that may be given more, the least busy first. */
  const free = (): Bench | undefined => {
    const at = workers.findIndex((bench) => bench.broken());
    if (at >= 0) workers.splice(at, 1);
    const best = workers.toSorted((a, b) => a.inHand() - b.inHand())[0];
    if (best !== undefined && (best.inHand() === 0 || workers.length === threads))
      return best.inHand() < IN_HAND ? best : undefined;
    const bench = openBench(handOut);
    workers.push(bench);
    return bench;
  };
  const handOut = (): void => {
    turn = undefined;
    const few = asked.length < WORTH_A_THREAD && workers.every((bench) => bench.inHand() === 0);
    if (threads === 0 || few || closed)
      // a thread that is started now would end at once
      for (const each of asked.splice(0)) settle(each, () => judgeHere(each.given));
    while (asked.length > 0) {
      const bench = free();
      if (bench === undefined) return; // it comes back when it is done with a batch
      bench.take(asked.slice(0, MOST_IN_BATCH));
      asked = asked.slice(MOST_IN_BATCH);
    }
  };
  return {
    judge: async (given) => {
      if (closed) throw new TraceError("UNAVAILABLE", "the gateway is closing");
      const judged = new Promise<Judged>((answer, fail) => {
        asked.push({ given, answer, fail });
        turn ??= setImmediate(handOut);
      });
      underWay.add(judged);
      return judged;
    },
    close: async () => {
      closed = true;
      await underWay.none();
      await Promise.all(workers.map((bench) => bench.close()));
    },
  };
}

const judgeHere = ({ device, point, bytes }: Case): Judged => judge(device, point, bytes);

function settle({ answer, fail }: Asked, judged: () => Judged): void {
  try {
    answer(judged());
  } catch (bug) {
    fail(bug);
  }
}

/** One worker and the batches it owes. */
type Bench = {
  readonly take: (batch: readonly Asked[]) => void;
  readonly inHand: () => number;
  readonly broken: () => boolean;
  readonly close: () => Promise<void>;
};

function openBench(onDone: () => void): Bench {
  const worker = new Worker(new URL("judge-worker.ts", import.meta.url));
  const owed: (readonly Asked[])[] = [];
  let ended: Error | undefined;
  worker.unref();
  worker.on("message", (findings: Findings) => {
    // A worker answers in the order in which it was asked.
    for (const [i, asked] of (owed.shift() ?? []).entries())
      settle(asked, () => findingAt(findings, i));
    onDone();
  });
  const end = (reason: Error): void => {
    ended = reason;
    for (const batch of owed.splice(0)) for (const { fail } of batch) fail(reason);
    onDone();
  };
  worker.on("error", end);
  worker.on("exit", () => end(new Error("a judging thread ended")));
  return {
    take: (batch) => {
      owed.push(batch);
      const joined = joinCases(batch.map(({ given }) => given));
      worker.postMessage(joined, [joined.points.buffer, joined.bytes.buffer]);
    },
    inHand: () => owed.length,
    broken: () => ended !== undefined,
    close: async () => {
      await worker.terminate();
    },
  };
}
