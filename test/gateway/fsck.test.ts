import { expect } from "chai";

import { buildPack } from "../../gateway/core/build-pack.ts";
import { toHex } from "../../gateway/core/bytes.ts";
import { fsck, type Finding, type FsckParts } from "../../gateway/fsck.ts";
import { judge } from "../../gateway/judge.ts";
import { sequence } from "../../gateway/sequencer.ts";
import { insertPacks } from "../../gateway/store/packs.ts";
import { savePublicKey } from "../../gateway/store/people.ts";
import { deviceKey, newDeviceKey } from "../../scripts/device/key.ts";
import { deviceNamed, SIGNER } from "./samples.ts";
import { describeStores } from "./store/stores.ts";

const KEY = deviceKey(newDeviceKey());

/** A real pack as capture stores it. */
async function packOf(seq: number) {
  const record = { name: "temperature", unit: "Cel", value: seq, time: 1_790_000_000_000 + seq };
  const { keyId, sign } = KEY;
  const pack = { form: "cose", keyId, epoch: 0, seq, records: [record], sign } as const;
  const envelope = await buildPack(pack);
  const found = judge(keyId, KEY.publicKey, envelope);
  if ("code" in found) throw new Error(found.message);
  const { content: contentHash, leaf: leafHash, ...rest } = found;
  return { ...rest, device: keyId, envelope, contentHash, leafHash, receivedAt: 1 };
}

describeStores("fsck", (store) => {
  const packs = Promise.all(Array.from({ length: 300 }, (_, seq) => packOf(seq)));

  beforeEach(async () => {
    await savePublicKey(store().db, KEY.keyId, toHex(KEY.publicKey));
    for (const [from, to] of [
      [0, 100],
      [100, 300],
    ] as const) {
      const batch = (await packs).slice(from, to);
      await store().write((transaction) => insertPacks(transaction, batch));
      await sequence({ store: store(), signer: SIGNER, now: () => 42 });
    }
  });

  const findings = async (more: Partial<FsckParts> = {}): Promise<readonly Finding[]> => {
    const found: Finding[] = [];
    for await (const finding of fsck({ db: store().db, log: SIGNER, ...more })) found.push(finding);
    return found;
  };
  const named = async (more: Partial<FsckParts> = {}) =>
    (await findings(more)).map(({ what }) => what);
  const nameOf = (seq: number): string => `pack ${KEY.keyId} 0/${seq}`;

  it("finds nothing in a log as it was written", async () => {
    expect(await findings()).to.deep.equal([]);
  });

  it("names a pack whose bytes were changed", async () => {
    const [other] = await packs;
    const envelope = (other?.envelope ?? new Uint8Array()).slice();
    envelope[envelope.length - 1] = (envelope.at(-1) ?? 0) ^ 1;
    await store().db.updateTable("packs").set({ envelope }).where("seq", "=", 7).execute();
    expect(await named()).to.deep.equal([nameOf(7)]);
  });

  it("names a pack that was taken out, by the next one, and the checkpoints over it", async () => {
    await store().db.deleteFrom("packs").where("seq", "=", 7).execute();
    const found = await named();
    expect(found).to.include.members([nameOf(8), "checkpoint 100: root", "the log"]);
    expect(found.filter((what) => what.startsWith("pack"))).to.have.length(1);
  });

  it("names a pack whose leaf is not that of its bytes, and what is built on it", async () => {
    const leaf_hash = new Uint8Array(32);
    await store().db.updateTable("packs").set({ leaf_hash }).where("seq", "=", 299).execute();
    expect(await named()).to.have.members([
      `${nameOf(299)}: hash of its leaf`,
      "tile 0/1",
      "checkpoint 300: root",
      "checkpoint 300: signed root",
    ]);
  });

  it("names a tile that differs from its leaves", async () => {
    const bytes = new Uint8Array(32 * 44);
    await store().db.updateTable("tiles").set({ bytes }).where("index", "=", 1).execute();
    expect(await named()).to.deep.equal(["tile 0/1"]);
  });

  it("names a checkpoint that the log did not sign", async () => {
    const { note } = await store()
      .db.selectFrom("checkpoints")
      .select("note")
      .where("size", "=", 300)
      .executeTakeFirstOrThrow();
    await store().db.updateTable("checkpoints").set({ note }).where("size", "=", 100).execute();
    expect(await named()).to.deep.equal([
      "checkpoint 100: signed size",
      "checkpoint 100: signed root",
    ]);
  });

  it("names a log that is behind the chain, or another than the chain's", async () => {
    const root = deviceNamed("another root");
    expect(await named({ anchored: { size: 301, root } })).to.deep.equal(["the log"]);
    expect(await named({ anchored: { size: 100, root } })).to.deep.equal([
      "the chain's checkpoint",
    ]);
  });
});
