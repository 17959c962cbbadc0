import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import * as fc from "fast-check";

import { parseJson } from "../../../gateway/core/canonical.ts";
import { documentOf, epcisIssues, parseEpcis } from "../../../gateway/core/epcis.ts";
import { BIZ_STEP } from "../../../gateway/core/epcis-vocabulary.ts";
import { expectRefusal } from "../../refusal.ts";
import { describeVectors } from "../../vectors.ts";

const CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"];
const LOT = "https://id.gs1.org/01/09520123456788/10/BP-1";
const PALLET = "https://id.gs1.org/00/195201232345678907";
const PLACE = { id: "https://id.gs1.org/414/9520123456788" };
const WHEN = { eventTime: "2026-03-01T07:30:00+07:00", eventTimeZoneOffset: "+07:00" };
const SOME = [{ epcClass: LOT, quantity: 12.5, uom: "KGM" }];
const SENSED = [{ sensorReport: [{ type: "Temperature", value: 27.5, uom: "CEL" }] }];

const EVENTS = {
  ObjectEvent: { type: "ObjectEvent", ...WHEN, action: "ADD", quantityList: SOME },
  AggregationEvent: {
    type: "AggregationEvent",
    ...WHEN,
    action: "ADD",
    parentID: PALLET,
    childQuantityList: SOME,
  },
  TransactionEvent: {
    type: "TransactionEvent",
    ...WHEN,
    action: "ADD",
    quantityList: SOME,
    bizTransactionList: [{ type: "po", bizTransaction: "https://example.com/po/1" }],
  },
  TransformationEvent: {
    type: "TransformationEvent",
    ...WHEN,
    inputQuantityList: SOME,
    outputQuantityList: SOME,
  },
  AssociationEvent: {
    type: "AssociationEvent",
    ...WHEN,
    action: "DELETE",
    parentID: PALLET,
  },
};
const EVENT = EVENTS.ObjectEvent;

const around = (...events: readonly unknown[]): Record<string, unknown> => ({
  "@context": CONTEXT,
  type: "EPCISDocument",
  schemaVersion: "2.0",
  creationDate: "2026-03-01T00:00:00Z",
  epcisBody: { eventList: events },
});

/** Where an event with these members is wrong, in a document where it stands second. */
const wrong = (members: object): readonly string[] =>
  epcisIssues(around(EVENT, { ...EVENT, ...members })).map(({ path }) =>
    path.replace(/^epcisBody\.eventList\[1\]\.?/, ""),
  );

describe("an EPCIS 2.0 document", () => {
  describeVectors("of other people", (folder) => {
    for (const side of ["valid", "invalid"] as const)
      for (const file of readdirSync(join(folder, "epcis", side)))
        it(`${side === "valid" ? "is accepted" : "is refused"}: ${file}`, () => {
          const document = parseJson(readFileSync(join(folder, "epcis", side, file), "utf8"));
          if (side === "invalid") expectRefusal("BAD_EVENT", () => parseEpcis(document));
          else expect(parseEpcis(document).events).not.to.have.length(0);
        });
  });

  for (const [type, event] of Object.entries(EVENTS))
    it(`gives back a ${type} as it came, and is written around it again`, () => {
      const document = around(event, event);
      const parsed = parseEpcis(document);
      expect(parsed).to.deep.equal({ context: CONTEXT, events: [event, event] });
      expect(documentOf(parsed, Date.UTC(2026, 2, 1))).to.deep.equal({
        ...document,
        creationDate: "2026-03-01T00:00:00.000Z",
      });
    });

  it("may be one bare event that brings its context, or the answer to a query", () => {
    expect(parseEpcis({ "@context": CONTEXT, ...EVENT }).events).to.have.length(1);
    expect(epcisIssues(EVENT)).to.deep.equal([{ path: "@context", reason: "is missing" }]);
    const epcisBody = {
      queryResults: {
        queryName: "q",
        resultsBody: { eventList: [EVENT, { ...EVENT, action: 1 }] },
      },
    };
    const answer = { "@context": CONTEXT, type: "EPCISQueryDocument", epcisBody };
    expect(epcisIssues(answer).map(({ path }) => path)).to.deep.equal([
      "epcisBody.queryResults.resultsBody.eventList[1].action",
    ]);
  });

  for (const [damage, document, path] of [
    ["is no object", [], ""],
    ["has no context", { ...around(EVENT), "@context": undefined }, "@context"],
    ["has a context twice", { ...around(EVENT), "@context": [...CONTEXT, ...CONTEXT] }, "@context"],
    ["is of version 1.2", { ...around(EVENT), schemaVersion: "1.2" }, "schemaVersion"],
    ["has a version that is a number", { ...around(EVENT), schemaVersion: 2 }, "schemaVersion"],
    ["has no date", { ...around(EVENT), creationDate: undefined }, "creationDate"],
    ["has no body", { ...around(EVENT), epcisBody: undefined }, "epcisBody"],
    ["has no list of events", { ...around(), epcisBody: {} }, "epcisBody.eventList"],
    ["has a name of its own", { ...around(EVENT), sent: 1 }, "sent"],
    ["holds something else", around(EVENT, "event"), "epcisBody.eventList[1]"],
    ["holds a type of its own", around({ ...EVENT, type: "Mine" }), "epcisBody.eventList[0].type"],
  ] as const)
    it(`is refused where it ${damage}`, () => {
      expect(epcisIssues(document).map((issue) => issue.path)).to.deep.equal([path]);
      expectRefusal("BAD_EVENT", () => parseEpcis(document));
    });

  it("never throws anything but a refusal at any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, event) => {
        for (const document of [value, around(value), around({ ...EVENT, quantityList: event })])
          expect(epcisIssues(document)).to.be.an("array");
      }),
    );
  });
});

