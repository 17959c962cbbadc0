import type { Hex } from "../bytes.ts";
import type { ChainState } from "../chain-state.ts";
import { NOTHING } from "../recording.ts";
import { TraceError } from "../trace-error.ts";
import type { Trust } from "../verify.ts";
import type { Step } from "./histories.ts";
import { check, remark, type Check } from "./report.ts";
import { stepName } from "./standing.ts";

const DAY = 86_400;

/** How far (s) a signer's date and the block's may lie apart before the reader is told: a weekend without a signal. */
const LATE = 3 * DAY;

/** How old (s) the newest block may be: an old one may be all that somebody wants to show. */
const FRESH = DAY / 2;

/** The state is of the reader's own present. A chain that is kept from him at some block would hide every later recall. */
export async function judgeFreshness({
  state,
  now,
}: Pick<Trust, "state" | "now">): Promise<Check[]> {
  if (now === undefined) return [];
  const matter = { question: "current", record: "the chain", subject: null } as const;
  return [
    await check(matter, () => {
      const age = now - state.block.time;
      if (age > FRESH)
        throw new TraceError(
          "UNAVAILABLE",
          `its newest block is ${Math.round(age / 3_600)} hours old by your clock: what happened since is not known`,
        );
    }),
  ];
}

/**
 * Each operation's own date, which its signer alone vouches for, fits to what the chain knows: it is not before the goods that it
 * draws on were made, nor before its certificate ran; and where the chain learnt of it days later, that is said.
 */
export async function judgeTimes(state: ChainState, steps: readonly Step[]): Promise<Check[]> {
  const made = new Map<Hex, number>();
  const checks: Check[] = [];
  for (const step of steps) {
    const { operation, time, digest } = step;
    const matter = { question: "plausible", record: stepName(step), subject: digest } as const;
    const since = Math.max(0, ...operation.inputs.map(({ lot }) => made.get(lot) ?? 0));
    checks.push(
      await check(matter, () => {
        if (operation.time + DAY < since)
          throw new TraceError(
            "RULE_BROKEN",
            `dated ${dayOf(operation.time)}, before its goods: ${dayOf(since)}`,
          );
        const from = state.certificates[operation.certificate]?.from ?? 0;
        if (operation.certificate !== NOTHING && operation.time + DAY < from)
          throw new TraceError(
            "RULE_BROKEN",
            `dated ${dayOf(operation.time)}, before its right began: ${dayOf(from)}`,
          );
      }),
    );
    for (const { lot } of operation.outputs) made.set(lot, operation.time);
    if (time - operation.time > LATE)
      checks.push(
        remark(matter, "CLOCK", `dated ${dayOf(operation.time)}, recorded ${dayOf(time)}`),
      );
  }
  return checks;
}

const dayOf = (seconds: number): string =>
  new Date(Math.min(seconds, 253_402_300_799) * 1000).toISOString().slice(0, 10);
