import { expect } from "chai";

import { fromHex, toBase64Url, toHex } from "../../gateway/core/bytes.ts";
import { verifyEd25519 } from "../../gateway/core/ed25519.ts";
import type { TraceError } from "../../gateway/core/trace-error.ts";
import { claimLog, logOf, logSigner } from "../../gateway/log-signer.ts";
import { SIGNER } from "./samples.ts";
import { describeStores } from "./store/stores.ts";

// RFC 8032, 7.1, TEST 2
const SEED = fromHex("0x4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
const POINT = "0x3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const SIGNATURE =
  "0x92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
  "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

describe("A log's signer", () => {
  const signer = logSigner("plotline.test/log", toBase64Url(SEED));

  it("signs as RFC 8032 says", async () => {
    expect(toHex(signer.publicKey)).to.equal(POINT);
    const signature = await signer.sign(Uint8Array.of(0x72));
    expect(toHex(signature)).to.equal(SIGNATURE);
    expect(await verifyEd25519(signer.publicKey, Uint8Array.of(0x72), signature)).to.equal(true);
  });
});

describeStores("A store", (store) => {
  const codeOf = (run: Promise<unknown>): Promise<string> =>
    run.then(
      () => "accepted",
      (refusal: unknown) => (refusal as TraceError).code,
    );

  it("stays with the log that it was first opened for", async () => {
    await claimLog(store(), SIGNER);
    expect(await codeOf(claimLog(store(), SIGNER))).to.equal("accepted");
    expect((await logOf(store().db))?.origin).to.equal(SIGNER.origin);
  });

  it("refuses another key, and the same key under another name", async () => {
    await claimLog(store(), SIGNER);
    const [other, renamed] = [
      logSigner(SIGNER.origin, toBase64Url(SEED)),
      { ...SIGNER, origin: "plotline.test/other" },
    ];
    expect(await codeOf(claimLog(store(), other))).to.equal("OTHER_CHAIN");
    expect(await codeOf(claimLog(store(), renamed))).to.equal("OTHER_CHAIN");
  });
});
