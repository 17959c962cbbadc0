import { expect } from "chai";
import * as fc from "fast-check";

import { concatBytes } from "../../../gateway/core/bytes.ts";
import {
  hashLeaf,
  proveConsistency,
  proveInclusion,
  rootOf,
} from "../../../gateway/core/merkle.ts";
import {
  bundleOf,
  entriesOf,
  parseTilePath,
  tilePath,
  tileWidth,
} from "../../../gateway/core/tile-path.ts";
import {
  growTiles,
  proveConsistencyFromTiles,
  proveInclusionFromTiles,
  rootFromTiles,
} from "../../../gateway/core/tiles.ts";
import type { ReadTile } from "../../../gateway/core/tiles.ts";
import { expectRefusal } from "../../refusal.ts";

const SIZE = 66_000; // 257 full tiles and more: three levels, each with a partial tile
const LEAVES = Array.from({ length: SIZE }, (_, i) => hashLeaf(Uint8Array.of(i, i >> 8, i >> 16)));

/** A store of tiles that has only what was written to it, under the paths of the standard. */
function tileStore() {
  const kept = new Map<string, Uint8Array>();
  const readTile: ReadTile = (tile) => {
    const widest = kept.get(tilePath({ ...tile, width: 256 })) ?? kept.get(tilePath(tile));
    return widest ?? expect.fail(`asked for ${tilePath(tile)}, which was never written`);
  };
  const grow = async (size: number, leaves: readonly Uint8Array[]): Promise<void> => {
    for (const tile of await growTiles(size, leaves, readTile))
      kept.set(tilePath(tile), tile.bytes);
  };
  return { kept, readTile, grow };
}

describe("A tile's path", () => {
  for (const [path, tile] of Object.entries({
    "tile/0/000": { level: 0, index: 0, width: 256 },
    "tile/0/x001/x234/067": { level: 0, index: 1_234_067, width: 256 },
    "tile/2/000.p/1": { level: 2, index: 0, width: 1 },
    "tile/63/999.p/255": { level: 63, index: 999, width: 255 },
    "tile/entries/x001/000.p/17": { level: "entries", index: 1000, width: 17 },
  } as const))
    it(`is ${path}`, () => {
      expect(tilePath(tile)).to.equal(path);
      expect(parseTilePath(path)).to.deep.equal(tile);
    });

  for (const [damage, path] of Object.entries({
    "an unpadded index": "tile/0/1",
    "a needless group": "tile/0/x000/001",
    "a missing x": "tile/0/001/234",
    "an x too many": "tile/0/x001",
    "a level with a leading zero": "tile/00/001",
    "a level beyond 63": "tile/64/001",
    "a width of zero": "tile/0/000.p/0",
    "a full width": "tile/0/000.p/256",
    "a width beyond full": "tile/0/000.p/257",
    "a width with a leading zero": "tile/0/000.p/07",
    "an index beyond safe integers": "tile/0/x999/x999/x999/x999/x999/999",
    "a way out": "tile/0/../../etc/passwd",
    "a line break": "tile/0/000\n",
  }))
    it(`is refused with ${damage}`, () => {
      expectRefusal("NOT_FOUND", () => parseTilePath(path));
    });

  it("has the widths that the standard counts for 70,000 leaves", () => {
    const widths = (level: number, indexes: readonly number[]) =>
      indexes.map((index) => tileWidth(70_000, level, index));
    expect(widths(0, [0, 272, 273, 274])).to.deep.equal([256, 256, 112, 0]);
    expect(widths(1, [0, 1, 2])).to.deep.equal([256, 17, 0]);
    expect(widths(2, [0, 1])).to.deep.equal([1, 0]);
  });
});

