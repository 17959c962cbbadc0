import { expect } from "chai";
import * as fc from "fast-check";

import { fromHex, toHex } from "../../../gateway/core/bytes.ts";
import { appendLeaf, emptyFrontier, rootOfFrontier } from "../../../gateway/core/frontier.ts";
import {
  emptyRoot,
  hashLeaf,
  hashNode,
  proveConsistency,
  proveInclusion,
  rootOf,
  splitOf,
  verifyConsistency,
  verifyInclusion,
} from "../../../gateway/core/merkle.ts";
import { expectRefusal } from "../../refusal.ts";
import { describeVectors, readVectors } from "../../vectors.ts";

const leavesUpTo = (size: number): readonly Uint8Array[] =>
  Array.from({ length: size }, (_, i) => hashLeaf(Uint8Array.of(i, i >> 8)));

const LEAVES = leavesUpTo(70);
const rootAt = (size: number): Uint8Array => rootOf(LEAVES.slice(0, size));
const base64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));

type InclusionProbe = {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly file: string;
  readonly wantErr: boolean;
};

type Tree = {
  readonly leafInputsHex: readonly string[];
  readonly nodeHashesHexByLevel: readonly (readonly string[])[];
  readonly rootHashesHexBySize0to8: readonly string[];
};

describe("The Merkle log of RFC 9162", () => {
  describeVectors("against the vectors of transparency-dev", (folder) => {
    for (const probe of readVectors<InclusionProbe[]>(folder, "merkle", "inclusion.json"))
      it(`${probe.wantErr ? "refuses" : "accepts"} ${probe.file}`, () => {
        const check = () =>
          verifyInclusion({
            leaf: base64(probe.leafHash),
            index: probe.leafIdx,
            size: probe.treeSize,
            root: base64(probe.root),
            proof: (probe.proof ?? []).map(base64),
          });
        if (probe.wantErr) expectRefusal("BAD_PROOF", check);
        else check();
      });

    it("builds every node and root of the eight-leaf tree", () => {
      const tree = readVectors<Tree>(folder, "merkle", "tree.json");
      const leaves = tree.leafInputsHex.map((hex) => hashLeaf(fromHex(`0x${hex}`)));
      const roots = Array.from({ length: 9 }, (_, n) => toHex(rootOf(leaves.slice(0, n))).slice(2));
      expect(roots).to.deep.equal(tree.rootHashesHexBySize0to8);
      let level = leaves;
      for (const wanted of tree.nodeHashesHexByLevel) {
        expect(level.map((node) => toHex(node).slice(2))).to.deep.equal(wanted);
        level = level.flatMap((node, i) =>
          i % 2 === 0 && level[i + 1] !== undefined ? [hashNode(node, level[i + 1] ?? node)] : [],
        );
      }
    });
  });

  it("proves every leaf of every tree up to 70 leaves, and no leaf at another place", () => {
    for (let size = 1; size <= LEAVES.length; size++) {
      const root = rootAt(size);
      for (const [index, leaf] of LEAVES.slice(0, size).entries()) {
        const proof = proveInclusion(LEAVES, index, size);
        verifyInclusion({ leaf, index, size, proof, root });
        if (size > 1)
          expectRefusal("BAD_PROOF", () =>
            verifyInclusion({ leaf, index: (index + 1) % size, size, proof, root }),
          );
      }
    }
  });

  it("proves every past of every tree up to 70 leaves", () => {
    for (let newer = 1; newer <= LEAVES.length; newer++)
      for (let older = 1; older <= newer; older++)
        verifyConsistency({
          older,
          newer,
          olderRoot: rootAt(older),
          newerRoot: rootAt(newer),
          proof: proveConsistency(LEAVES, older, newer),
        });
  });

  it("grows a frontier to the same root, leaf by leaf", () => {
    let frontier = emptyFrontier;
    expect(rootOfFrontier(frontier)).to.deep.equal(emptyRoot);
    for (const [i, leaf] of LEAVES.entries()) {
      frontier = appendLeaf(frontier, leaf);
      expect(frontier.size).to.equal(i + 1);
      expect(rootOfFrontier(frontier)).to.deep.equal(rootAt(i + 1));
    }
  });

  it("continues a frontier beyond 2^31 leaves", () => {
    const peaks = leavesUpTo(33).slice(0, 33);
    const grown = appendLeaf({ size: 2 ** 33 - 1, peaks }, hashLeaf(Uint8Array.of(9)));
    expect(grown.size).to.equal(2 ** 33);
    expect(grown.peaks).to.have.length(1);
  });

  it("cuts sizes exactly, up to the largest safe integer", () => {
    const cuts = [2, 3, 4, 5, 2 ** 31, 2 ** 31 + 1, 2 ** 40 - 1, 2 ** 52 + 1, 2 ** 53 - 1];
    expect(cuts.map(splitOf)).to.deep.equal([
      1,
      2,
      2,
      4,
      2 ** 30,
      2 ** 31,
      2 ** 39,
      2 ** 52,
      2 ** 52,
    ]);
  });

  it("follows a path in a tree of more than 2^31 leaves", () => {
    // A tree of 2^40 leaves that are all alike has one node for each level.
    const levels = [hashLeaf(Uint8Array.of(7))];
    for (const node of levels) if (levels.push(hashNode(node, node)) > 40) break;
    const [leaf, root] = [levels[0] ?? emptyRoot, levels[40] ?? emptyRoot];
    const proof = levels.slice(0, 40);
    for (const index of [0, 2 ** 31, 2 ** 39 + 5, 2 ** 40 - 1])
      verifyInclusion({ leaf, index, size: 2 ** 40, proof, root });
    const past = { older: 2 ** 39, newer: 2 ** 40, olderRoot: levels[39] ?? root, newerRoot: root };
    verifyConsistency({ ...past, proof: [levels[39] ?? root] });
  });
});

