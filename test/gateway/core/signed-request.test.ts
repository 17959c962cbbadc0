import { p256 } from "@noble/curves/nist.js";
import { expect } from "chai";

import { toBase64Url, toHex } from "../../../gateway/core/bytes.ts";
import { keyIdOf } from "../../../gateway/core/key-id.ts";
import {
  parseSignedRequest,
  requestDigest,
  REQUEST_AGE,
  signerOf,
  type SignedRequest,
  type Wish,
} from "../../../gateway/core/signed-request.ts";
import { TraceError } from "../../../gateway/core/trace-error.ts";
import { expectRefusal } from "../../refusal.ts";

const SECRET = new Uint8Array(32).fill(7);
const POINT = p256.getPublicKey(SECRET, false);
const NOW = 1_790_000_000;
const PATH = "/api/codes";

const signed = (request: Wish): SignedRequest => ({
  request,
  publicKey: toHex(POINT),
  signature: toBase64Url(p256.sign(requestDigest(request), SECRET)),
});

async function refusalOf(request: SignedRequest): Promise<string> {
  try {
    await signerOf(request, { path: PATH, now: NOW });
  } catch (error) {
    if (error instanceof TraceError) return error.code;
    throw error;
  }
  return "";
}

describe("a signed request", () => {
  const good = signed({ path: PATH, time: NOW, label: "Vườn của bà Tư" });

  it("names its signer", async () => {
    expect(await signerOf(good, { path: PATH, now: NOW })).to.equal(keyIdOf(POINT));
  });

  it("is refused when a word was changed", async () => {
    const changed = { ...good, request: { ...good.request, label: "other" } };
    expect(await refusalOf(changed)).to.equal("BAD_SIGNATURE");
  });

  it("is refused at another path", async () => {
    expect(await refusalOf(signed({ path: "/api/other", time: NOW }))).to.equal("OTHER_CHAIN");
  });

  it("is refused when it is old, or of the future", async () => {
    for (const off of [REQUEST_AGE + 1, -REQUEST_AGE - 1])
      expect(await refusalOf(signed({ path: PATH, time: NOW + off }))).to.equal("CLOCK");
  });

  it("is refused under another key", async () => {
    const publicKey = toHex(p256.getPublicKey(new Uint8Array(32).fill(8), false));
    expect(await refusalOf({ ...good, publicKey })).to.equal("BAD_SIGNATURE");
  });

  it("is refused without a path, a time, a key or a signature", () => {
    for (const broken of [
      null,
      {},
      { ...good, request: { path: PATH } },
      { ...good, request: { time: NOW } },
      { request: good.request, publicKey: good.publicKey },
    ])
      expectRefusal("BAD_ENCODING", () => parseSignedRequest(broken));
    expect(parseSignedRequest(JSON.parse(JSON.stringify(good)))).to.deep.equal(good);
  });
});