describe("An entry bundle", () => {
  it("gives back its entries", () => {
    const entry = fc.uint8Array({ maxLength: 400 });
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        expect(entriesOf(bundleOf(entries))).to.deep.equal(entries);
      }),
    );
  });

  it("puts the high byte of a length first", () => {
    expect(bundleOf([new Uint8Array(258)]).slice(0, 2)).to.deep.equal(Uint8Array.of(1, 2));
  });

  it("is refused when it is cut, and does not take what it cannot hold", () => {
    const bundle = bundleOf([Uint8Array.of(1, 2, 3)]);
    for (const length of [1, 2, 4])
      expectRefusal("BAD_ENCODING", () => entriesOf(bundle.slice(0, length)));
    expectRefusal("TOO_LARGE", () => bundleOf([new Uint8Array(0x1_0000)]));
  });
});

describe("Stored tiles", () => {
  const { kept, readTile, grow } = tileStore();

  before(async () => {
    // Uneven batches: within a tile, to its edge, over several, and one that fills level 1.
    for (const [from, to] of [
      [0, 1],
      [1, 200],
      [200, 256],
      [256, 1500],
      [1500, SIZE],
    ] as const)
      await grow(from, LEAVES.slice(from, to));
  });

  it("are those of the standard", () => {
    const level = (hashes: readonly Uint8Array[]): readonly Uint8Array[] =>
      Array.from({ length: Math.floor(hashes.length / 256) }, (_, i) =>
        rootOf(hashes.slice(i * 256, i * 256 + 256)),
      );
    const one = level(LEAVES);
    expect(kept.get("tile/0/257.p/208")).to.deep.equal(concatBytes(...LEAVES.slice(257 * 256)));
    expect(kept.get("tile/1/000")).to.deep.equal(concatBytes(...one.slice(0, 256)));
    expect(kept.get("tile/1/001.p/1")).to.deep.equal(concatBytes(...one.slice(256)));
    expect(kept.get("tile/2/000.p/1")).to.deep.equal(concatBytes(...level(one)));
  });

  it("lead to the root of any size at which they were written", async () => {
    for (const size of [0, 1, 200, 256, 1500, SIZE])
      expect(await rootFromTiles(size, readTile)).to.deep.equal(rootOf(LEAVES.slice(0, size)));
  });

  it("prove what the definition proves", async () => {
    for (const index of [0, 255, 65_536, 65_999])
      expect(await proveInclusionFromTiles(index, SIZE, readTile)).to.deep.equal(
        proveInclusion(LEAVES, index, SIZE),
      );
    for (const older of [0, 1, 257, 65_536, 65_999, 66_000])
      expect(await proveConsistencyFromTiles(older, SIZE, readTile)).to.deep.equal(
        proveConsistency(LEAVES, older, SIZE),
      );
  });

  it("prove the same at every size, whatever the batches", async () => {
    const batches = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(), fc.nat(), async (batches, a, b) => {
        const store = tileStore();
        let size = 0;
        for (const batch of batches) {
          await store.grow(size, LEAVES.slice(size, size + batch));
          size += batch;
        }
        const leaves = LEAVES.slice(0, size);
        const [index, older] = [a % size, b % (size + 1)];
        expect(await rootFromTiles(size, store.readTile)).to.deep.equal(rootOf(leaves));
        expect(await proveInclusionFromTiles(index, size, store.readTile)).to.deep.equal(
          proveInclusion(leaves, index),
        );
        expect(await proveConsistencyFromTiles(older, size, store.readTile)).to.deep.equal(
          proveConsistency(leaves, older),
        );
      }),
      { numRuns: 25 },
    );
  });

  it("are read once each, and few", async () => {
    let reads = 0;
    const counted: ReadTile = (tile) => {
      reads++;
      return readTile(tile);
    };
    await proveInclusionFromTiles(1234, SIZE, counted);
    expect(reads).to.be.at.most(5);
  });

  it("are refused when they are cut", async () => {
    const cut: ReadTile = async (tile) => (await readTile(tile)).slice(0, tile.width * 32 - 1);
    const refusal = await rootFromTiles(SIZE, cut).catch((error: unknown) => error);
    expect(refusal).to.have.property("code", "BAD_PROOF");
  });
});
