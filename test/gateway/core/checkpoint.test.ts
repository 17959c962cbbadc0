import { ed25519 } from "@noble/curves/ed25519.js";
import { expect } from "chai";

import { fromBase64, toBase64, utf8ToBytes } from "../../../gateway/core/bytes.ts";
import {
  formatCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from "../../../gateway/core/checkpoint.ts";
import { verifyEd25519 as verifyNoble } from "../../../gateway/core/ed25519-noble.ts";
import { verifyEd25519 } from "../../../gateway/core/ed25519.ts";
import { openNote, signNote, verifierKey } from "../../../gateway/core/note.ts";
import { expectRejection } from "../../refusal.ts";

const secret = new Uint8Array(32).fill(7);
const publicKey = ed25519.getPublicKey(secret);
const sign = (message: Uint8Array): Uint8Array => ed25519.sign(message, secret);
const origin = "log.example/readings";
const trusted = { origin, publicKey };
const checkpoint = { origin, size: 20_852_163, root: new Uint8Array(32).fill(9) };
const signed = await signCheckpoint(checkpoint, publicKey, sign);
const text = formatCheckpoint(checkpoint);
const signText = (text: string): Promise<string> =>
  signNote(text, { name: origin, publicKey }, sign);

describe("A signed note", () => {
  // The key and note that the documentation of Go's sumdb/note shows.
  const key = {
    name: "PeterNeumann",
    publicKey: fromBase64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").slice(1),
  };
  const text =
    "If you think cryptography is the answer to your problem,\n" +
    "then you don't know what your problem is.\n";
  const signature =
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
  const note = `${text}\n— PeterNeumann ${signature}\n`;

  it("by another implementation is read, with WebCrypto and without", async () => {
    expect(await openNote(note, key, verifyEd25519)).to.equal(text);
    expect(await openNote(utf8ToBytes(note), key, verifyNoble)).to.equal(text);
  });

  it("is not read with a flipped bit, with WebCrypto and without", async () => {
    const bytes = fromBase64(signature).slice(4);
    for (const host of [globalThis, {}])
      for (const at of [0, 31, 32, 63]) {
        const flipped = bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
        const { publicKey } = key;
        expect(await verifyEd25519(publicKey, utf8ToBytes(text), bytes, host)).to.equal(true);
        expect(await verifyEd25519(publicKey, utf8ToBytes(text), flipped, host)).to.equal(false);
      }
  });

  it("names its key as other tools do", () => {
    expect(verifierKey(key)).to.equal(
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    );
  });

  it("may hold empty lines in its text", async () => {
    const poem = "one\n\ntwo\n";
    expect(await openNote(await signText(poem), { name: origin, publicKey })).to.equal(poem);
  });
});

describe("A checkpoint", () => {
  it("is three lines, an empty one, and a signature under the log's name", () => {
    expect(signed.split("\n").slice(0, 4)).to.deep.equal([
      origin,
      "20852163",
      toBase64(checkpoint.root),
      "",
    ]);
    expect(signed).to.match(/\n— log\.example\/readings [A-Za-z0-9+/]+=*\n$/);
  });

  it("comes back, with and without a verifier of the caller's", async () => {
    expect(await parseCheckpoint(signed, trusted)).to.deep.equal(checkpoint);
    expect(await parseCheckpoint(signed, { ...trusted, verify: verifyNoble })).to.deep.equal(
      checkpoint,
    );
  });

  it("of an empty log has size 0", async () => {
    const empty = await signText(formatCheckpoint({ ...checkpoint, size: 0 }));
    expect((await parseCheckpoint(empty, trusted)).size).to.equal(0);
  });

  it("may carry witnesses and extension lines", async () => {
    const witnessed = `${signed}— witness.example AAAAAAAAAAAA\n`;
    expect(await parseCheckpoint(witnessed, trusted)).to.deep.equal(checkpoint);
    const extended = await signText(`${text}more\n`);
    expect(await parseCheckpoint(extended, trusted)).to.deep.equal(checkpoint);
  });

  const signature = signed.slice(signed.indexOf("— "));
  for (const [damage, note] of Object.entries({
    "another size": signed.replace("20852163", "20852164"),
    "a flipped root": signed.replace("CQkJ", "CQkK"),
    "its signature cut off": text,
    "its signature emptied": `${text}\n`,
    "its last line feed cut": signed.slice(0, -1),
    "a signature of another key": signed.replace(/— \S+/, "— other.example"),
    "a carriage return": signed.replace("\n", "\r\n"),
    "a second signature that does not hold": signed + signature.replace(/.{8}\n$/, "AAAAAAA=\n"),
    "a line that is no signature": `${signed}hello\n`,
    "a signature that is not base64": `${signed}— w.example A\n`,
    "a signature without bytes": `${signed}— w.example AAAAAA==\n`,
    "text before it": `hello\n${signed}`,
    "text behind it": `${signed}\nhello\n`,
    nothing: "",
  }))
    it(`is refused with ${damage}`, async () => {
      await expectRejection("BAD_CHECKPOINT", parseCheckpoint(note, trusted));
    });

  for (const [damage, text] of Object.entries({
    "another log's name": formatCheckpoint({ ...checkpoint, origin: "other.example" }),
    "a size with a leading zero": `${origin}\n01\n${toBase64(checkpoint.root)}\n`,
    "a negative size": `${origin}\n-1\n${toBase64(checkpoint.root)}\n`,
    "a size in another script": `${origin}\n١\n${toBase64(checkpoint.root)}\n`,
    "a size beyond safe integers": `${origin}\n9007199254740993\n${toBase64(checkpoint.root)}\n`,
    "a short root": `${origin}\n1\n${toBase64(checkpoint.root.slice(1))}\n`,
    "a long root": `${origin}\n1\n${toBase64(new Uint8Array(33))}\n`,
    "stray bits in the root": `${origin}\n1\n${"A".repeat(42)}B=\n`,
    "two lines": `${origin}\n1\n`,
    "an empty line": `${formatCheckpoint(checkpoint)}\nx\n`,
  }))
    it(`is refused with ${damage}, though the log signed it`, async () => {
      await expectRejection("BAD_CHECKPOINT", parseCheckpoint(await signText(text), trusted));
    });

  it("is refused under another key of the same name", async () => {
    const other = ed25519.getPublicKey(new Uint8Array(32).fill(8));
    const refused = parseCheckpoint(signed, { origin, publicKey: other });
    await expectRejection("BAD_CHECKPOINT", refused);
  });

  it("is refused before it is read when it is huge", async () => {
    await expectRejection("TOO_LARGE", parseCheckpoint("x".repeat(200_000), trusted));
  });

  it("cannot be made for a name that would break its lines", async () => {
    for (const origin of ["", "two words", "a+b", "a\nb"])
      await expectRejection(
        "BAD_CHECKPOINT",
        signCheckpoint({ ...checkpoint, origin }, publicKey, sign),
      );
  });
});
