import { p256 } from "@noble/curves/nist.js";
import { encode } from "cborg";
import { expect } from "chai";
import * as fc from "fast-check";

import { buildPack } from "../../../gateway/core/build-pack.ts";
import { concatBytes, fromHex, toBase64Url, utf8ToBytes } from "../../../gateway/core/bytes.ts";
import { encodeCbor } from "../../../gateway/core/cbor-encode.ts";
import type { CborValue } from "../../../gateway/core/cbor.ts";
import { packLeaf, parsePack, verifyPack } from "../../../gateway/core/envelope.ts";
import type { Pack, Reading } from "../../../gateway/core/envelope.ts";
import { hashLeaf } from "../../../gateway/core/merkle.ts";
import { verifyP256 } from "../../../gateway/core/p256-noble.ts";
import { keyIdOf } from "../../../gateway/core/key-id.ts";
import { TraceError } from "../../../gateway/core/trace-error.ts";
import { expectRefusal, expectRejection } from "../../refusal.ts";

const secret = new Uint8Array(32).fill(5);
const publicKey = p256.getPublicKey(secret, false);
const keyId = keyIdOf(publicKey);
const sign = (bytes: Uint8Array): Uint8Array => p256.sign(bytes, secret, { lowS: false });
const time = Date.UTC(2026, 2, 1, 7, 30, 0, 125);

const records: readonly Reading[] = [
  { name: "urn:dev:ow:10e2073a01080063:temp", unit: "Cel", value: 28.4, time },
  { name: "urn:dev:ow:10e2073a01080063:door", value: true, time: time + 1000 },
  { name: "urn:dev:ow:10e2073a01080063:note", value: "kho số 2", time: time + 60_001 },
];
const header = { keyId, epoch: 3, seq: 41 };
const build = (form: Pack["form"]) => buildPack({ form, ...header, records, sign });
const [cose, jws] = [await build("cose"), await build("jws")];

/** A COSE pack from parts of the tester's choosing; signed rightly, so that only they are wrong. */
function coseOf(change: { header?: CborValue; payload?: CborValue; open?: CborValue }): Uint8Array {
  const header = encodeCbor(change.header ?? coseHeader());
  const payload = encodeCbor(
    change.payload ?? [
      new Map<number, CborValue>([
        [0, "a"],
        [2, 1],
        [6, 1.7e9],
      ]),
    ],
  );
  const none = new Uint8Array();
  const signature = sign(encodeCbor(["Signature1", header, none, payload]));
  return encodeCbor([header, change.open ?? new Map(), payload, signature]);
}

const coseHeader = (...more: readonly [number | string, CborValue][]) =>
  new Map<number | string, CborValue>([
    [1, -7],
    [4, fromHex(keyId)],
    [16, "application/senml+cbor"],
    ["epoch", 3],
    ["seq", 41],
    ...more,
  ]);

const attestation = (...parts: readonly CborValue[]): CborValue =>
  coseHeader(["attested", parts as CborValue]);

describe("A pack of a network server's key", () => {
  const message = `0x${"ab".repeat(32)}` as const;
  const attested = { source: "chirpstack", message, lost: 2 };

  it("says what stands behind it, under its signature", async () => {
    const bytes = await buildPack({ form: "cose", ...header, attested, records, sign });
    const pack = parsePack(bytes);
    expect(pack.attested).to.deep.equal(attested);
    expect(pack.records).to.deep.equal(records);
    await verifyPack(pack, publicKey);
    expect(parsePack(cose)).to.not.have.property("attested");
  });

  for (const [damage, ...parts] of [
    ["names no source", "", fromHex(message), 0],
    ["has a hash of another length", "chirpstack", fromHex("0xabcd"), 0],
    ["counts backwards", "chirpstack", fromHex(message), -1],
    ["says less", "chirpstack", fromHex(message)],
    ["says more", "chirpstack", fromHex(message), 0, "and this"],
  ] as const)
    it(`is refused when it ${damage}`, () => {
      expectRefusal("BAD_PACK", () => parsePack(coseOf({ header: attestation(...parts) })));
    });

  it("is refused when its attestation is no list, or stands in a JWS", async () => {
    const header = coseHeader(["attested", "chirpstack"]);
    expectRefusal("BAD_PACK", () => parsePack(coseOf({ header })));
    await expectRejection(
      "BAD_PACK",
      buildPack({ form: "jws", keyId, epoch: 0, seq: 0, attested, records, sign }),
    );
  });
});

