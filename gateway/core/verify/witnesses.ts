import type { Recorded } from "../bundle.ts";
import type { Hex } from "../bytes.ts";
import { movesOf, placeOf } from "./dwellings.ts";
import { append } from "./grouped.ts";
import { historiesOf, type Step } from "./histories.ts";

/** The parties whose devices may turn a trail red by what they say of a place (URI). */
export type Witnesses = (place: string) => ReadonlySet<Hex>;

/**
 * Of each place: who had goods of the trail there, by the records that moved them, and who enrolled those. Anybody else may
 * set a sensor at anybody's place and let it contradict itself, so what its numbers say is for the reader to know, no more.
 */
export function witnessesOf(
  lineage: ReadonlySet<Hex>,
  steps: readonly Step[],
  statements: readonly Recorded[],
): Witnesses {
  const there = new Map<string, Hex[]>();
  const histories = historiesOf(steps);
  for (const lot of lineage)
    for (const step of movesOf(lot, histories.get(lot) ?? [])) {
      const place = placeOf(step);
      if (place !== null) append(there, place, step.operation.party);
    }
  const sponsors = new Map<Hex, Hex[]>();
  for (const { name, statement } of statements)
    if (name === "Enrolment") append(sponsors, statement.subject, statement.party);
  return (place) => {
    const own = new Set(there.get(place));
    return new Set([...own, ...[...own].flatMap((party) => sponsors.get(party) ?? [])]);
  };
}
