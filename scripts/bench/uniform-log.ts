import { hashLeaf, hashNode, splitOf } from "../../gateway/core/merkle.ts";

/** A log of any size whose entries are all the same, so that a million leaves cost a few hashes (RFC 9162, 2.1). */
const heights: Uint8Array[] = [hashLeaf(new Uint8Array())];

function complete(height: number): Uint8Array {
  const known = heights[height];
  if (known !== undefined) return known;
  const below = complete(height - 1);
  return (heights[height] = hashNode(below, below));
}

/** The root of `size` > 0 leaves. */
export function uniformRoot(size: number): Uint8Array {
  const height = Math.log2(size);
  if (Number.isInteger(height)) return complete(height);
  const k = splitOf(size);
  return hashNode(uniformRoot(k), uniformRoot(size - k));
}

/** SUBPROOF of RFC 9162, 2.1.4.1, from `older` > 0 to `newer` leaves. */
export function uniformConsistency(older: number, newer: number, known = true): Uint8Array[] {
  if (older === newer) return known ? [] : [uniformRoot(older)];
  const k = splitOf(newer);
  return older <= k
    ? [...uniformConsistency(older, k, known), uniformRoot(newer - k)]
    : [...uniformConsistency(older - k, newer - k, false), uniformRoot(k)];
}