const jwsHeader = {
  alg: "ES256",
  kid: toBase64Url(fromHex(keyId)),
  typ: "senml+json",
  epoch: 3,
  seq: 41,
};

function jwsOf(change: { header?: string; payload?: string }): Uint8Array {
  const header = change.header ?? JSON.stringify(jwsHeader);
  const payload = change.payload ?? '[{"n":"a","v":1,"t":1.7e9}]';
  const signed = [header, payload].map((part) => toBase64Url(utf8ToBytes(part))).join(".");
  return utf8ToBytes(`${signed}.${toBase64Url(sign(utf8ToBytes(signed)))}`);
}

for (const [form, bytes] of [
  ["cose", cose],
  ["jws", jws],
] as const)
  describe(`A reading pack as ${form.toUpperCase()}`, () => {
    it("says what was measured, by whom, and in which order", async () => {
      const pack = parsePack(bytes);
      expect(pack).to.deep.include({ form, ...header, records });
      await verifyPack(pack, publicKey);
      await verifyPack(pack, publicKey, verifyP256);
    });

    it("enters the log as the bytes that came", () => {
      expect(packLeaf(bytes)).to.deep.equal(hashLeaf(bytes));
    });

    it("is refused under another key", async () => {
      const other = p256.getPublicKey(new Uint8Array(32).fill(6), false);
      await expectRejection("BAD_KEY", verifyPack(parsePack(bytes), other));
    });

    it("is refused with the other s, which anyone could make of the first", async () => {
      const pack = parsePack(bytes);
      const { r, s } = p256.Signature.fromBytes(pack.signature);
      const signature = new p256.Signature(r, p256.Point.Fn.ORDER - s).toBytes();
      await expectRejection("BAD_SIGNATURE", verifyPack({ ...pack, signature }, publicKey));
    });

    it("is not believed with any bit flipped, any byte cut, added or doubled", async () => {
      // The first byte of a COSE pack may go: it is the tag, which says nothing more.
      const place = fc.nat(bytes.length - 2);
      const damaged = fc.oneof(
        fc
          .tuple(place, fc.nat(7))
          .map(([at, bit]) => bytes.with(at, (bytes[at] ?? 0) ^ (1 << bit))),
        place.map((at) => bytes.slice(0, at)),
        place.map((at) => bytes.slice(at + 2)),
        place.map((at) => concatBytes(bytes.slice(0, at + 1), bytes.slice(at + 2))),
        place.map((at) =>
          concatBytes(bytes.slice(0, at), bytes.slice(at, at + 1), bytes.slice(at)),
        ),
        fc.nat(255).map((byte) => concatBytes(bytes, Uint8Array.of(byte))),
      );
      await fc.assert(
        fc.asyncProperty(damaged, async (damaged) => {
          const refusal = await Promise.resolve()
            .then(() => verifyPack(parsePack(damaged), publicKey))
            .catch((error: unknown) => error);
          expect(refusal).to.be.instanceOf(TraceError);
        }),
        { numRuns: 1500 },
      );
    });

    it("carries up to a thousand readings and 65,535 bytes", async () => {
      const reading = (i: number): Reading => ({ name: "a", value: i, time });
      const many = (count: number) => Array.from({ length: count }, (_, i) => reading(i));
      const full = await buildPack({ form, ...header, records: many(1000), sign });
      expect(parsePack(full).records).to.have.length(1000);
      const over = await buildPack({ form, ...header, records: many(1001), sign });
      expectRefusal("TOO_LARGE", () => parsePack(over));
      const long = [{ name: "a", value: "x".repeat(66_000), time }];
      await expectRejection("TOO_LARGE", buildPack({ form, ...header, records: long, sign }));
      expectRefusal("TOO_LARGE", () => parsePack(concatBytes(bytes, new Uint8Array(65_536))));
    });
  });

