import type { Hex } from "../bytes.ts";
import { TraceError } from "../trace-error.ts";
import { grouped } from "./grouped.ts";
import type { Digested } from "./histories.ts";

/**
 * The records that cannot be as they are shown, with what is wrong (REPLAYED): a key's numbers rise with the blocks, over everything that it signs.
 * So the times of operations, which the heads prove, bound what the bundle says of all other records. And whoever ends a key
 * ends it earlier than its enrolment would.
 */
export function outOfTurn(digested: readonly Digested[]): ReadonlyMap<Digested, TraceError> {
  const odd = new Map<Digested, TraceError>();
  for (const own of grouped(digested, ({ recorded }) => recorded.statement.key).values()) {
    const inTurn = own.toSorted((a, b) => numberOf(a) - numberOf(b));
    for (const [i, next] of inTurn.entries()) {
      const before = inTurn[i - 1];
      if (before === undefined || before.digest === next.digest) continue;
      const number = numberOf(next);
      if (numberOf(before) === number)
        odd.set(next, new TraceError("REPLAYED", `its key used number ${number} twice`));
      else if (next.recorded.time < before.recorded.time)
        odd.set(
          isProven(next) ? before : next,
          new TraceError("REPLAYED", `number ${number} came before a lower one`),
        );
    }
  }
  for (const each of digested) {
    const { name, statement } = each.recorded;
    if (name === "KeyRevocation" && statement.until >= endOf(digested, statement.subjectKey))
      odd.set(
        each,
        new TraceError("REPLAYED", "it ends nothing: the key ends then by its enrolment"),
      );
  }
  return odd;
}

/** When a key ends by the enrolment that is shown; of what is not, never. */
export function endOf(digested: readonly Digested[], key: Hex): number {
  for (const { recorded } of digested)
    if (recorded.name === "Enrolment" && recorded.statement.subjectKey === key)
      return recorded.statement.until;
  return Infinity;
}

const numberOf = ({ recorded }: Digested): number => recorded.statement.number;
const isProven = ({ recorded }: Digested): boolean => recorded.name === "Operation";
