import type { Recorded } from "../bundle.ts";
import type { Hex } from "../bytes.ts";
import { KINDS } from "../operations.ts";
import { lotsOf, type Step } from "./histories.ts";

/**
 * The parties whose devices may turn a trail red: who made or took over one of its lots, and who enrolled those. Anybody else may
 * set a sensor at anybody's place and let it contradict itself, so what its numbers say is for the reader to know, no more.
 */
export function witnessesOf(
  lineage: ReadonlySet<Hex>,
  steps: readonly Step[],
  statements: readonly Recorded[],
): ReadonlySet<Hex> {
  const holders = new Set(
    steps.flatMap(({ operation }) => {
      const { kind, party, outputs } = operation;
      const made = outputs.some(({ lot }) => lineage.has(lot));
      const took = kind === KINDS.takeOver && lotsOf(operation).some((lot) => lineage.has(lot));
      return made || took ? [party] : [];
    }),
  );
  const sponsors = statements.flatMap(({ name, statement }) =>
    name === "Enrolment" && holders.has(statement.subject) ? [statement.party] : [],
  );
  return new Set([...holders, ...sponsors]);
}