describe("A reading pack", () => {
  it("is read back whatever the readings", async () => {
    const reading: fc.Arbitrary<Reading> = fc.record({
      name: fc.stringMatching(/^[A-Za-z0-9][-A-Za-z0-9:._/]{0,20}$/),
      unit: fc.constantFrom("Cel", "%RH"),
      value: fc.oneof(
        fc.double({ noDefaultInfinity: true, noNaN: true }).map((v) => (v === 0 ? 0 : v)),
        fc.boolean(),
        fc.string({ unit: "grapheme-ascii" }),
      ),
      time: fc.integer({ min: 2 ** 28 * 1000, max: 253_402_300_799_999 }),
    });
    const packs = fc.array(reading, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(packs, fc.constantFrom("cose", "jws"), async (records, form) => {
        const bytes = await buildPack({ form, ...header, records, sign });
        expect(parsePack(bytes).records).to.deep.equal(records);
      }),
    );
  });

  it("is read back where its readings go back in time to the first date that SenML can say", async () => {
    const first = 2 ** 28 * 1000;
    const records = [first + 6, first].map((time) => ({ name: "a", value: 0, time }));
    const bytes = await buildPack({ form: "cose", ...header, records, sign });
    expect(parsePack(bytes).records).to.deep.equal(records);
  });

  it("may go without its COSE tag, and says the same then", () => {
    expect(parsePack(cose.slice(1))).to.deep.equal(parsePack(cose));
  });

  it("is made by other people's encoders too", async () => {
    const header = encode(coseHeader(), { mapSorter: () => 0 });
    const payload = encode([
      new Map<number, unknown>([
        [0, "a"],
        [2, 21.5],
        [6, 1.7e9 + 0.5],
      ]),
    ]);
    const signature = sign(encode(["Signature1", header, new Uint8Array(), payload]));
    const pack = parsePack(encode([header, new Map(), payload, signature]));
    expect(pack.records).to.deep.equal([{ name: "a", value: 21.5, time: 1.7e12 + 500 }]);
    await verifyPack({ ...pack, signature: p256.sign(pack.signed, secret) }, publicKey);
  });

  it("cannot be made with a time that SenML would take as relative", async () => {
    for (const time of [0, 1.5, Number.NaN, 2 ** 28 * 1000 - 1]) {
      const records = [{ name: "a", value: 1, time }];
      await expectRejection("CLOCK", buildPack({ form: "jws", ...header, records, sign }));
    }
  });
});

describe("A hostile COSE pack", () => {
  const coseDamages: Readonly<Record<string, Uint8Array>> = {
    "another alg": coseOf({ header: coseHeader([1, -8]) }),
    "an alg that is a name": coseOf({ header: coseHeader([1, "ES256"]) }),
    "a key id of 31 bytes": coseOf({ header: coseHeader([4, new Uint8Array(31)]) }),
    "a key id that is text": coseOf({ header: coseHeader([4, keyId]) }),
    "another type of content": coseOf({ header: coseHeader([16, "application/cbor"]) }),
    "a negative epoch": coseOf({ header: coseHeader(["epoch", -1]) }),
    "a seq that is text": coseOf({ header: coseHeader(["seq", "41"]) }),
    "a header member that is not ours": coseOf({ header: coseHeader(["crit", 1]) }),
    "an empty header": coseOf({ header: new Map() }),
    "a header that is no map": coseOf({ header: [1, -7] }),
    "an open header": coseOf({ open: new Map([[4, 1]]) }),
    "no records": coseOf({ payload: [] }),
    "only base fields": coseOf({ payload: [new Map([[-2, "a"]])] }),
    "data for a value": coseOf({
      payload: [
        new Map<number, CborValue>([
          [0, "a"],
          [8, new Uint8Array(1)],
          [6, 1.7e9],
        ]),
      ],
    }),
    "three parts": encodeCbor([new Uint8Array(), new Map(), new Uint8Array()]),
    "a payload that is elsewhere": encodeCbor([cose, new Map(), false, new Uint8Array(64)]),
    "a short signature": encodeCbor([
      encodeCbor(coseHeader()),
      new Map(),
      encodeCbor([]),
      new Uint8Array(63),
    ]),
  };
  for (const [damage, bytes] of Object.entries(coseDamages))
    it(`is refused with ${damage}`, () => {
      // "three parts" starts as no COSE_Sign1 does, so it is not even taken for one
      const code = damage === "three parts" ? "BAD_ENCODING" : "BAD_PACK";
      expectRefusal(code, () => parsePack(bytes));
    });

  const [parts, [first = 0]] = [cose.slice(2), cose.slice(2)];
  for (const [damage, bytes] of Object.entries({
    "trailing bytes": concatBytes(cose, Uint8Array.of(0)),
    "an indefinite array": concatBytes(Uint8Array.of(0xd2, 0x9f), parts, Uint8Array.of(0xff)),
    "a fifth part": concatBytes(Uint8Array.of(0xd2, 0x85), parts, Uint8Array.of(0)),
    "a long head": concatBytes(Uint8Array.of(0xd2, 0x98, 4), parts),
    "a tag twice": concatBytes(Uint8Array.of(0xd2), cose),
    "a tag in two bytes": concatBytes(Uint8Array.of(0xd8, 18), cose.slice(1)),
    "a header as text": concatBytes(Uint8Array.of(0x84, first ^ 0x20), parts.slice(1)),
    "an epoch that is a float": encodeCbor([
      concatBytes(encodeCbor(coseHeader()).slice(0, -5), fromHex("0x63736571fa3f800000")),
      new Map(),
      encodeCbor([]),
      new Uint8Array(64),
    ]),
    "nothing in it": new Uint8Array(),
  }))
    it(`is refused with ${damage}`, () => {
      expect(() => parsePack(bytes)).to.throw(TraceError);
    });

  it("is refused with a duplicate key in its header", () => {
    const header = encodeCbor(coseHeader());
    const twice = concatBytes(Uint8Array.of(0xa6, 1, 0x26), header.slice(1));
    const pack = encodeCbor([twice, new Map(), encodeCbor([]), new Uint8Array(64)]);
    expectRefusal("BAD_ENCODING", () => parsePack(pack));
  });

  it("is refused with a time relative to an unknown now", () => {
    const payload = [
      new Map<number, CborValue>([
        [0, "a"],
        [2, 1],
      ]),
    ];
    expectRefusal("CLOCK", () => parsePack(coseOf({ payload })));
    const late = [
      new Map<number, CborValue>([
        [0, "a"],
        [2, 1],
        [6, 1e15],
      ]),
    ];
    expectRefusal("CLOCK", () => parsePack(coseOf({ payload: late })));
  });
});

