import type { Hex } from "../bytes.ts";
import type { ChainState } from "../chain-state.ts";
import { movesOf, placeOf } from "./dwellings.ts";
import { historiesOf, type Step } from "./histories.ts";

/** Whether a device may turn a trail red by what it says of a place (URI). */
export type Witnesses = (place: string, device: Hex) => boolean;

/**
 * Of each place: who had goods of the trail there, by the records that moved them, and who sponsors those. Anybody else may
 * set a sensor at anybody's place and let it contradict itself, so what its numbers say is for the reader to know, no more.
 * Where the chain was not asked whose the device is, or who sponsors whoever was there, everybody counts.
 */
export function witnessesOf(
  lineage: ReadonlySet<Hex>,
  steps: readonly Step[],
  { keys, sponsors }: Pick<ChainState, "keys" | "sponsors">,
): Witnesses {
  const there = new Map<string, Set<Hex>>();
  const histories = historiesOf(steps);
  for (const lot of lineage)
    for (const step of movesOf(lot, histories.get(lot) ?? [])) {
      const place = placeOf(step);
      if (place === null) continue;
      const known = there.get(place) ?? new Set();
      there.set(place, known.add(step.operation.party));
    }
  return (place, device) => {
    const owner = keys[device]?.party;
    if (owner === undefined) return true;
    return [...(there.get(place) ?? [])].some(
      (party) => party === owner || (sponsors[party] ?? owner) === owner,
    );
  };
}
