import type { Hex } from "../bytes.ts";
import type { ChainState } from "../chain-state.ts";
import { lotsOf, requireHistory, type Histories, type Step } from "./histories.ts";
import { check, failure, worst, type Check } from "./report.ts";
import { stepName } from "./standing.ts";

const lotName = (lot: Hex): string => `history of lot ${lot.slice(0, 10)}…`;

/** What is known of a record from the history that it is part of: a head that is the chain's proves every record in it. */
function anchoredBy(step: Step, histories: readonly Check[]): Check {
  const about = { question: "anchored", record: stepName(step), subject: step.digest } as const;
  const outcomes = histories.map(({ outcome, code }) =>
    outcome === "fails" && code === "WITHHELD" ? "unchecked" : outcome,
  );
  const outcome = worst(outcomes);
  const told = histories[outcomes.indexOf(outcome)];
  if (outcome === "holds" || told?.code === undefined) return { ...about, outcome };
  return { ...about, outcome, code: told.code, reason: `${told.record}: ${told.reason ?? ""}` };
}

/** Each lot's records are exactly those on the chain, and no record is about something else. */
export async function judgeHistories(
  state: ChainState,
  steps: readonly Step[],
  { lineage, histories }: { readonly lineage: ReadonlySet<Hex>; readonly histories: Histories },
): Promise<Check[]> {
  const judged = new Map<Hex, Check>();
  for (const lot of lineage)
    judged.set(
      lot,
      await check({ question: "complete", record: lotName(lot), subject: lot }, () =>
        requireHistory(lot, histories.get(lot) ?? [], state.lots[lot]),
      ),
    );
  const records = steps.map((step): Check => {
    const own = lotsOf(step.operation).flatMap((lot) => judged.get(lot) ?? []);
    return own.length > 0
      ? anchoredBy(step, own)
      : failure(
          { question: "complete", record: stepName(step), subject: step.digest },
          "BAD_BUNDLE",
          "the record is about none of the lots of this trail",
        );
  });
  return [...judged.values(), ...records];
}
