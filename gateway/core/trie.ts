import { sameBytes, toHex } from "./bytes.ts";
import { keccak256 } from "./keccak256.ts";
import { decodeRlp, type Rlp } from "./rlp.ts";
import { TraceError } from "./trace-error.ts";

/** The root of a trie that holds nothing: keccak of RLP's empty string. */
export const EMPTY_TRIE: Uint8Array = keccak256(Uint8Array.of(0x80));

const bad = (why: string): TraceError => new TraceError("BAD_PROOF", `a trie's proof ${why}`);

/**
 * What Ethereum's Merkle-Patricia trie (Yellow Paper, appendix D) under `root` holds at keccak(`key`), by the nodes on the way
 * from the root, each as RLP; null where they prove that it holds nothing. Throws BAD_PROOF, BAD_ENCODING.
 */
export function provenValue(
  root: Uint8Array,
  key: Uint8Array,
  proof: readonly Uint8Array[],
): Uint8Array | null {
  if (sameBytes(root, EMPTY_TRIE)) {
    // Some nodes show the one empty node, some show nothing.
    const [only] = proof;
    if (proof.length > 1 || (only !== undefined && toHex(only) !== "0x80"))
      throw bad("is too long");
    return null;
  }
  const path = nibblesOf(keccak256(key));
  const left = [...proof];
  const value = walk(nodeOf(root, left), path, left);
  if (left.length > 0) throw bad("is too long");
  return value;
}

/** The next node of the proof, which must be the one whose hash its parent holds. */
function nodeOf(hash: Uint8Array, left: Uint8Array[]): Rlp {
  const bytes = left.shift();
  if (bytes === undefined) throw bad("is too short");
  if (!sameBytes(keccak256(bytes), hash)) throw bad("does not lead on from its root");
  return decodeRlp(bytes);
}

function walk(node: Rlp, path: readonly number[], left: Uint8Array[]): Uint8Array | null {
  if (node instanceof Uint8Array) throw bad("has a node that is no list");
  if (node.length === 17) {
    const [next] = path;
    const child = node[next ?? 16];
    if (child === undefined) throw bad("has a branch with a hole");
    return next === undefined ? valueOf(child) : follow(child, path.slice(1), left);
  }
  const [compact, child] = node;
  if (node.length !== 2 || !(compact instanceof Uint8Array) || child === undefined)
    throw bad("has a node of an unknown kind");
  const { isLeaf, part } = partOf(compact);
  const same = part.every((nibble, i) => nibble === path[i]);
  if (isLeaf) return same && part.length === path.length ? valueOf(child) : null;
  if (part.length === 0) throw bad("has an extension by nothing");
  return same ? follow(child, path.slice(part.length), left) : null;
}

/** A child by its hash, or whole where it is shorter than one. */
function follow(child: Rlp, path: readonly number[], left: Uint8Array[]): Uint8Array | null {
  if (!(child instanceof Uint8Array)) return walk(child, path, left);
  if (child.length === 0) return null;
  if (child.length !== 32) throw bad("has a child that is no hash");
  return walk(nodeOf(child, left), path, left);
}

function valueOf(value: Rlp): Uint8Array | null {
  if (!(value instanceof Uint8Array)) throw bad("has a value that is a list");
  return value.length === 0 ? null : value;
}

const nibblesOf = (bytes: Uint8Array): number[] =>
  [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);

/** Hex-prefix encoding (Yellow Paper, appendix C). */
function partOf(compact: Uint8Array): { isLeaf: boolean; part: readonly number[] } {
  const [flags = 16, second = 0, ...rest] = nibblesOf(compact);
  const isOdd = (flags & 1) === 1;
  if (flags > 3 || (!isOdd && second !== 0)) throw bad("has a path with odd flags");
  return { isLeaf: flags >= 2, part: isOdd ? [second, ...rest] : rest };
}
