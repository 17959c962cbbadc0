import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { fileOutbox } from "../../../scripts/device/outbox.ts";
import { rotateKey } from "../../../scripts/device/rotate.ts";
import { makeDevices } from "../../../scripts/device/simulate.ts";

describe("a device's new key", () => {
  let folder = "";
  let old = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plotline-rotate-"));
    old = makeDevices(folder, 1)[0]?.keyId ?? "";
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("takes the place of the old one, which stays beside it with its outbox", () => {
    fileOutbox(join(folder, "0.outbox")).close();
    const rotated = rotateKey(folder, 0);
    expect(rotated.old).to.equal(old);
    expect(rotated.keyId).not.to.equal(old);
    expect(makeDevices(folder, 1)).to.deep.equal([
      { keyId: rotated.keyId, publicKey: rotated.publicKey },
    ]);
    const was = old.slice(2, 14);
    expect(readdirSync(folder)).to.have.members(["0.pem", `0.${was}.pem`, `0.${was}.outbox`]);
  });

  it("is refused while packs of the old one have no receipt, and nothing is lost", () => {
    const outbox = fileOutbox(join(folder, "0.outbox"));
    outbox.keep({ epoch: 0, seq: 0, bytes: new Uint8Array([1]) });
    outbox.close();
    expect(() => rotateKey(folder, 0)).to.throw("1 packs of the old key");
    expect(makeDevices(folder, 1)[0]?.keyId).to.equal(old);
    const again = fileOutbox(join(folder, "0.outbox"));
    again.close();
    expect(again.size()).to.equal(1);
  });

  it("need not wait for what the log will never take, over however many starts", () => {
    const path = join(folder, "0.outbox");
    const outbox = fileOutbox(path);
    outbox.keep({ epoch: 0, seq: 0, bytes: new Uint8Array([1]) });
    outbox.setAside({ epoch: 0, seq: 0 });
    outbox.close();
    fileOutbox(path).close();
    expect(rotateKey(folder, 0).old).to.equal(old);
    const was = fileOutbox(join(folder, `0.${old.slice(2, 14)}.outbox`));
    was.close();
    expect(was.all()).to.have.length(1);
  });

  it("is refused for a device that is not there", () => {
    expect(() => rotateKey(folder, 3)).to.throw("no device 3");
    expect(existsSync(join(folder, "3.pem"))).to.equal(false);
  });
});
