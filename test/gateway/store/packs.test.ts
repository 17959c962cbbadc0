import { expect } from "chai";
import * as fc from "fast-check";

import { toHex } from "../../../gateway/core/bytes.ts";
import { sha256OfText } from "../../../gateway/core/hash.ts";
import {
  assignLeaves,
  entriesBetween,
  equivocationsOf,
  insertPacks,
  packsOfDevice,
  packsPending,
  type NewPack,
} from "../../../gateway/store/packs.ts";
import { loggedSeqs } from "../../../gateway/store/log.ts";
import { describeStores } from "./stores.ts";

const DEVICE = toHex(sha256OfText("a device"));

const pack = (seq: number, text = `pack ${seq}`, epoch = 0): NewPack => ({
  device: DEVICE,
  epoch,
  seq,
  form: "cose",
  envelope: sha256OfText(`signed ${text}`),
  contentHash: sha256OfText(text),
  leafHash: sha256OfText(`leaf ${text}`),
  firstTime: 1_000 * seq,
  lastTime: 1_000 * seq + 500,
  receivedAt: 7,
});

const packs = (count: number): readonly NewPack[] =>
  Array.from({ length: count }, (_, seq) => pack(seq));

const byNumber = (a: NewPack, b: NewPack): number => a.epoch - b.epoch || a.seq - b.seq;

/** By definition: those with a reading between the times, all numbered between them, and a neighbour on each side. */
function shownOf(
  said: readonly NewPack[],
  { fromTime, toTime }: { readonly fromTime: number; readonly toTime: number },
): readonly (readonly [number, number])[] {
  const all = said.toSorted(byNumber);
  const within = all.filter((one) => one.lastTime >= fromTime && one.firstTime <= toTime);
  const before = said.filter((one) => one.lastTime < fromTime);
  const after = said.filter((one) => one.firstTime > toTime);
  const shown =
    within.length > 0
      ? all.slice(
          Math.max(0, all.findIndex((one) => one === within[0]) - 1),
          all.findIndex((one) => one === within.at(-1)) + 2,
        )
      : [
          ...before.toSorted((a, b) => b.lastTime - a.lastTime).slice(0, 1),
          ...after.toSorted((a, b) => a.firstTime - b.firstTime).slice(0, 1),
        ];
  return shown.map(({ epoch, seq }) => [epoch, seq]);
}

