import { expect } from "chai";

import { signCheckpoint, parseCheckpoint } from "../../../gateway/core/checkpoint.ts";
import { emptyRoot } from "../../../gateway/core/merkle.ts";
import { parseReceipt, signReceipt, type Receipt } from "../../../gateway/core/receipt.ts";
import type { TraceError } from "../../../gateway/core/trace-error.ts";
import { deviceNamed, SIGNER } from "../samples.ts";

const RECEIPT: Receipt = {
  origin: SIGNER.origin,
  device: deviceNamed("a device"),
  epoch: 3,
  seq: 41,
  size: 1_234,
  time: 1_790_000_000_000,
};

const codeOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "accepted",
    (refusal: unknown) => (refusal as TraceError).code,
  );

describe("A receipt", () => {
  const signed = signReceipt(RECEIPT, SIGNER.publicKey, SIGNER.sign);

  it("says again what was signed", async () => {
    expect(await parseReceipt(await signed, SIGNER)).to.deep.equal(RECEIPT);
  });

  it("is refused when any of its lines was changed", async () => {
    const note = await signed;
    for (const [old, other] of [
      ["3/41", "3/42"],
      ["1234", "1235"],
      ["1790000000000", "1790000000001"],
    ] as const)
      expect(await codeOf(parseReceipt(note.replace(old, other), SIGNER))).to.equal(
        "BAD_CHECKPOINT",
      );
  });

  it("cannot pass for a checkpoint, nor a checkpoint for it", async () => {
    const { origin, publicKey, sign } = SIGNER;
    const checkpoint = await signCheckpoint({ origin, size: 1, root: emptyRoot }, publicKey, sign);
    expect(await codeOf(parseReceipt(checkpoint, SIGNER))).to.equal("BAD_CHECKPOINT");
    expect(await codeOf(parseCheckpoint(await signed, SIGNER))).to.equal("BAD_CHECKPOINT");
  });
});
