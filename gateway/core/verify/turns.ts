import { grouped } from "./grouped.ts";
import type { Digested } from "./histories.ts";

/**
 * The records that cannot be as they are shown, with the reason: a key's numbers rise with the blocks, over everything that it signs.
 * So the times of operations, which the heads prove, bound what the bundle says of all other records.
 */
export function outOfTurn(digested: readonly Digested[]): ReadonlyMap<Digested, string> {
  const odd = new Map<Digested, string>();
  for (const own of grouped(digested, ({ recorded }) => recorded.statement.key).values()) {
    const inTurn = own.toSorted((a, b) => numberOf(a) - numberOf(b));
    for (const [i, next] of inTurn.entries()) {
      const before = inTurn[i - 1];
      if (before === undefined || before.digest === next.digest) continue;
      const number = numberOf(next);
      if (numberOf(before) === number) odd.set(next, `its key used number ${number} twice`);
      else if (next.recorded.time < before.recorded.time)
        odd.set(isProven(next) ? before : next, `number ${number} came before a lower one`);
    }
  }
  return odd;
}

const numberOf = ({ recorded }: Digested): number => recorded.statement.number;
const isProven = ({ recorded }: Digested): boolean => recorded.name === "Operation";
