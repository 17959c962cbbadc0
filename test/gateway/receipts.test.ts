import { expect } from "chai";

import { parseReceipt } from "../../gateway/core/receipt.ts";
import type { Outgoing } from "../../gateway/mqtt/deliveries.ts";
import { startReceipts, type Receipts } from "../../gateway/receipts.ts";
import { sequence } from "../../gateway/sequencer.ts";
import type { Store } from "../../gateway/store/open.ts";
import { insertPacks } from "../../gateway/store/packs.ts";
import { deviceNamed, packOf, SIGNER } from "./samples.ts";
import { describeStores } from "./store/stores.ts";

const DEVICE = deviceNamed("a device");

type Sent = { readonly message: Outgoing; readonly out: () => void; readonly lose: () => void };

describeStores("Receipts", (store) => {
  let receipts: Receipts;
  let sent: Sent[];
  let heard: () => void;
  let late: number[];

  beforeEach(() => {
    [sent, late, heard] = [[], [], () => {}];
    receipts = startReceipts({
      db: store().db,
      signer: SIGNER,
      now: () => 0,
      publish: (message) =>
        new Promise((out, fail) => {
          sent.push({ message, out, lose: () => fail(new Error("the broker is away")) });
          heard();
        }),
      onTrouble: (_failure, count) => void late.push(count),
    });
  });

  /** When so many were handed to the broker, those of before included. */
  const handedOut = (count: number): Promise<void> =>
    new Promise((resolve) => {
      heard = () => {
        if (sent.length >= count) resolve();
      };
      heard();
    });

  const said = () =>
    Promise.all(
      sent.map(async ({ message: { payload } }) => {
        const receipt = await parseReceipt(payload.toString(), SIGNER.publicKey);
        return [receipt.epoch, receipt.seq, receipt.size];
      }),
    );

  const closeAll = async (): Promise<void> => {
    heard = () => sent.at(-1)?.out();
    for (const { out } of sent) out();
    await receipts.close();
  };

  it("of many steps that a slow broker lets pass are the newest only", async () => {
    receipts.grown([{ device: DEVICE, epoch: 0, next: 1 }], 1);
    await handedOut(1);
    for (let next = 2; next <= 9; next++)
      receipts.grown([{ device: DEVICE, epoch: 0, next }], next);
    await closeAll();
    expect(await said()).to.deep.equal([
      [0, 0, 1],
      [0, 8, 9],
    ]);
  });

  it("go on after a growth that brought no device further", async () => {
    receipts.grown([], 1); // behind a gap
    receipts.grown([{ device: DEVICE, epoch: 0, next: 2 }], 2);
    await handedOut(1);
    await closeAll();
    expect(await said()).to.deep.equal([[0, 1, 2]]);
  });

  it("of many devices do not wait for each other", async () => {
    const progress = ["one", "two", "three"].map((name) => ({
      device: deviceNamed(name),
      epoch: 0,
      next: 1,
    }));
    receipts.grown(progress, 3);
    await handedOut(3);
    await closeAll();
  });

  it("that a broker refuses cost no other device its own, and are told", async () => {
    const progress = Array.from({ length: 250 }, (_, i) => ({
      device: deviceNamed(`device ${i}`),
      epoch: 0,
      next: 1,
    }));
    receipts.grown(progress, 250);
    await handedOut(1);
    heard = () => sent.at(-1)?.out();
    for (const [i, { out, lose }] of sent.entries())
      if (i === 0) lose();
      else out();
    await receipts.close();
    expect([sent.length, late]).to.deep.equal([250, [1]]);
  });

  it("of several epochs of a device end with the newest, which the broker keeps", async () => {
    const progress = [2, 0, 1].map((epoch) => ({ device: DEVICE, epoch, next: 1 }));
    receipts.grown(progress, 3);
    await handedOut(2);
    for (const { out } of sent) out();
    await handedOut(3);
    await closeAll();
    expect((await said()).at(-1)).to.deep.equal([2, 0, 3]);
  });

  it("of a device that asks end with its newest epoch's", async () => {
    await logged(store());
    receipts.ask(DEVICE);
    await closeAll();
    expect(await said()).to.deep.equal([
      [0, 1, 3],
      [1, 0, 3],
    ]);
  });

  it("of a pack that came again are sent before the end, without waiting for company", async () => {
    await logged(store());
    receipts.again(DEVICE, 0);
    receipts.again(DEVICE, 0);
    receipts.again(DEVICE, 7); // of which the log has nothing
    await closeAll();
    expect(await said()).to.deep.equal([[0, 1, 3]]);
  });

  it("are not asked for after the end, by any timer either", async () => {
    await logged(store());
    await receipts.close();
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout");
    const before = timers().length;
    receipts.again(DEVICE, 0);
    receipts.ask(DEVICE);
    receipts.grown([{ device: DEVICE, epoch: 0, next: 2 }], 3);
    expect(timers()).to.have.length(before);
    await closeAll();
    expect(sent).to.deep.equal([]);
  });
});

/** Two packs of one epoch of the device and one of the next, in the log. */
async function logged(store: Store): Promise<void> {
  await store.write((transaction) =>
    insertPacks(transaction, [packOf(0), packOf(1), packOf(0, { epoch: 1, text: "another" })]),
  );
  await sequence({ store, signer: SIGNER, now: () => 0 });
}
