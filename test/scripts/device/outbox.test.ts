import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  truncateSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { fileOutbox, waitingIn, type Outbox } from "../../../scripts/device/outbox.ts";

describe("A device's outbox", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plotline-outbox-"));
    path = join(folder, "0.outbox");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const fill = (outbox: Outbox, seqs: readonly number[]): void => {
    for (const seq of seqs) outbox.keep({ epoch: outbox.epoch, seq, bytes: Uint8Array.of(seq) });
  };
  const heldBy = (outbox: Outbox): readonly string[] =>
    outbox.all().map(({ epoch, seq, bytes }) => `${epoch}/${seq}=${bytes[0]}`);

  it("holds after a restart what has no receipt, in a new epoch", () => {
    const first = fileOutbox(path);
    fill(first, [0, 1, 2, 3]);
    first.receipt(first.epoch, 1);
    first.close();
    const second = fileOutbox(path);
    expect(second.epoch).to.equal(first.epoch + 1);
    expect(heldBy(second)).to.deep.equal(["0/2=2", "0/3=3"]);
    second.close();
  });

  it("drops by a receipt what is of that epoch, and nothing else", () => {
    const first = fileOutbox(path);
    fill(first, [0, 1]);
    first.close();
    const second = fileOutbox(path);
    fill(second, [0, 1]);
    second.receipt(second.epoch, 0);
    expect(heldBy(second)).to.deep.equal(["0/0=0", "0/1=1", "1/1=1"]);
    second.close();
  });

  it("takes what was set aside for unsent again at the next start, but not for what waits", () => {
    const first = fileOutbox(path);
    fill(first, [0, 1, 2]);
    for (const seq of [0, 1]) first.setAside({ epoch: 0, seq });
    first.receipt(0, 0);
    expect([first.size(), first.aside().length, waitingIn(path)]).to.deep.equal([1, 1, 1]);
    first.close();
    const second = fileOutbox(path);
    expect([second.size(), second.aside().length, waitingIn(path)]).to.deep.equal([2, 0, 1]);
    second.drop({ epoch: 0, seq: 1 });
    second.close();
    expect(waitingIn(path)).to.equal(1);
  });

  it("does not grow with what was receipted, and forgets nothing else by that", function () {
    this.timeout(60_000);
    const first = fileOutbox(path);
    fill(first, [0, 1, 2]);
    first.close();
    const outbox = fileOutbox(path);
    outbox.setAside({ epoch: 0, seq: 0 });
    const epoch = outbox.begin();
    for (let seq = 0; seq < 2_000; seq += 2) {
      for (const each of [seq, seq + 1])
        outbox.keep({ epoch, seq: each, bytes: Uint8Array.of(each) });
      outbox.receipt(epoch, seq);
    }
    expect(readFileSync(path, "utf8").split("\n").length).to.be.below(1_500);
    expect([outbox.size(), outbox.aside().length, waitingIn(path)]).to.deep.equal([3, 1, 3]);
    outbox.close();
    const next = fileOutbox(path);
    expect(next.epoch).to.equal(epoch + 1);
    expect(heldBy(next)).to.deep.equal(["0/0=0", "0/1=1", "0/2=2", `2/1999=${1_999 % 256}`]);
    next.close();
  });

  it("takes nothing while it cannot be written anew, and loses nothing by that", function () {
    this.timeout(60_000);
    const outbox = fileOutbox(path);
    mkdirSync(`${path}.new`);
    const untilRefused = (): void => {
      for (let seq = 0; seq < 1_000; seq++) {
        fill(outbox, [seq]);
        outbox.receipt(0, seq - 2);
      }
    };
    expect(untilRefused).to.throw("EISDIR");
    const held = heldBy(outbox);
    expect(held).to.have.length(2);
    expect(() => fill(outbox, [1_000])).to.throw("EISDIR");
    rmdirSync(`${path}.new`);
    fill(outbox, [1_000]);
    outbox.close();
    const next = fileOutbox(path);
    expect(heldBy(next)).to.deep.equal([...held, `0/1000=${1_000 % 256}`]);
    next.close();
  });

  it("holds everything but the line that a power cut tore, wherever it tore it", () => {
    const first = fileOutbox(path);
    fill(first, [0, 1]);
    const whole = readFileSync(path).length;
    fill(first, [2]);
    first.close();
    const text = readFileSync(path);
    for (let length = whole; length < text.length; length++) {
      truncateSync(path, 0);
      appendFileSync(path, text.subarray(0, length));
      const outbox = fileOutbox(path);
      expect(heldBy(outbox)).to.deep.equal(["0/0=0", "0/1=1"]);
      outbox.close();
    }
  });
});
