import { expect } from "chai";

import { kindName, requireAgreement } from "../../../gateway/core/agreement.ts";
import { KINDS, type Kind } from "../../../gateway/core/operations.ts";
import { recordingOf, type Intent } from "../../../gateway/core/recording.ts";
import { expectRefusal } from "../../refusal.ts";

const place = {
  uri: "https://id.gs1.org/414/9520001002011",
  name: { vi: "Lô vườn 1", en: "Plot 1" },
};
const other = "https://id.gs1.org/417/9520001001014";
const [lot, made] = ["A-1", "B-1"].map((n) => `https://id.gs1.org/01/09520001000010/10/${n}`) as [
  string,
  string,
];
const product = { vi: "Hạt điều", en: "Cashew" };
const INTENTS: readonly Intent[] = [
  { kind: "harvest", lot, product, mass: 1_234_567, plot: "https://plotline.example/c/1", place },
  { kind: "intake", lot, product, mass: 1, area: "KH", place },
  {
    kind: "process",
    inputs: [{ lot, mass: 10 }],
    outputs: [{ lot: made, mass: 9, product }],
    place,
  },
  { kind: "handOver", lot, mass: 10, to: other, place },
  { kind: "handOver", lot, mass: 10, to: null, place },
  { kind: "takeOver", lot, mass: 10, from: other, place },
  { kind: "certify", lot, mass: 10, certificate: "https://plotline.example/c/2", place },
  { kind: "note", lot, step: "storing", place },
  { kind: "recall", lot, place },
  { kind: "lift", lot, place },
  { kind: "retire", lot, mass: 10, place },
];
const hand = { party: other, key: `0x${"ab".repeat(32)}`, number: 1, time: 1_770_000_000 } as const;

/** An event with its members changed after the operation was made. */
const changed = (intent: Intent, change: Readonly<Record<string, unknown>>) => {
  const { statement, document } = recordingOf(intent, hand);
  return () => requireAgreement(statement, { ...document, ...change });
};

describe("An event and its operation", () => {
  for (const intent of INTENTS)
    it(`agree on a ${intent.kind}`, () => {
      const { statement, document } = recordingOf(intent, hand);
      requireAgreement(statement, document);
      expect(kindName(statement.kind)).to.equal(intent.kind);
    });

  it("agree on an hour in any offset, and on none of a day or an hour that there is not", () => {
    const { statement, document } = recordingOf(
      { kind: "note", lot, step: "storing", place },
      { ...hand, time: Date.UTC(2026, 2, 2) / 1000 },
    );
    const at = (eventTime: string) => (): void =>
      requireAgreement(statement, { ...document, eventTime });
    for (const told of ["2026-03-02T07:00:00+07:00", "2026-03-01t23:59:00-00:01"]) at(told)();
    for (const lie of [
      "2026-02-30T00:00:00Z",
      "2026-02-30T07:00:00+07:00",
      "2026-03-01T24:00:00Z",
      "2026-03-01T24:00:00.0+00:00",
    ])
      expectRefusal("RULE_BROKEN", at(lie));
  });

  it("know every kind", () => {
    const told = new Set<Kind>(INTENTS.map(({ kind }) => kind));
    expect([...told].toSorted()).to.deep.equal(Object.keys(KINDS).toSorted());
  });

  const LIES: readonly (readonly [string, Kind, Readonly<Record<string, unknown>>])[] = [
    ["another action", "harvest", { action: "DELETE" }],
    ["another step", "handOver", { bizStep: "receiving" }],
    ["more mass", "harvest", { quantityList: [{ epcClass: lot, quantity: 2_000, uom: "KGM" }] }],
    ["pounds", "intake", { quantityList: [{ epcClass: lot, quantity: 0.001, uom: "LBR" }] }],
    ["another lot", "retire", { quantityList: [{ epcClass: made, quantity: 0.01, uom: "KGM" }] }],
    ["another time", "note", { eventTime: "2026-01-01T00:00:00.000Z" }],
    ["another party", "recall", { "plotline:party": "https://id.gs1.org/417/9520001001021" }],
    ["another receiver", "handOver", { destinationList: undefined }],
    ["another origin", "intake", { "plotline:area": "VN-58" }],
    ["another certificate", "certify", { "plotline:certificate": other }],
    ["no place, so that no sensor's window follows", "note", { bizLocation: undefined }],
    ["two places", "note", { readPoint: { id: other } }],
    [
      "a product for a lot that it does not make",
      "note",
      { ilmd: { "plotline:product": product } },
    ],
    [
      "a product for what went in",
      "process",
      { ilmd: { "plotline:products": [{ "plotline:lot": lot, "plotline:product": product }] } },
    ],
  ];
  for (const [lie, kind, change] of LIES)
    it(`differ where the event says ${lie}`, () => {
      const intent = INTENTS.find((one) => one.kind === kind);
      if (intent === undefined) throw new Error(`no ${kind} to lie about`);
      expectRefusal("RULE_BROKEN", changed(intent, change));
    });

  const SPELLINGS: readonly (readonly [string, string])[] = [
    ["an escape", lot.replace("-", "%2D")],
    ["a letter of another alphabet", lot.replace("A-1", "\u0410-1")],
    ["a GTIN of 13 digits", lot.replace("/01/0", "/01/")],
    ["another check digit", lot.replace("0010/", "0011/")],
    ["another host", lot.replace("id.gs1.org", "id.gs1.example")],
    ["a longer path", `https://id.gs1.org/01/09520001000010/10/B-1/../A-1`],
    ["a query", `${lot}?21=1`],
  ];
  for (const [how, name] of SPELLINGS)
    it(`agree on no lot that takes another's name with ${how}`, () => {
      for (const intent of INTENTS.filter(({ kind }) => kind === "harvest" || kind === "note")) {
        const { statement, document } = recordingOf({ ...intent, lot: name } as Intent, hand);
        expectRefusal("BAD_IDENTIFIER", () => requireAgreement(statement, document));
      }
    });
});