describeStores("The store of packs", (store) => {
  const insert = (batch: readonly NewPack[]) =>
    store().write((transaction) => insertPacks(transaction, batch));

  it("keeps a batch of any size and says that all of it is new", async () => {
    expect(await insert(packs(333))).to.deep.equal(Array.from({ length: 333 }, () => "new"));
    expect(await packsPending(store().db)).to.deep.equal({ count: 333, oldest: 7 });
  });

  it("keeps a pack once that comes again, in a later batch or in the same", async () => {
    await insert([pack(0)]);
    expect(await insert([pack(0), pack(1), pack(1)])).to.deep.equal([
      "duplicate",
      "new",
      "duplicate",
    ]);
  });

  it("takes a second signature over the same content for a duplicate", async () => {
    await insert([pack(0)]);
    const resigned = { ...pack(0), envelope: sha256OfText("again") };
    expect(await insert([resigned])).to.deep.equal(["duplicate"]);
  });

  it("keeps what contradicts an earlier pack as evidence, once, and gives it a leaf", async () => {
    const twin = pack(0, "something else");
    expect(await insert([pack(0), twin])).to.deep.equal(["new", "equivocation"]);
    expect(await insert([twin])).to.deep.equal(["equivocation"]);
    const [evidence, ...more] = await equivocationsOf(store().db, DEVICE);
    expect(more).to.deep.equal([]);
    expect(toHex(evidence?.envelope ?? new Uint8Array())).to.equal(toHex(twin.envelope));
    const place = { first: 0, limit: 9 };
    await store().write((transaction) => assignLeaves(transaction, place));
    expect((await entriesBetween(store().db, 0, 9)).map(toHex)).to.deep.equal(
      [pack(0), twin].map(({ envelope }) => toHex(envelope)),
    );
    const of = { device: DEVICE, epoch: 0, from: 0 };
    expect(await loggedSeqs(store().db, of)).to.deep.equal([0]);
  });

  it("lets several bring the same packs at once, in any order", async () => {
    const batch = packs(120);
    const fates = await Promise.all([insert(batch), insert(batch.toReversed()), insert(batch)]);
    expect(fates.flat().filter((fate) => fate === "new")).to.have.length(120);
    expect(fates.flat().filter((fate) => fate === "equivocation")).to.deep.equal([]);
  });

  it("gives leaf indexes in the order of arrival, without gaps", async () => {
    await insert(packs(5));
    const place = (first: number, limit: number) =>
      store().write((transaction) => assignLeaves(transaction, { first, limit }));
    const [placed, rest] = [await place(0, 3), await place(3, 9)];
    expect([...placed, ...rest].map(({ leafIndex, seq }) => [leafIndex, seq])).to.deep.equal(
      [0, 1, 2, 3, 4].map((i) => [i, i]),
    );
    expect((await entriesBetween(store().db, 1, 3)).map(toHex)).to.deep.equal(
      [pack(1), pack(2)].map(({ envelope }) => toHex(envelope)),
    );
  });

  it("shows a window of time with a neighbour on each side", async () => {
    await insert(packs(6));
    const window = await packsOfDevice(store().db, DEVICE, { fromTime: 2_400, toTime: 3_100 });
    expect(window.map(({ seq }) => seq)).to.deep.equal([1, 2, 3, 4]);
  });

  it("shows both of what was said under one number, in its window and not beside it", async () => {
    const twin = { ...pack(2, "something else"), firstTime: 9_000, lastTime: 9_000 };
    await insert([...packs(6), twin]);
    const seqsIn = async (fromTime: number, toTime: number) =>
      (await packsOfDevice(store().db, DEVICE, { fromTime, toTime })).map(({ seq }) => seq);
    expect(await seqsIn(2_400, 3_100)).to.deep.equal([1, 2, 2, 3, 4]);
    expect(await seqsIn(3_000, 3_100)).to.deep.equal([2, 3, 4]);
    expect(await seqsIn(9_000, 9_100)).to.deep.equal([1, 2, 2, 3]);
  });

  it("shows the neighbours of a silence", async () => {
    await insert(packs(6));
    const window = await packsOfDevice(store().db, DEVICE, { fromTime: 2_600, toTime: 2_900 });
    expect(window.map(({ seq }) => seq)).to.deep.equal([2, 3]);
  });

  it("shows of packs that overlap as they like what their times and numbers say", () => {
    let run = 0;
    const hours = (from: number, to: number) => fc.integer({ min: from, max: to });
    const spoken = fc
      .array(fc.tuple(hours(0, 200), fc.oneof(hours(0, 20), hours(20, 90)), hours(0, 1)), {
        minLength: 1,
        maxLength: 12,
      })
      // No two begin or end at one time: which of such is nearest would be anybody's guess.
      .map((all) =>
        all.map(([start, length, epoch], seq) => ({
          ...pack(seq, `pack ${seq}`, epoch),
          firstTime: start * 3_600_000 + seq,
          lastTime: (start + length) * 3_600_000 + seq,
        })),
      );
    return fc.assert(
      fc.asyncProperty(spoken, hours(0, 250), hours(0, 60), async (said, start, length) => {
        const device = toHex(sha256OfText(`speaker ${run++}`));
        await insert(said.map((each) => ({ ...each, device })));
        const stretch = {
          fromTime: start * 3_600_000 - 500,
          toTime: (start + length) * 3_600_000 + 500,
        };
        const found = await packsOfDevice(store().db, device, stretch);
        expect(found.map(({ epoch, seq }) => [epoch, seq])).to.deep.equal(shownOf(said, stretch));
      }),
      { numRuns: 60 },
    );
  });

  it("shows what was numbered within the window though its clock was wrong", async () => {
    await insert([pack(0), pack(1), { ...pack(2), firstTime: 0, lastTime: 0 }, pack(3), pack(4)]);
    const window = await packsOfDevice(store().db, DEVICE, { fromTime: 1_000, toTime: 3_100 });
    expect(window.map(({ seq }) => seq)).to.deep.equal([0, 1, 2, 3, 4]);
  });
});