describe("an EPCIS 2.0 event", () => {
  for (const members of [
    { bizStep: "commissioning" },
    { bizStep: "https://ref.gs1.org/cbv/BizStep-shipping" },
    { bizStep: "cbv:BizStep-shipping" },
    { readPoint: { id: "urn:example:place:%C3%A0" }, bizLocation: { id: "geo:10.75,106.67" } },
    { bizStep: "https://example.com/steps/shelling" },
    { disposition: "conformant", persistentDisposition: { set: ["available"] } },
    { "ex:grade": { any: ["thing"] } },
    { ilmd: { "ex:grade": "A" } },
    { epcList: [], quantityList: undefined },
    { quantityList: undefined, sensorElementList: SENSED, readPoint: PLACE },
    { certificationInfo: ["https://example.com/c/1", "https://example.com/c/2"] },
    { quantityList: [{ epcClass: "urn:epc:class:lgtin:9520123.045678.L1" }] },
    { eventTime: "2026-03-01T00:30:00.123456Z" },
    { sourceList: [{ type: "cbv:own_party", source: "https://id.gs1.org/417/9520123456788" }] },
    { errorDeclaration: { declarationTime: "2026-03-01T00:30:00Z", "ex:who": "x" } },
    { bizStep: "notifying", persistentDisposition: { set: ["subject_to_regulation"] } },
    { masterDataAvailableFor: [{ id: LOT, expirationDate: "2026-12-31" }] },
    { certificationInfo: { "gs1:CertificationDetails": { "gs1:certificationType": "organic" } } },
    { sensorElementList: [{ sensorReport: [{ type: "EffectiveDoseRate", value: 0.005 }] }] },
    { sensorElementList: [{ sensorReport: [{ exception: "ERROR_CONDITION" }] }] },
  ])
    it(`may have ${JSON.stringify(members)}`, () => expect(wrong(members)).to.deep.equal([]));

  for (const [path, members] of [
    ["action", { action: "CREATE" }],
    ["eventTime", { eventTime: "2026-03-01T07:30:00" }],
    ["eventTime", { eventTime: "2026-02-30T07:30:00Z" }],
    ["eventTime", { eventTime: undefined }],
    ["eventTimeZoneOffset", { eventTimeZoneOffset: "+7:00" }],
    ["eventTimeZoneOffset", { eventTimeZoneOffset: "+14:30" }],
    ["bizStep", { bizStep: "roasting" }],
    ["bizStep", { bizStep: "https://ref.gs1.org/cbv/BizStep-roasting" }],
    ["bizStep", { bizStep: "urn:epcglobal:cbv:bizstep:shipping" }],
    ["disposition", { disposition: "urn:epcglobal:cbv:disp:active" }],
    [
      "bizTransactionList[0].type",
      { bizTransactionList: [{ type: "urn:epcglobal:cbv:btt:po", bizTransaction: "x:1" }] },
    ],
    ["readPoint.id", { readPoint: { id: "https://example.com/100%" } }],
    ["readPoint.id", { readPoint: { id: "urn:example:place:%zz" } }],
    ["bizStep", { bizStep: "https://ns.gs1.org/cbv/BizStep-shipping" }],
    ["disposition", { disposition: "fine" }],
    ["persistentDisposition", { persistentDisposition: {} }],
    ["persistentDisposition.set", { persistentDisposition: { set: ["active", "active"] } }],
    ["persistentDisposition.unset[0]", { persistentDisposition: { unset: ["fine"] } }],
    ["quantityList[0].quantity", { quantityList: [{ epcClass: LOT, quantity: "1" }] }],
    ["quantityList[0].epcClass", { quantityList: [{ quantity: 1 }] }],
    ["quantityList[0].uom", { quantityList: [{ epcClass: LOT, uom: "kilo" }] }],
    ["quantityList[0].weight", { quantityList: [{ epcClass: LOT, weight: 1 }] }],
    ["quantityList[0].epcClass", { quantityList: [{ epcClass: LOT.replace("788", "780") }] }],
    ["epcList[0]", { epcList: ["BP-1"] }],
    ["epcList[0]", { epcList: ["urn:epc:id:sgtin:9520123.45678.1"] }],
    ["epcList", { epcList: [PALLET, PALLET] }],
    ["readPoint.id", { readPoint: {} }],
    [
      "bizTransactionList[0].type",
      { bizTransactionList: [{ type: "order", bizTransaction: "x:1" }] },
    ],
    ["sourceList[0].type", { sourceList: [{ source: "x:1" }] }],
    ["sensorElementList[0].sensorReport", { sensorElementList: [{ sensorReport: [] }] }],
    ["sensorElementList[0].sensorReport[0].type", { sensorElementList: [{ sensorReport: [{}] }] }],
    ["ilmd.materialType", { ilmd: { materialType: "soil" } }],
    ["ilmd", { action: "OBSERVE", ilmd: { "ex:a": 1 } }],
    ["", { quantityList: undefined }],
    ["", { quantityList: [], sensorElementList: SENSED }],
    ["grade", { grade: "A" }],
    ["certificationInfo", { certificationInfo: "none" }],
    ["certificationInfo", { certificationInfo: 42 }],
    ["certificationInfo", { certificationInfo: { "gs1:certificationType": "organic" } }],
    ["eventID", { eventID: "1" }],
    [
      "errorDeclaration.reason",
      { errorDeclaration: { declarationTime: WHEN.eventTime, reason: "no" } },
    ],
  ] as const)
    it(`is refused at "${path}" with ${JSON.stringify(members)}`, () =>
      expect(wrong(members)).to.deep.equal([path]));

  for (const [type, missing, path] of [
    ["AggregationEvent", "childQuantityList", ""],
    ["AggregationEvent", "parentID", "parentID"],
    ["TransactionEvent", "bizTransactionList", "bizTransactionList"],
    ["TransactionEvent", "quantityList", ""],
    ["TransformationEvent", "inputQuantityList", ""],
    ["TransformationEvent", "outputQuantityList", ""],
    ["AssociationEvent", "parentID", "parentID"],
  ] as const)
    it(`is refused as a ${type} without ${missing}`, () => {
      const event = { ...EVENTS[type], [missing]: undefined };
      expect(epcisIssues(around(event)).map((issue) => issue.path)).to.deep.equal([
        `epcisBody.eventList[0]${path === "" ? "" : `.${path}`}`,
      ]);
    });

  it("may transform inputs now and outputs later under one transformationID", () => {
    const { outputQuantityList: _, ...half } = EVENTS.TransformationEvent;
    expect(epcisIssues(around({ ...half, transformationID: "urn:uuid:1" }))).to.deep.equal([]);
  });

  it("may have each business step of the vocabulary, and no other word", () => {
    const words = [...BIZ_STEP.words];
    fc.assert(
      fc.property(fc.constantFrom(...words), fc.stringMatching(/^[a-z_]{1,8}$/), (word, other) => {
        expect(wrong({ bizStep: word })).to.deep.equal([]);
        expect(wrong({ bizStep: other })).to.have.length(words.includes(other) ? 0 : 1);
      }),
    );
  });
});
