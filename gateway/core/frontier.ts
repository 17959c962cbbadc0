import { emptyRoot, hashNode } from "./merkle.ts";

/**
 * All that an append-only log must remember to go on: how many leaves it has, and the roots of the
 * full subtrees that they fall into, largest first (one for each 1 in the binary form of `size`).
 */
export type Frontier = { readonly size: number; readonly peaks: readonly Uint8Array[] };

/** The frontier of a log without leaves. */
export const emptyFrontier: Frontier = { size: 0, peaks: [] };

/** The frontier after one more leaf hash: two hashes of work on average, whatever the size. */
export function appendLeaf({ size, peaks }: Frontier, leaf: Uint8Array): Frontier {
  const grown = [...peaks];
  let peak = leaf;
  for (let full = size; full % 2 === 1; full = (full - 1) / 2) {
    const left = grown.pop();
    if (left === undefined) throw new RangeError(`a frontier of ${size} has lost a peak`);
    peak = hashNode(left, peak);
  }
  grown.push(peak);
  return { size: size + 1, peaks: grown };
}

/** The root over all leaves: the same as `rootOf` over their hashes. */
export const rootOfFrontier = ({ peaks }: Frontier): Uint8Array =>
  peaks.length === 0 ? emptyRoot : peaks.reduceRight((right, left) => hashNode(left, right));
