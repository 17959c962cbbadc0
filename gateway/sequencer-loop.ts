import type { Logger } from "pino";

import { makeBed, type Bed } from "./bed.ts";
import type { LogHead } from "./log-head.ts";
import {
  MOST_LEAVES,
  sequence,
  type Floor,
  type Progress,
  type SequencerParts,
} from "./sequencer.ts";
import type { CheckpointRow } from "./store/schema.ts";

export type LoopParts = SequencerParts & {
  readonly log: Pick<Logger, "error" | "info">;

  /** The newest checkpoint that the chain has of this log; asked once, before anything is signed. */
  readonly anchored?: () => Promise<Floor | undefined>;

  /** Remembers what left this machine, in case the store does not. */
  readonly head?: LogHead;

  /** Hears of every growth, after it is durable. What it throws is its own affair. */
  readonly onGrowth?: (progress: readonly Progress[], checkpoint: CheckpointRow) => void;
};

/** A running sequencer. */
export type Sequencer = {
  /** There are new packs: a checkpoint over them follows soon. */
  readonly wake: () => void;

  /** The newest checkpoint that this process knows; undefined until the first step. */
  readonly newest: () => CheckpointRow | undefined;

  /** Why nothing can be signed at the moment; undefined when all is well. */
  readonly trouble: () => Error | undefined;

  /** Sequences what is pending and stops. */
  readonly close: () => Promise<void>;
};

// Packs wait this long for company, longer where there is no end of them: each step costs a signed checkpoint and a
// receipt for each device. The promise is a checkpoint within 2 s of acceptance.
const GATHER = 250;
const GATHER_BUSY = 1_000;
const AGED = 1_300;
const RETRY = 1_000;

type State = {
  wanted: boolean; // somebody said that there is something to do
  closing: boolean;
  placed: number; // by the newest step
  waited: number; // ms, the newest of these
  took: number; // ms, the step
  kept: number; // the size that `head` remembers
  grown: Progress[] | undefined; // what nobody heard of yet: a full disk kept `head` from it
  floor?: Floor;
  newest?: CheckpointRow;
  trouble?: Error | undefined;
};

/** Keeps the log growing until closed. Trouble with the store or the chain is retried for ever. */
export function startSequencer(parts: LoopParts): Sequencer {
  const state: State = {
    wanted: true,
    closing: false,
    placed: 0,
    waited: 0,
    took: 0,
    kept: 0,
    grown: undefined,
  };
  const bed = makeBed();
  const ended = run(parts, state, bed);
  return {
    wake: () => {
      if (state.wanted) return;
      state.wanted = true;
      bed.rouse();
    },
    newest: () => state.newest,
    trouble: () => state.trouble,
    close: () => {
      state.closing = true;
      bed.rouse();
      return ended;
    },
  };
}

async function run(parts: LoopParts, state: State, bed: Bed): Promise<void> {
  while (!state.closing) {
    await attempt(parts, state);
    if (!state.wanted && !state.closing) await bed.sleep();
    if (!state.closing) await bed.sleep(pauseOf(state));
  }
  do await attempt(parts, state);
  while (state.wanted && state.trouble === undefined);
}

function pauseOf({ trouble, placed, waited, took }: State): number {
  if (trouble !== undefined) return RETRY;
  // There is a backlog. Acknowledgements wait for each step, so steps come apart as long as there is time for it.
  if (placed === MOST_LEAVES) return waited < AGED ? 2 * took : 0;
  return placed === 0 ? GATHER : GATHER_BUSY;
}

async function attempt(parts: LoopParts, state: State): Promise<void> {
  try {
    await step(parts, state);
    state.trouble = undefined;
  } catch (failure) {
    if (String(failure) !== String(state.trouble))
      parts.log.error({ err: failure }, "the log cannot grow");
    state.trouble = failure as Error;
    state.wanted = true;
  }
}

async function step(parts: LoopParts, state: State): Promise<void> {
  if (state.floor === undefined) {
    const kept = parts.head?.read();
    state.floor = newer(await parts.anchored?.(), kept);
    state.kept = kept?.size ?? 0;
  }
  state.wanted = false;
  const start = performance.now();
  const { checkpoint, placed, waited, progress } = await sequence(parts, state.floor);
  state.floor = { size: checkpoint.size, root: checkpoint.root };
  state.placed = placed;
  state.waited = waited;
  state.took = performance.now() - start;
  if (placed > 0) {
    state.wanted = true; // a full step may have left some behind
    state.grown = [...(state.grown ?? []), ...progress];
  }
  // Before a device hears of it; and what a full disk or a crash kept from it is made up for.
  if (checkpoint.size > state.kept) parts.head?.keep(checkpoint);
  state.kept = checkpoint.size;
  state.newest = checkpoint;
  const { grown } = state;
  state.grown = undefined;
  if (grown !== undefined) parts.onGrowth?.(grown, checkpoint);
}

const newer = (anchored: Floor = { size: 0 }, kept: Floor = { size: 0 }): Floor =>
  anchored.size > kept.size ? anchored : kept;
