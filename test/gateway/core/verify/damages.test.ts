import { p256 } from "@noble/curves/nist.js";
import { expect } from "chai";

import type { Bundle, LoggedPack, Recorded } from "../../../../gateway/core/bundle.ts";
import { fromBase64Url, toBase64Url, toHex, utf8ToBytes } from "../../../../gateway/core/bytes.ts";
import { parseJson } from "../../../../gateway/core/canonical.ts";
import type { TraceErrorCode } from "../../../../gateway/core/trace-error.ts";
import { verifyTrail, type Trust } from "../../../../gateway/core/verify.ts";
import type { Question } from "../../../../gateway/core/verify/report.ts";
import { expectRefusal } from "../../../refusal.ts";
import { bags, cashewWorld, PLACES } from "../cashew.ts";

const ORDER = p256.Point.Fn.ORDER;

/** Bytes that are base64url, changed. */
const rewritten = (text: string, change: (bytes: Uint8Array) => Uint8Array): string =>
  toBase64Url(change(fromBase64Url(text)));
const flipped = (bytes: Uint8Array): Uint8Array => bytes.with(20, (bytes[20] ?? 0) ^ 1);
const cut = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, -1);
const padded = (bytes: Uint8Array): Uint8Array => Uint8Array.of(...bytes, 0);

/** The other s of the same signature, which ECDSA alone would take. */
function highS(bytes: Uint8Array): Uint8Array {
  const s = ORDER - BigInt(toHex(bytes.subarray(32)));
  const half = s.toString(16).padStart(64, "0").match(/../g) ?? [];
  return Uint8Array.of(...bytes.subarray(0, 32), ...half.map((byte) => parseInt(byte, 16)));
}

/** A JWS pack under another header. */
const reheaded = (envelope: string, change: (header: object) => object): string =>
  rewritten(envelope, (bytes) => {
    const [header = "", ...rest] = new TextDecoder().decode(bytes).split(".");
    const given = JSON.parse(new TextDecoder().decode(fromBase64Url(header))) as object;
    const next = toBase64Url(utf8ToBytes(JSON.stringify(change(given))));
    return utf8ToBytes([next, ...rest].join("."));
  });

type Said = readonly [question: Question, code: TraceErrorCode];

