import type { Hex } from "../bytes.ts";
import { KINDS, type Operation } from "../operations.ts";
import type { Step } from "./histories.ts";
import type { ClaimShare } from "./report.ts";

/** So many grams of the `of` that a lot had left; a share that later draws do not change. */
type Covered = { readonly grams: number; readonly of: number };

/** `claims`: of what is left, which is what later lots are made of. `whole`: grams of all that was `made`, which its label speaks of. */
type Lot = {
  readonly made: number;
  left: number;
  readonly claims: Map<Hex, Covered>;
  readonly whole: Map<Hex, number>;
};

const shareOf = ({ grams, of }: Covered): number => Math.min(1, grams / of);

/**
 * Which share of the whole mass of a lot each claim covers (0 to 1), largest first: goods that were drawn before a certify may bear
 * the lot's label too. For what is made of it, a certify of m grams covers m of what the lot has left at that moment; what is made of
 * lots is covered as they are then, by mass. A claim on one gram stays a claim on one gram.
 */
export function claimsOf(lot: Hex, steps: readonly Step[]): ClaimShare[] {
  const lots = new Map<Hex, Lot>();
  for (const { operation } of steps) {
    if (operation.kind === KINDS.certify) certify(lots, operation);
    const made = operation.kind === KINDS.process ? drawn(lots, operation.inputs) : [];
    for (const { lot: id, mass } of operation.outputs)
      if (!lots.has(id)) lots.set(id, newLot(mass, made));
  }
  const { made, whole } = lots.get(lot) ?? newLot(0, []);
  return [...whole]
    .map(([certificate, grams]) => ({ certificate, share: Math.min(1, grams / made) }))
    .toSorted((a, b) => b.share - a.share);
}

const newLot = (made: number, inherited: readonly [Hex, Covered][]): Lot => ({
  made,
  left: made,
  claims: new Map(inherited),
  whole: new Map(inherited.map(([claim, covered]) => [claim, shareOf(covered) * made])),
});

function certify(lots: ReadonlyMap<Hex, Lot>, { certificate, inputs }: Operation): void {
  for (const { lot, mass } of inputs) {
    const known = lots.get(lot);
    if (known === undefined || known.left <= 0) continue;
    const { left, claims, whole } = known;
    const before = claims.get(certificate) ?? { grams: 0, of: left };
    // Grams are added as they are where nothing was drawn in between, so that parts of a whole make exactly 1.
    const grams = before.of === left ? before.grams : shareOf(before) * left;
    const next = Math.min(left, grams + mass); // certifying the same grams again covers no others
    claims.set(certificate, { grams: next, of: left });
    whole.set(certificate, (whole.get(certificate) ?? 0) + next - grams);
  }
}

/** Draws these portions; what each claim covers of one gram of their mix. */
function drawn(lots: ReadonlyMap<Hex, Lot>, inputs: Operation["inputs"]): [Hex, Covered][] {
  const total = inputs.reduce((sum, { mass }) => sum + mass, 0);
  const grams = new Map<Hex, number>();
  for (const { lot, mass } of inputs) {
    const known = lots.get(lot);
    if (known === undefined) continue;
    for (const [claim, covered] of known.claims)
      grams.set(claim, (grams.get(claim) ?? 0) + mass * shareOf(covered));
    known.left = Math.max(0, known.left - mass);
  }
  return [...grams].map(([claim, mass]) => [claim, { grams: mass / Math.max(total, 1), of: 1 }]);
}
