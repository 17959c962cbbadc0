import type { Hex } from "../bytes.ts";
import { KINDS } from "../operations.ts";
import { areaText, NOTHING } from "../recording.ts";
import type { Step } from "./histories.ts";
import type { OriginShare } from "./report.ts";

type Shares = ReadonlyMap<string, number>;

/** The mix of shares by mass; the shares of a mix of one origin are exactly 1. */
function mix(parts: readonly { readonly mass: number; readonly shares: Shares }[]): Shares {
  const total = parts.reduce((sum, { mass }) => sum + mass, 0);
  const grams = new Map<string, number>();
  for (const { mass, shares } of parts)
    for (const [origin, share] of shares)
      grams.set(origin, (grams.get(origin) ?? 0) + mass * share);
  return new Map([...grams].map(([origin, mass]) => [origin, mass / total]));
}

/** From where a lot comes, by mass, largest share first: harvests by their growing-area code's area, intakes as declared. */
export function originOf(
  lot: Hex,
  steps: readonly Step[],
  areaOf: (certificate: Hex) => Hex | undefined,
): OriginShare[] {
  const shares = new Map<Hex, Shares>();
  for (const { operation } of steps) {
    const { kind, inputs, outputs, certificate, area } = operation;
    const made: Shares =
      kind === KINDS.harvest
        ? new Map([[`+${areaText(areaOf(certificate) ?? NOTHING)}`, 1]])
        : kind === KINDS.intake
          ? new Map([[`-${areaText(area)}`, 1]])
          : mix(
              inputs.map((input) => ({
                mass: input.mass,
                shares: shares.get(input.lot) ?? new Map([["-", 1]]),
              })),
            );
    for (const output of outputs) if (!shares.has(output.lot)) shares.set(output.lot, made);
  }
  return [...(shares.get(lot) ?? [])]
    .map(([origin, share]) => ({ area: origin.slice(1), grown: origin.startsWith("+"), share }))
    .toSorted((a, b) => b.share - a.share);
}