describe("One damage to a bundle that holds", function () {
  this.timeout(20_000);
  let honest: Bundle;
  let trust: Trust;
  before(async () => {
    const world = await cashewWorld();
    honest = await world.bundleOf(bags.lot);
    trust = world.trustOf(bags.lot, PLACES);
  });

  /** The bundle with its last operation, or its second pack (a JWS), changed. */
  const operation = (change: (one: Recorded) => readonly Recorded[]): Bundle => ({
    ...honest,
    statements: [...honest.statements.slice(0, -1), ...honest.statements.slice(-1).flatMap(change)],
  });
  const signature = (change: (bytes: Uint8Array) => Uint8Array): Bundle =>
    operation((one) => [{ ...one, signature: rewritten(one.signature, change) }]);
  const pack = (change: (one: LoggedPack) => readonly LoggedPack[]): Bundle => ({
    ...honest,
    packs: honest.packs.flatMap((one, i) => (i === 1 ? change(one) : [one])),
  });
  const first = (): Recorded => {
    const found = honest.statements.find(({ name }) => name === "Operation");
    if (found === undefined) throw new Error("no operation");
    return found;
  };
  const document = (more: object): Bundle =>
    operation((one) => [{ ...one, document: { ...one.document, ...more } } as Recorded]);

  const DAMAGES: Readonly<Record<string, readonly [() => Bundle, ...Said]>> = {
    "a bit flipped in a signature": [() => signature(flipped), "authentic", "BAD_SIGNATURE"],
    "a signature cut": [() => signature(cut), "authentic", "BAD_SIGNATURE"],
    "a signature padded": [() => signature(padded), "authentic", "BAD_ENCODING"],
    "a signature with s in the upper half": [() => signature(highS), "authentic", "BAD_SIGNATURE"],
    "another record's signature transplanted": [
      () => operation((one) => [{ ...one, signature: first().signature }]),
      "authentic",
      "BAD_SIGNATURE",
    ],
    "another record's document transplanted": [
      () => operation((one) => [{ ...one, document: first().document } as Recorded]),
      "authentic",
      "BAD_OPERATION",
    ],
    "another's public key transplanted": [
      () => operation((one) => [{ ...one, publicKey: first().publicKey }]),
      "authentic",
      "BAD_KEY",
    ],
    "a record duplicated": [() => operation((one) => [one, one]), "authentic", "REPLAYED"],
    "records reordered": [
      () => ({ ...honest, statements: honest.statements.toReversed() }),
      "complete",
      "OTHER_CHAIN",
    ],
    "a record cut": [() => operation(() => []), "complete", "WITHHELD"],
    "a text that is not NFC": [
      () => document({ "plotline:memo": "e\u0301" }),
      "authentic",
      "BAD_ENCODING",
    ],
    "half of a surrogate pair": [
      () => document({ "plotline:memo": "\ud83d" }),
      "authentic",
      "BAD_ENCODING",
    ],
    "a bit flipped in a pack": [
      () => pack((one) => [{ ...one, envelope: rewritten(one.envelope, flipped) }]),
      "authentic",
      "BAD_ENCODING",
    ],
    "a pack padded": [
      () => pack((one) => [{ ...one, envelope: rewritten(one.envelope, padded) }]),
      "authentic",
      "BAD_ENCODING",
    ],
    "a pack duplicated": [() => pack((one) => [one, one]), "authentic", "REPLAYED"],
    "a pack cut out of the middle": [() => pack(() => []), "complete", "WITHHELD"],
    "another pack's proof transplanted": [
      () => pack((one) => [{ ...one, proof: honest.packs[9]?.proof ?? [] }]),
      "anchored",
      "BAD_PROOF",
    ],
    "alg none in a pack": [
      () =>
        pack((one) => [
          { ...one, envelope: reheaded(one.envelope, (header) => ({ ...header, alg: "none" })) },
        ]),
      "authentic",
      "BAD_PACK",
    ],
    "alg HS256 in a pack": [
      () =>
        pack((one) => [
          { ...one, envelope: reheaded(one.envelope, (header) => ({ ...header, alg: "HS256" })) },
        ]),
      "authentic",
      "BAD_PACK",
    ],
    "a device's point off the curve": [
      () => ({
        ...honest,
        devices: honest.devices.map(
          (point) => `${point.slice(0, -1)}${point.endsWith("1") ? 2 : 1}` as typeof point,
        ),
      }),
      "authentic",
      "BAD_KEY",
    ],
    "a checkpoint cut": [
      () => ({ ...honest, checkpoint: honest.checkpoint?.slice(0, -9) ?? null }),
      "anchored",
      "BAD_CHECKPOINT",
    ],
  };
  for (const [damage, [build, question, code]] of Object.entries(DAMAGES))
    it(`is found: ${damage}`, async () => {
      const report = await verifyTrail(build(), trust);
      const found = report.checks.filter(({ outcome }) => outcome === "fails");
      expect(report.outcome).to.equal("fails");
      expect(found.map((one) => `${one.question} ${one.code}`)).to.include(`${question} ${code}`);
      expect(found.every(({ record, reason }) => record !== "" && reason !== "")).to.equal(true);
    });

  for (const [damage, change] of Object.entries({
    "a member twice": (text: string) => text.replace('"version":1', '"version":1,"version":1'),
    "half of a surrogate pair, escaped": (text: string) =>
      text.replace('"version":1', String.raw`"version":1,"x":"\ud800"`),
    "an unsafe integer": (text: string) =>
      text.replace('"version":1', '"version":9007199254740993'),
    "bytes behind": (text: string) => `${text}{}`,
    "its end cut": (text: string) => text.slice(0, -1),
  }))
    it(`is found in the text: ${damage}`, () => {
      expectRefusal("BAD_ENCODING", () => parseJson(change(JSON.stringify(honest))));
    });
});
