import type { LotState } from "../chain-state.ts";
import type { Hex } from "../bytes.ts";
import { KINDS } from "../operations.ts";
import { isObject } from "../statement.ts";
import { historiesOf, type Histories, type Step } from "./histories.ts";

/** A lot (or what became of it) stood at `place` (URI) from `from` until `until`, in seconds. */
export type Dwelling = { readonly place: string; readonly from: number; readonly until: number };

/** Where the event says the goods are afterwards (EPCIS bizLocation), or null. */
export function placeOf({ recorded }: Pick<Step, "recorded">): string | null {
  const location = recorded.document?.["bizLocation"];
  return isObject(location) && typeof location["id"] === "string" ? location["id"] : null;
}

// Of these the chain knows that their party holds the lot, or takes it from who does.
const MOVES: ReadonlySet<number> = new Set([
  KINDS.harvest,
  KINDS.intake,
  KINDS.process,
  KINDS.handOver,
  KINDS.takeOver,
  KINDS.retire,
]);

/**
 * The steps of a lot that say where it lies: those of its holder, and notes of whom it is being handed to. Who certifies,
 * recalls or inspects it need not be where it lies, and could otherwise move it away from its sensor.
 */
export function movesOf(lot: Hex, steps: readonly Step[]): readonly Step[] {
  let holder: Hex | undefined;
  let receiver: Hex | undefined;
  return steps.filter(({ operation: { kind, party, outputs, counterparty } }) => {
    if (kind === KINDS.handOver) receiver = counterparty;
    if (kind === KINDS.takeOver || outputs.some((made) => made.lot === lot))
      [holder, receiver] = [party, undefined];
    return MOVES.has(kind) || (kind === KINDS.note && (party === holder || party === receiver));
  });
}

/** The notes (digests) of who did not hold the lot that they are about: their signer's word, on which nothing rests. */
export const strangeNotes = (histories: Histories): ReadonlySet<Hex> =>
  new Set(
    [...histories].flatMap(([lot, own]) => {
      const moves = new Set(movesOf(lot, own));
      const notes = own.filter(({ operation }) => operation.kind === KINDS.note);
      return notes.filter((step) => !moves.has(step)).map(({ digest }) => digest);
    }),
  );

/**
 * Until when a lot's whereabouts matter: the last time that it was drawn on for this trail; else the time at which the last of
 * it went elsewhere; else now.
 */
function endOf(
  lot: Hex,
  own: readonly Step[],
  { lineage, left, now }: { lineage: ReadonlySet<Hex>; left: number | undefined; now: number },
): number {
  const draws = own.filter(
    ({ operation: { kind, inputs } }) =>
      (kind === KINDS.process || kind === KINDS.retire) &&
      inputs.some((input) => input.lot === lot),
  );
  const ours = draws.filter(({ operation }) =>
    operation.outputs.some((made) => lineage.has(made.lot)),
  );
  const last = ours.at(-1) ?? (left === 0 ? draws.at(-1) : undefined);
  return last?.time ?? now;
}

/**
 * Where the lots of a trail stood and when: from the time that a signed event says, or its block time where that is earlier,
 * until the block time of the next. Taken from what people signed, so that nobody in between can choose a convenient window. Merged per place.
 */
export function dwellingsOf(
  lineage: ReadonlySet<Hex>,
  steps: readonly Step[],
  lots: Readonly<Record<Hex, LotState>>,
  now: number,
): Dwelling[] {
  const found: Dwelling[] = [];
  const histories = historiesOf(steps);
  for (const lot of lineage) {
    const own = movesOf(lot, histories.get(lot) ?? []);
    const end = endOf(lot, own, { lineage, left: lots[lot]?.mass, now });
    own.forEach((step, i) => {
      const place = placeOf(step);
      // A time that the signer dates ahead would leave the goods nowhere until then.
      const from = Math.min(step.operation.time, step.time);
      // Until the chain knew that the goods had moved on: a signer's own word for an earlier time would hide what
      // a sensor saw meanwhile. And nothing that a stranger wrote reaches past the reader's own block.
      const until = Math.min(own[i + 1]?.time ?? end, end, now);
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
