import { expect } from "chai";
import type { KyselyPlugin } from "kysely";

import { fromBase64Url } from "../../../gateway/core/bytes.ts";
import { hashLeaf } from "../../../gateway/core/merkle.ts";
import { sequence } from "../../../gateway/sequencer.ts";
import { insertPacks, type NewPack } from "../../../gateway/store/packs.ts";
import { insertTransaction, markTransaction } from "../../../gateway/store/transactions.ts";
import { readingsOf } from "../../../gateway/trail/readings.ts";
import { deviceNamed, packOf, SIGNER } from "../samples.ts";
import { describeStores } from "../store/stores.ts";

const FAT = 400_000; // bytes
const OWN = 0;
const DEVICES = ["its own", "a", "b", "c", "d", "e", "f"].map(deviceNamed);

/** A pack whose first byte says which device's it is. */
function fat(which: number, seq: number): NewPack {
  const envelope = new Uint8Array(FAT).fill(seq);
  envelope[0] = which;
  const pack = packOf(seq, { device: DEVICES[which] ?? "0x" });
  return { ...pack, envelope, leafHash: hashLeaf(envelope) };
}

describeStores("The readings of a bundle", (store) => {
  it("are all of devices that count, and of strangers' no more than a reader can load", async () => {
    const eight = Array.from({ length: 8 }, (_, seq) => seq);
    const packs = DEVICES.flatMap((_, which) => eight.map((seq) => fat(which, seq)));
    await store().write((transaction) => insertPacks(transaction, packs));
    const { checkpoint } = await sequence({ store: store(), signer: SIGNER, now: () => 42 });
    const windows = DEVICES.map((device, which) => {
      return { device, from: 0, until: 100, ended: Infinity, counts: which === OWN };
    });
    const read: number[] = []; // bytes of strangers' envelopes, of each answer of the store
    const weighing: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: ({ result }) => {
        const envelopes = result.rows.flatMap(({ envelope: one }) =>
          one instanceof Uint8Array && one[0] !== OWN ? [one.length] : [],
        );
        read.push(envelopes.reduce((sum, bytes) => sum + bytes, 0));
        return Promise.resolve(result);
      },
    };
    const shown = await readingsOf(store().db.withPlugin(weighing), windows, checkpoint.size);
    expect(Math.max(...read)).to.equal(5 * FAT);
    const counts = DEVICES.map(() => 0);
    for (const { envelope } of shown.packs) {
      const [which = OWN] = fromBase64Url(envelope);
      counts[which] = (counts[which] ?? 0) + 1;
    }
    const [own, ...strangers] = counts;
    expect(own).to.equal(8);
    expect(Math.max(...strangers)).to.equal(4);
    expect(strangers.reduce((sum, count) => sum + count)).to.equal(19);
  });

  it("are read once, however many windows look back over one time", async () => {
    const device = deviceNamed("a device of many watches");
    await store().write((transaction) => insertPacks(transaction, [packOf(0, { device })]));
    const { checkpoint } = await sequence({ store: store(), signer: SIGNER, now: () => 42 });
    const questions = async (count: number): Promise<number> => {
      let asked = 0;
      const counting: KyselyPlugin = {
        transformQuery: ({ node }) => ((asked += 1), node),
        transformResult: ({ result }) => Promise.resolve(result),
      };
      const windows = Array.from({ length: count }, (_, i) => {
        return { device, from: 0, until: 2_000_000_000 + i, ended: Infinity, counts: false };
      });
      await readingsOf(store().db.withPlugin(counting), windows, checkpoint.size);
      return asked;
    };
    expect(await questions(50)).to.equal(await questions(1));
  });

  it("come with anchors from before the device's key ended, where there are any", async () => {
    const device = deviceNamed("a device that was revoked");
    await store().write((transaction) => insertPacks(transaction, [packOf(0, { device })]));
    const { size } = (await sequence({ store: store(), signer: SIGNER, now: () => 42 })).checkpoint;
    for (const [nonce, createdAt] of [100, 3_600_000].entries()) {
      const sent = { sender: device, nonce, raw: device, hash: deviceNamed(`anchor ${nonce}`) };
      const anchor = { purpose: "anchor", payload: { size: size + nonce }, createdAt };
      await insertTransaction(store().db, { ...sent, ...anchor });
      await markTransaction(store().db, { sender: device, nonce, state: "confirmed" });
    }
    const anchorsOf = async (ended: number): Promise<readonly number[]> => {
      const window = { device, from: 0, until: 100, ended, counts: true };
      return (await readingsOf(store().db, [window], size)).anchors;
    };
    expect(await anchorsOf(Infinity)).to.deep.equal([size + 1]);
    expect(await anchorsOf(1)).to.deep.equal([size]);
  });
});