describe("A damaged Merkle proof", () => {
  const claims = fc.integer({ min: 2, max: LEAVES.length }).chain((size) =>
    fc.record({
      size: fc.constant(size),
      index: fc.integer({ min: 0, max: size - 1 }),
      older: fc.integer({ min: 1, max: size - 1 }),
      at: fc.nat(),
      bit: fc.nat(255),
    }),
  );

  const flip = (bytes: Uint8Array, bit: number): Uint8Array =>
    bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

  const damages = (proof: readonly Uint8Array[], at: number, bit: number) => {
    const i = at % Math.max(1, proof.length);
    const hash = proof[i] ?? emptyRoot;
    return {
      "bit-flipped": proof.with(i, flip(hash, bit)),
      "cut at the front": proof.slice(1),
      "cut at the end": proof.slice(0, -1),
      "padded at the front": [hash, ...proof],
      "padded at the end": [...proof, hash],
      "with a short hash": proof.with(i, hash.subarray(1)),
      "with a long hash": proof.with(i, Uint8Array.of(...hash, 0)),
    };
  };

  it("is refused when it should lead from a leaf to the root", () => {
    fc.assert(
      fc.property(claims, ({ size, index, at, bit }) => {
        const claim = { leaf: LEAVES[index] ?? emptyRoot, index, size, root: rootAt(size) };
        for (const proof of Object.values(damages(proveInclusion(LEAVES, index, size), at, bit)))
          expectRefusal("BAD_PROOF", () => verifyInclusion({ ...claim, proof }));
      }),
    );
  });

  it("is refused when it should lead from an older root to a newer", () => {
    fc.assert(
      fc.property(claims, ({ size, older, at, bit }) => {
        const claim = { older, newer: size, olderRoot: rootAt(older), newerRoot: rootAt(size) };
        for (const proof of Object.values(damages(proveConsistency(LEAVES, older, size), at, bit)))
          expectRefusal("BAD_PROOF", () => verifyConsistency({ ...claim, proof }));
      }),
    );
  });

  it("is refused with sizes and places that are no counts, or out of order", () => {
    const leaf = LEAVES[0] ?? emptyRoot;
    for (const size of [0, -1, 1.5, Number.NaN, Infinity, 2 ** 53])
      expectRefusal("BAD_PROOF", () =>
        verifyInclusion({ leaf, index: 0, size, proof: [], root: leaf }),
      );
    for (const index of [-1, 1, 0.5, Number.NaN])
      expectRefusal("BAD_PROOF", () =>
        verifyInclusion({ leaf, index, size: 1, proof: [], root: leaf }),
      );
    expectRefusal("BAD_PROOF", () =>
      verifyConsistency({ older: 2, newer: 1, olderRoot: leaf, newerRoot: leaf, proof: [] }),
    );
  });

  it("is refused where an equal size brings another root, or a proof", () => {
    const [one, two] = [rootAt(1), rootAt(2)];
    const still = { older: 1, newer: 1, olderRoot: one };
    verifyConsistency({ ...still, newerRoot: one, proof: [] });
    expectRefusal("BAD_PROOF", () => verifyConsistency({ ...still, newerRoot: two, proof: [] }));
    expectRefusal("BAD_PROOF", () => verifyConsistency({ ...still, newerRoot: one, proof: [one] }));
  });

  it("is refused from an empty log, which proves nothing about what came after", () => {
    const start = { older: 0, olderRoot: emptyRoot, proof: [] };
    verifyConsistency({ ...start, newer: 0, newerRoot: emptyRoot });
    expectRefusal("BAD_PROOF", () =>
      verifyConsistency({ ...start, newer: 1, newerRoot: rootAt(1) }),
    );
    expect(proveConsistency(LEAVES, 0, 5)).to.deep.equal([]);
  });

  it("is refused when leaf and root trade places with a node", () => {
    const [left, right] = [rootAt(2), rootOf(LEAVES.slice(2, 4))];
    // A node's two children are 64 bytes, which as an entry would hash with another prefix.
    const entry = Uint8Array.of(...left, ...right);
    expectRefusal("BAD_PROOF", () =>
      verifyInclusion({ leaf: hashLeaf(entry), index: 0, size: 1, proof: [], root: rootAt(4) }),
    );
  });
});
