import { expect } from "chai";

import { fromHex, toHex } from "../../gateway/core/bytes.ts";
import { parseCheckpoint } from "../../gateway/core/checkpoint.ts";
import { rootOf, verifyConsistency } from "../../gateway/core/merkle.ts";
import { proveConsistencyFromTiles } from "../../gateway/core/tiles.ts";
import type { TraceError } from "../../gateway/core/trace-error.ts";
import { startSequencer } from "../../gateway/sequencer-loop.ts";
import { sequence } from "../../gateway/sequencer.ts";
import { allCheckpoints, newestCheckpoint, tileReader } from "../../gateway/store/log.ts";
import { insertPacks, packsPending, type NewPack } from "../../gateway/store/packs.ts";
import { deviceNamed, packOf, SIGNER } from "./samples.ts";
import { describeStores } from "./store/stores.ts";

const seqs = (from: number, to: number): readonly NewPack[] =>
  Array.from({ length: to - from }, (_, i) => packOf(from + i));

describeStores("The sequencer", (store) => {
  const parts = () => ({ store: store(), signer: SIGNER, now: () => 42 });
  const insert = (batch: readonly NewPack[]) =>
    store().write((transaction) => insertPacks(transaction, batch));

  it("signs an empty log first, so that there is always something to compare with", async () => {
    const { checkpoint } = await sequence(parts());
    const signed = await parseCheckpoint(checkpoint.note, SIGNER);
    expect({ ...signed, root: toHex(signed.root) }).to.deep.equal({
      origin: SIGNER.origin,
      size: 0,
      root: toHex(rootOf([])),
    });
  });

  it("signs the root of RFC 9162 over all packs, in the order of their arrival", async () => {
    const packs = seqs(0, 300);
    await insert(packs);
    const { checkpoint } = await sequence(parts());
    expect(checkpoint.size).to.equal(300);
    expect(checkpoint.root).to.equal(toHex(rootOf(packs.map(({ leafHash }) => leafHash))));
    expect(checkpoint.signed_at).to.equal(42);
  });

  it("only ever grows: each checkpoint is consistent with the one before", async () => {
    for (const [from, to] of [
      [0, 1],
      [1, 255],
      [255, 258],
      [258, 520],
    ] as const) {
      await insert(seqs(from, to));
      await sequence(parts());
    }
    const checkpoints = await allCheckpoints(store().db);
    for (const [i, newer] of checkpoints.entries()) {
      const older = checkpoints[i - 1];
      if (older === undefined || older.size === 0) continue;
      const proof = await proveConsistencyFromTiles(older.size, newer.size, tileReader(store().db));
      verifyConsistency({
        older: older.size,
        newer: newer.size,
        olderRoot: fromHex(older.root),
        newerRoot: fromHex(newer.root),
        proof,
      });
    }
    expect(checkpoints.map(({ size }) => size)).to.deep.equal([1, 255, 258, 520]);
  });

  it("says for each device how far its packs are in the log, and stops before a gap", async () => {
    const other = deviceNamed("another device");
    await insert([packOf(0), packOf(1), packOf(3), packOf(0, { device: other })]);
    const first = await sequence(parts());
    expect(first.progress).to.have.deep.members([
      { device: packOf(0).device, epoch: 0, next: 2 },
      { device: other, epoch: 0, next: 1 },
    ]);
    await insert([packOf(4)]);
    expect((await sequence(parts())).progress).to.deep.equal([]);
    await insert([packOf(2)]);
    expect((await sequence(parts())).progress).to.deep.equal([
      { device: packOf(0).device, epoch: 0, next: 5 },
    ]);
  });

  it("lets two at once make one history", async () => {
    await insert(seqs(0, 10));
    await Promise.all([sequence(parts()), sequence(parts())]);
    expect((await newestCheckpoint(store().db))?.size).to.equal(10);
    expect((await packsPending(store().db)).count).to.equal(0);
  });

  const refused = async (run: Promise<unknown>) => {
    const failure: unknown = await run.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect((failure as TraceError).code).to.equal("UNAVAILABLE");
  };

  it("refuses to sign over a store that was rolled back", async () => {
    await insert(seqs(0, 2));
    await refused(sequence(parts(), { size: 3 }));
    expect(await newestCheckpoint(store().db)).to.equal(undefined);
  });

  it("refuses to sign over another history of the same size", async () => {
    await insert(seqs(0, 2));
    await sequence(parts());
    await insert(seqs(2, 3));
    await refused(sequence(parts(), { size: 2, root: toHex(rootOf([])) }));
  });

  it("makes up for a head that could not be kept, and tells devices only then", async () => {
    await insert(seqs(0, 2));
    const kept: number[] = [];
    let failed = false;
    const told = new Promise<readonly unknown[]>((heard) => {
      const running = startSequencer({
        ...parts(),
        log: { error: () => {}, info: () => {} },
        head: {
          read: () => undefined,
          keep: ({ size }) => {
            if (!failed) {
              failed = true;
              throw new Error("ENOSPC");
            }
            kept.push(size);
          },
        },
        onGrowth: (progress, { size }) => {
          heard([progress, size, [...kept]]);
          void running.close();
        },
      });
    });
    const progress = [{ device: packOf(0).device, epoch: 0, next: 2 }];
    expect(await told).to.deep.equal([progress, 2, [2]]);
  });

  it("keeps the head of a log whose newest checkpoint a crash kept from it", async () => {
    await insert(seqs(0, 3));
    const { checkpoint } = await sequence(parts());
    const size = await new Promise<number>((keep) => {
      const running = startSequencer({
        ...parts(),
        log: { error: () => {}, info: () => {} },
        head: { read: () => undefined, keep: (head) => (keep(head.size), void running.close()) },
      });
    });
    expect(size).to.equal(checkpoint.size);
  });

  it("runs by itself when woken, and closes with nothing pending", async () => {
    const grown: number[] = [];
    let heard = (): void => {};
    const running = startSequencer({
      ...parts(),
      log: { error: () => {}, info: () => {} },
      onGrowth: (_progress, { size }) => {
        grown.push(size);
        heard();
      },
    });
    const growth = new Promise<void>((resolve) => {
      heard = resolve;
    });
    await insert(seqs(0, 3));
    running.wake();
    await growth;
    await insert(seqs(3, 4));
    await running.close();
    expect(grown).to.deep.equal([3, 4]);
    expect(running.newest()?.size).to.equal(4);
  });
});
