import { sameBytes } from "./bytes.ts";
import { sha256 } from "./hash.ts";
import { TraceError } from "./trace-error.ts";

/**
 * A place in a log: leaf `index` of the tree over the first `size` leaves, and the way from there
 * to the root.
 */
export type Inclusion = {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
};

/**
 * The claim that the tree with `newerRoot` over `newer` leaves continues the one with `olderRoot`.
 */
export type Consistency = {
  readonly older: number;
  readonly newer: number;
  readonly olderRoot: Uint8Array;
  readonly newerRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
};

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** RFC 9162, 2.1.1: leaves and nodes are hashed apart, so that neither can pose as the other. */
export const hashLeaf = (entry: Uint8Array): Uint8Array => sha256(LEAF, entry);

/** RFC 9162, 2.1.1: the parent of two nodes of 32 bytes. */
export const hashNode = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(NODE, left, right);

/** The root of a log without entries: SHA-256 of nothing. */
export const emptyRoot: Uint8Array = /* @__PURE__ */ sha256();

/** `hashNode`, or what does the same in less time where there is such a thing. */
export type HashNode = (left: Uint8Array, right: Uint8Array) => Uint8Array;

/** The root over leaf hashes, as RFC 9162, 2.1.1 defines it. */
export function rootOf(leaves: readonly Uint8Array[], node: HashNode = hashNode): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return emptyRoot;
  if (leaves.length === 1) return first;
  const k = splitOf(leaves.length);
  return node(rootOf(leaves.slice(0, k), node), rootOf(leaves.slice(k), node));
}

/**
 * PATH of RFC 9162, 2.1.3.1: the siblings from leaf `index` up to the root of the first `size`
 * leaves.
 */
export function proveInclusion(
  leaves: readonly Uint8Array[],
  index: number,
  size: number = leaves.length,
): readonly Uint8Array[] {
  if (!isCount(size) || size > leaves.length || !isCount(index) || index >= size)
    throw new TraceError("BAD_PROOF", `no leaf ${index} among ${size}`);
  if (size === 1) return [];
  const k = splitOf(size);
  const [left, right] = [leaves.slice(0, k), leaves.slice(k, size)];
  return index < k
    ? [...proveInclusion(left, index), rootOf(right)]
    : [...proveInclusion(right, index - k), rootOf(left)];
}

/**
 * PROOF of RFC 9162, 2.1.4.1: that the first `newer` leaves begin with the first `older`. Empty for
 * equal sizes.
 */
export function proveConsistency(
  leaves: readonly Uint8Array[],
  older: number,
  newer: number = leaves.length,
): readonly Uint8Array[] {
  if (!isCount(newer) || newer > leaves.length || !isCount(older) || older > newer)
    throw new TraceError("BAD_PROOF", `${older} of ${newer} leaves are not the past of this log`);
  return older === 0 ? [] : subproof(leaves.slice(0, newer), older, true);
}

/** The root that `proof` claims for `leaf`. Throws BAD_PROOF where the shape cannot be right. */
export function rootFromInclusion({ leaf, index, size, proof }: Inclusion): Uint8Array {
  if (!isCount(size) || !isCount(index) || index >= size)
    throw new TraceError("BAD_PROOF", `no leaf ${index} among ${size}`);
  requireHashes([leaf, ...proof]);
  return climb(leaf, index, size, proof);
}

/** Holds only if `proof` leads from `leaf` to `root`. RFC 9162, 2.1.3.2. Throws BAD_PROOF. */
export function verifyInclusion(claim: Inclusion & { readonly root: Uint8Array }): void {
  if (!sameBytes(rootFromInclusion(claim), claim.root))
    throw new TraceError("BAD_PROOF", `leaf ${claim.index} does not lead to the root`);
}

/**
 * Holds only if `proof` leads to both roots. RFC 9162, 2.1.4.2. Throws BAD_PROOF. From an empty log
 * nothing can be proven but that it is still empty: whoever starts at size 0 has nothing to compare
 * and must not ask.
 */
export function verifyConsistency(claim: Consistency): void {
  const { older, newer, olderRoot, newerRoot, proof } = claim;
  if (!isCount(older) || !isCount(newer) || older > newer)
    throw new TraceError("BAD_PROOF", `a log of ${newer} is not the future of one of ${older}`);
  if (older === 0 && newer > 0)
    throw new TraceError("BAD_PROOF", "nothing can be proven from an empty log");
  requireHashes(older === newer ? proof : [olderRoot, ...proof]);
  const roots = climbBoth(older, newer, proof, olderRoot);
  if (!sameBytes(roots.older, olderRoot))
    throw new TraceError("BAD_PROOF", `the proof does not start at the root over ${older}`);
  if (!sameBytes(roots.newer, newerRoot))
    throw new TraceError("BAD_PROOF", `the proof does not lead to the root over ${newer}`);
}

/** The largest power of two below `size`, for sizes above 1: where RFC 9162 cuts a tree in two. */
export function splitOf(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}

// Sizes come from strangers: without this a fraction or 2^60 would send the recursions astray.
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

function requireHashes(hashes: readonly Uint8Array[]): void {
  // 53 levels hold every safe integer, and a consistency proof has one node more.
  if (hashes.length > 55 || hashes.some((hash) => hash.length !== 32))
    throw new TraceError("BAD_PROOF", "a proof is a short list of hashes of 32 bytes");
}

function subproof(
  leaves: readonly Uint8Array[],
  older: number,
  known: boolean,
): readonly Uint8Array[] {
  if (older === leaves.length) return known ? [] : [rootOf(leaves)];
  const k = splitOf(leaves.length);
  return older <= k
    ? [...subproof(leaves.slice(0, k), older, known), rootOf(leaves.slice(k))]
    : [...subproof(leaves.slice(k), older - k, false), rootOf(leaves.slice(0, k))];
}

function climb(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
): Uint8Array {
  if (size === 1) {
    if (proof.length > 0) throw new TraceError("BAD_PROOF", "the proof is too long");
    return leaf;
  }
  const k = splitOf(size);
  const { below, sibling } = pop(proof);
  return index < k
    ? hashNode(climb(leaf, index, k, below), sibling)
    : hashNode(sibling, climb(leaf, index - k, size - k, below));
}

// `known` is the older root while the path still follows the left edge, where the proof leaves it
// out.
function climbBoth(
  older: number,
  newer: number,
  proof: readonly Uint8Array[],
  known: Uint8Array | undefined,
): { readonly older: Uint8Array; readonly newer: Uint8Array } {
  if (older === newer) {
    if (proof.length !== (known === undefined ? 1 : 0))
      throw new TraceError("BAD_PROOF", "the proof has the wrong length");
    const seed = known ?? pop(proof).sibling;
    return { older: seed, newer: seed };
  }
  const k = splitOf(newer);
  const { below, sibling } = pop(proof);
  if (older <= k) {
    const left = climbBoth(older, k, below, known);
    return { older: left.older, newer: hashNode(left.newer, sibling) };
  }
  const right = climbBoth(older - k, newer - k, below, undefined);
  return { older: hashNode(sibling, right.older), newer: hashNode(sibling, right.newer) };
}

function pop(proof: readonly Uint8Array[]) {
  const sibling = proof.at(-1);
  if (sibling === undefined) throw new TraceError("BAD_PROOF", "the proof is too short");
  return { below: proof.slice(0, -1), sibling };
}
