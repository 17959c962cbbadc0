import { expect } from "chai";

import { requireDocument, urisIn } from "../../../gateway/core/documents.ts";
import { areaBytes, idOf } from "../../../gateway/core/recording.ts";
import type { Document, SignedStatement } from "../../../gateway/core/statement.ts";
import { expectRefusal } from "../../refusal.ts";

const PARTY = "https://id.gs1.org/417/9521000000010";
const OTHER = "https://id.gs1.org/417/9521000000027";
const PLOT = "https://trace.example/certificates/plot-1";
const PLACE = "https://id.gs1.org/414/9521000000034";
const KEY = idOf("a key");
const BASE = { party: idOf(PARTY), key: KEY, number: 1, content: KEY };
const PROVED = { publicKey: `0x04${"00".repeat(64)}`, signature: "" } as const;
const NAME = { vi: "Hợp tác xã mẫu", en: "Sample cooperative" };

const grant = (document: Document): SignedStatement => ({
  ...PROVED,
  name: "Grant",
  statement: {
    ...BASE,
    certificate: idOf(PLOT),
    scheme: 1,
    holder: idOf(OTHER),
    area: areaBytes("VN-58"),
    quota: 1000,
    from: 1,
    until: 2,
  },
  document,
});
const CERTIFICATE = {
  type: "Certificate",
  uri: PLOT,
  number: "P-1",
  scheme: "growingArea",
  area: "VN-58",
  holder: OTHER,
  issuer: PARTY,
};

const watch = (document: Document): SignedStatement => ({
  ...PROVED,
  name: "Watch",
  statement: { ...BASE, device: KEY, place: idOf(PLACE), from: 1, until: 2, interval: 60 },
  document,
});
const WATCH = {
  type: "Watch",
  place: PLACE,
  name: NAME,
  quantityLimits: [{ name: "temperature", unit: "Cel", max: 35 }],
  device: "Kho 1",
};

describe("the document of a statement", () => {
  it("is taken when it says what was signed", () => {
    requireDocument(grant(CERTIFICATE));
    requireDocument(watch(WATCH));
    requireDocument({
      ...PROVED,
      name: "Enrolment",
      statement: { ...BASE, subject: idOf(OTHER), subjectKey: KEY, roles: 1, from: 1, until: 2 },
      document: { type: "Party", uri: OTHER, name: NAME },
    });
    requireDocument({
      ...PROVED,
      name: "Revocation",
      statement: { ...BASE, certificate: idOf(PLOT) },
      document: { type: "Reason", text: "Vượt hạn mức" },
    });
  });

  for (const [what, change] of Object.entries({
    "another holder": { holder: PARTY },
    "another issuer": { issuer: OTHER },
    "another scheme": { scheme: "organic" },
    "another area": { area: "KH" },
    "no area": { area: null },
    "another type": { type: "Party" },
    "another certificate": { uri: `${PLOT}0` },
    "no number": { number: "" },
  }))
    it(`is refused when a certificate tells of ${what}`, () => {
      expectRefusal("BAD_OPERATION", () => requireDocument(grant({ ...CERTIFICATE, ...change })));
    });

  it("is refused when a watch tells of another place, or has no limits", () => {
    for (const change of [{ place: `${PLACE}0` }, { quantityLimits: null }, { name: "Kho" }])
      expectRefusal("BAD_OPERATION", () => requireDocument(watch({ ...WATCH, ...change })));
  });

  it("is taken with a calibration, and refused with one that nobody could look up", () => {
    const calibration = { certificate: "HC-26/104", issuer: "a laboratory", until: "2027-02-28" };
    requireDocument(watch({ ...WATCH, calibration }));
    for (const change of [
      { certificate: "" },
      { issuer: undefined },
      { until: "2027-02-30" },
      { until: "28/02/2027" },
      { issuer: "x".repeat(201) },
    ])
      expectRefusal("BAD_OPERATION", () =>
        requireDocument(watch({ ...WATCH, calibration: { ...calibration, ...change } })),
      );
    expectRefusal("BAD_OPERATION", () => requireDocument(watch({ ...WATCH, calibration: "yes" })));
  });

  it("is refused for a URI that is not https", () => {
    expectRefusal("BAD_IDENTIFIER", () =>
      requireDocument(grant({ ...CERTIFICATE, uri: "javascript:alert(1)" })),
    );
  });

  it("gives up its URIs, and not those of its context", () => {
    expect(
      urisIn({ "@context": ["https://ref.gs1.org/"], a: [PLACE, "no"], b: { c: PLOT } }),
    ).to.deep.equal([PLACE, PLOT]);
  });
});
