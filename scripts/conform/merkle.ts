import { fromHex, toHex } from "../../gateway/core/bytes.ts";
import {
  hashLeaf,
  hashNode,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from "../../gateway/core/merkle.ts";
import { arrayOf, judge, readJson, same } from "./suite.ts";
import type { Case, Suite, VectorFile } from "./suite.ts";

interface Probe {
  readonly desc?: string;
  readonly file?: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
}

interface InclusionProbe extends Probe {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string | null;
  readonly leafHash: string | null;
}

interface ConsistencyProbe extends Probe {
  readonly size1: number;
  readonly size2: number;
  readonly root1: string | null;
  readonly root2: string | null;
}

interface Tree {
  readonly leafInputsHex: readonly string[];
  readonly nodeHashesHexByLevel: readonly (readonly string[])[];
  readonly rootHashesHexBySize0to8: readonly string[];
}

/** `{leafIdx, treeSize, root, leafHash, proof, wantErr}`, hashes in base64. */
export const merkleInclusion: Suite = {
  summary: "RFC 9162: inclusion proofs to accept and to refuse",
  cases: (file) =>
    probes<InclusionProbe>(file, "leafIdx", "treeSize")?.map((probe) => ({
      name: nameOf(probe),
      run: () =>
        judge(!probe.wantErr, () =>
          verifyInclusion({
            index: probe.leafIdx,
            size: probe.treeSize,
            leaf: base64(probe.leafHash),
            root: base64(probe.root),
            proof: (probe.proof ?? []).map(base64),
          }),
        ),
    })),
};

/** `{size1, size2, root1, root2, proof, wantErr}`, hashes in base64. */
export const merkleConsistency: Suite = {
  summary: "RFC 9162: consistency proofs to accept and to refuse",
  cases: (file) =>
    probes<ConsistencyProbe>(file, "size1", "size2")?.map((probe) => ({
      name: nameOf(probe),
      run: () =>
        judge(!probe.wantErr, () =>
          verifyConsistency({
            older: probe.size1,
            newer: probe.size2,
            olderRoot: base64(probe.root1),
            newerRoot: base64(probe.root2),
            proof: (probe.proof ?? []).map(base64),
          }),
        ),
    })),
};

/** Leaves in hex, the nodes of every level, and the root at every size. */
export const merkleTree: Suite = {
  summary: "RFC 9162: a tree of eight leaves, every node, every root",
  cases: (file) => {
    const tree = readJson(file) as Partial<Tree> | null;
    const { leafInputsHex, nodeHashesHexByLevel, rootHashesHexBySize0to8 } = tree ?? {};
    if (!leafInputsHex || !nodeHashesHexByLevel || !rootHashesHexBySize0to8) return undefined;
    const leaves = leafInputsHex.map((hex) => hashLeaf(fromHex(`0x${hex}`)));
    return [
      ...rootHashesHexBySize0to8.map((root, size) => ({
        name: `root over ${size}`,
        run: () => same(hexOf(rootOf(leaves.slice(0, size))), root),
      })),
      ...levelsOf(leaves, nodeHashesHexByLevel.length).flatMap((nodes, level) =>
        nodeCases(level, nodes, nodeHashesHexByLevel[level] ?? []),
      ),
    ];
  },
};

const nodeCases = (
  level: number,
  nodes: readonly Uint8Array[],
  wanted: readonly string[],
): readonly Case[] =>
  wanted.map((hex, i) => ({
    name: `node ${i} of level ${level}`,
    run: () => same(hexOf(nodes[i] ?? new Uint8Array()), hex),
  }));

/** The full nodes of each level above the leaves. */
function levelsOf(leaves: readonly Uint8Array[], count: number): readonly Uint8Array[][] {
  const levels = [[...leaves]];
  while (levels.length < count) {
    const below = levels.at(-1) ?? [];
    levels.push(
      below.flatMap((left, i) => {
        const right = i % 2 === 0 ? below[i + 1] : undefined;
        return right === undefined ? [] : [hashNode(left, right)];
      }),
    );
  }
  return levels;
}

/** An array of probes, or one alone in its file. */
function probes<T extends Probe>(file: VectorFile, ...keys: readonly (keyof T & string)[]) {
  const value = readJson(file);
  return arrayOf<T>(Array.isArray(value) ? value : [value], ...keys, "wantErr");
}

const nameOf = ({ desc, file }: Probe): string => file ?? desc ?? "a probe";
const hexOf = (bytes: Uint8Array): string => toHex(bytes).slice(2);

// Go writes what is absent as null, and some probes hold deliberate garbage: any bytes will do.
const base64 = (text: string | null): Uint8Array =>
  new Uint8Array(Buffer.from(text ?? "", "base64"));
