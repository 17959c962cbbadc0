import type { Bundle } from "../bundle.ts";
import type { Hex } from "../bytes.ts";
import { SENSOR } from "../operations.ts";
import type { ChainState } from "../chain-state.ts";
import { movesOf, placeOf } from "./dwellings.ts";
import { append } from "./grouped.ts";
import { historiesOf, type Step } from "./histories.ts";

/** Whether a device may turn a trail red by what it says of a place (URI). */
export type Witnesses = (place: string, device: Hex) => boolean;

/**
 * Of each place: who had goods of the trail there, by the records that moved them, and who enrolled those. Anybody else may
 * set a sensor at anybody's place and let it contradict itself, so what its numbers say is for the reader to know, no more.
 * Where it is not shown who enrolled them everybody counts: leaving that out must not excuse a sensor.
 */
export function witnessesOf(
  lineage: ReadonlySet<Hex>,
  steps: readonly Step[],
  { statements, founders }: Pick<Bundle, "statements" | "founders">,
  keys: ChainState["keys"],
): Witnesses {
  const there = new Map<string, Step[]>();
  const histories = historiesOf(steps);
  for (const lot of lineage)
    for (const step of movesOf(lot, histories.get(lot) ?? [])) {
      const place = placeOf(step);
      if (place !== null) append(there, place, step);
    }
  const sponsors = new Map<Hex, Hex[]>();
  const introduced = new Set<Hex | undefined>(); // keys, and parties by a key of people
  for (const { key } of founders) introduced.add(key).add(keys[key]?.party);
  for (const { name, statement } of statements) {
    if (name !== "Enrolment") continue;
    append(sponsors, statement.subject, statement.party);
    if ((statement.roles & SENSOR) === 0)
      introduced.add(statement.subjectKey).add(statement.subject);
  }
  return (place, device) => {
    const owner = keys[device]?.party;
    if (owner === undefined) return true;
    const own = there.get(place) ?? [];
    return own.some(
      ({ operation: { party, key } }) =>
        party === owner ||
        sponsors.get(party)?.includes(owner) ||
        !introduced.has(party) ||
        !introduced.has(key),
    );
  };
}
