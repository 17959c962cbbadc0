import type { Hex } from "../bytes.ts";
import type { ChainState } from "../chain-state.ts";
import { NOTHING } from "../recording.ts";
import { TraceError } from "../trace-error.ts";
import type { Trust } from "../verify.ts";
import { dayOf } from "./days.ts";
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
 * Each operation's own date is its signer's word alone, and a phone's clock may be wrong: where it lies more than a day before the
 * goods that were drawn on were made, or before its right began, or days before the chain learnt of it, that is said.
 */
export function judgeTimes(state: ChainState, steps: readonly Step[]): Check[] {
  const made = new Map<Hex, number>();
  return steps.flatMap((step): Check[] => {
    const { operation, time, digest } = step;
    const matter = { question: "plausible", record: stepName(step), subject: digest } as const;
    const goods = Math.max(0, ...operation.inputs.map(({ lot }) => made.get(lot) ?? 0));
    const right =
      operation.certificate === NOTHING
        ? 0
        : (state.certificates[operation.certificate]?.from ?? 0);
    for (const { lot } of operation.outputs) made.set(lot, operation.time);
    const dated = operation.time;
    return [
      dated + DAY < goods &&
        remark(matter, "CLOCK", `dated ${dayOf(dated)}, before its goods: ${dayOf(goods)}`),
      dated + DAY < right &&
        remark(matter, "CLOCK", `dated ${dayOf(dated)}, before its right: ${dayOf(right)}`),
      time - dated > LATE &&
        remark(matter, "CLOCK", `dated ${dayOf(dated)}, recorded ${dayOf(time)}`),
    ].filter((found) => found !== false);
  });
}
