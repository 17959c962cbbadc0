import type { Hex } from "../bytes.ts";
import { FLAGS } from "../operations.ts";
import { isObject } from "../statement.ts";
import type { LotState } from "../chain-state.ts";
import { lotsOf, type Step } from "./histories.ts";

/** A lot (or what became of it) stood at `place` (URI) from `from` until `until`, in seconds. */
export type Dwelling = { readonly place: string; readonly from: number; readonly until: number };

/** Where the event says the goods are afterwards (EPCIS bizLocation), or null. */
export function placeOf({ recorded }: Step): string | null {
  const location = recorded.document?.["bizLocation"];
  return isObject(location) && typeof location["id"] === "string" ? location["id"] : null;
}

/** Until when a lot's whereabouts matter: the last time it was drawn on for this trail, or now. */
function endOf(lot: Hex, steps: readonly Step[], lineage: ReadonlySet<Hex>, now: number): number {
  const draws = steps.filter(
    ({ operation }) =>
      operation.inputs.some((input) => input.lot === lot) &&
      operation.outputs.some((output) => lineage.has(output.lot)),
  );
  return draws.at(-1)?.time === undefined ? now : (draws.at(-1)?.operation.time ?? now);
}

/**
 * Where the lots of a trail stood and when, by their signed events: the windows in which sensors must speak.
 * Taken from what people signed, so that nobody in between can choose a convenient window. Merged per place.
 */
export function dwellingsOf(
  lineage: ReadonlySet<Hex>,
  steps: readonly Step[],
  lots: Readonly<Record<Hex, LotState>>,
  now: number,
): Dwelling[] {
  const found: Dwelling[] = [];
  for (const lot of lineage) {
    const own = steps.filter(({ operation }) => lotsOf(operation).includes(lot));
    const retired = ((lots[lot]?.flags ?? 0) & FLAGS.retired) !== 0;
    const end = retired ? (own.at(-1)?.operation.time ?? now) : endOf(lot, own, lineage, now);
    own.forEach((step, i) => {
      const place = placeOf(step);
      const from = step.operation.time;
      // Nothing that a stranger wrote reaches past the reader's own block.
      const until = Math.min(own[i + 1]?.operation.time ?? end, end, now);
      if (place !== null && until > from) found.push({ place, from, until });
    });
  }
  return merged(found);
}

function merged(dwellings: readonly Dwelling[]): Dwelling[] {
  const out: Dwelling[] = [];
  for (const next of dwellings.toSorted((a, b) =>
    a.place === b.place ? a.from - b.from : a.place < b.place ? -1 : 1,
  )) {
    const last = out.at(-1);
    if (last?.place === next.place && next.from <= last.until)
      out[out.length - 1] = { ...last, until: Math.max(last.until, next.until) };
    else out.push(next);
  }
  return out;
}