describe("A hostile JWS pack", () => {
  const withHeader = (change: object): Uint8Array =>
    jwsOf({ header: JSON.stringify({ ...jwsHeader, ...change }) });

  const jwsDamages: Readonly<Record<string, Uint8Array>> = {
    "alg none": withHeader({ alg: "none" }),
    "alg HS256": withHeader({ alg: "HS256" }),
    "alg in small letters": withHeader({ alg: "es256" }),
    "a key of its own": withHeader({ jwk: { kty: "EC" } }),
    "a critical member": withHeader({ crit: ["b64"], b64: false }),
    "another type": withHeader({ typ: "JWT" }),
    "an epoch that is text": withHeader({ epoch: "3" }),
    "a broken seq": withHeader({ seq: 1.5 }),
    "a seq beyond safe integers": withHeader({ seq: 2 ** 53 }),
    "a short kid": withHeader({ kid: "AAAA" }),
    "a kid that is a number": withHeader({ kid: 1 }),
    "a header that is an array": jwsOf({ header: "[]" }),
    "a header that is null": jwsOf({ header: "null" }),
    "a payload that is no pack": jwsOf({ payload: "{}" }),
  };
  for (const [damage, bytes] of Object.entries(jwsDamages))
    it(`is refused with ${damage}`, () => {
      expectRefusal("BAD_PACK", () => parsePack(bytes));
    });

  const text = new TextDecoder().decode(jws);
  const json = JSON.stringify(jwsHeader);
  for (const [damage, bytes] of Object.entries({
    padding: utf8ToBytes(`${text}=`),
    "a line feed behind it": utf8ToBytes(`${text}\n`),
    "a space before it": utf8ToBytes(` ${text}`),
    "a fourth part": utf8ToBytes(`${text}.AAAA`),
    "two parts": utf8ToBytes(text.slice(0, text.lastIndexOf("."))),
    "stray bits at the end of the signature": utf8ToBytes(text.slice(0, -1).concat("B")),
    "a key twice in its header": jwsOf({ header: json.replace("{", '{"seq":41,') }),
    "a key twice in its payload": jwsOf({ payload: '[{"n":"a","v":1,"v":1,"t":1.7e9}]' }),
    "half of a surrogate pair": jwsOf({ payload: '[{"n":"a","vs":"\\ud800","t":1.7e9}]' }),
    "text that is not NFC": jwsOf({ payload: '[{"n":"a","vs":"e\u0301","t":1.7e9}]' }),
    "a byte order mark": jwsOf({ header: `\ufeff${json}` }),
    "a well of arrays": jwsOf({ payload: "[".repeat(30_000) }),
  }))
    it(`is refused with ${damage}`, () => {
      expect(() => parsePack(bytes)).to.throw(TraceError);
    });
});
