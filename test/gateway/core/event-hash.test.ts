import { expect } from "chai";
import * as fc from "fast-check";

import { eventHash, preHash } from "../../../gateway/core/event-hash.ts";
import type { CbvVersion } from "../../../gateway/core/event-hash.ts";
import { expectRefusal } from "../../refusal.ts";
import { describeVectors, readVectors } from "../../vectors.ts";

const CONTEXT = [
  "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
  { ex: "https://ns.example.com/epcis/" },
];
const NS = "{https://ns.example.com/epcis/}";

const EVENT = {
  type: "ObjectEvent",
  eventTime: "2026-03-01T07:30:00.000+07:00",
  eventTimeZoneOffset: "+07:00",
  epcList: ["https://id.gs1.org/01/09520123456788/21/A1"],
  action: "OBSERVE",
};
const START =
  "eventType=ObjectEventeventTime=2026-03-01T00:30:00.000ZeventTimeZoneOffset=+07:00" +
  "epcListepc=https://id.gs1.org/01/09520123456788/21/A1action=OBSERVE";

/** The pre-hash text of the event with these members added, without what it starts with. */
function rest(members: object, version?: CbvVersion): string {
  const text = preHash({ ...EVENT, ...members }, CONTEXT, version);
  expect(text.slice(0, START.length)).to.equal(START);
  return text.slice(START.length);
}

describe("the event hash", () => {
  describeVectors("of other people's events", (folder) => {
    type Row = { name: string; context: unknown; event: unknown; prehash: string; hashId: string };
    const { vectors } = readVectors<{ vectors: Row[] }>(folder, "event-hash/examples.json");
    for (const [i, row] of vectors.entries())
      it(`agrees with ${row.name}, event ${i}, text and hash`, () => {
        expect(preHash(row.event, row.context)).to.equal(row.prehash);
        expect(eventHash(row.event, row.context)).to.equal(row.hashId);
      });
  });

  it("does not depend on the order of members, lists or prefixes", () => {
    const members = Object.entries({
      ...EVENT,
      bizStep: "shipping",
      "ex:a": { "ex:b": 1, "ex:c": 2 },
    });
    const lists = ["x:1", "x:2", "x:3", "x:2"];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(members, { minLength: members.length }),
        fc.shuffledSubarray(lists, { minLength: lists.length }),
        (shuffled, parents) => {
          const event = { ...Object.fromEntries(shuffled), epcList: parents };
          expect(preHash(event, CONTEXT)).to.equal(
            preHash({ ...Object.fromEntries(members), epcList: lists }, CONTEXT),
          );
        },
      ),
    );
  });

  it("names the same event the same, whatever says when or by whom it was recorded", () => {
    const told = {
      recordTime: "2026-03-02T00:00:00Z",
      eventID: "urn:uuid:1",
      errorDeclaration: { declarationTime: "2026-03-02T00:00:00Z" },
      certificationInfo: "https://example.com/c",
      "rdfs:comment": "a note",
      quantityList: [],
      disposition: "",
    };
    expect(rest(told)).to.equal("");
  });

  it("spells bare words, URNs and names with a prefix of GS1 alike", () => {
    for (const word of ["shipping", "cbv:BizStep-shipping", "urn:epcglobal:cbv:bizstep:shipping"])
      expect(rest({ bizStep: word })).to.equal("bizStep=https://ref.gs1.org/cbv/BizStep-shipping");
    expect(rest({ bizStep: "ex:own" })).to.equal("bizStep=ex:own");
  });

  for (const [written, hashed] of [
    ["200.0", "200"],
    [0.34, "0.34"],
    ["0010", "10"],
    ["+7", "7"],
    ["-0.50", "-0.5"],
    [1e-5, "0.00001"],
    [1e21, "1000000000000000000000"],
    ["12e4", "120000"],
    ["5.", "5"],
    [".5", "0.5"],
    ["1e9999", "1e9999"],
    ["1.2.3", "1.2.3"],
    [true, "true"],
    ["  a b ", "a b"],
  ] as const)
    it(`writes ${JSON.stringify(written)} as ${hashed}`, () =>
      expect(rest({ "ex:a": written })).to.equal(`${NS}a=${hashed}`));

  for (const [written, hashed] of [
    ["2026-03-01T07:30:00+07:00", "2026-03-01T00:30:00.000Z"],
    ["2026-12-31T23:59:59.9995Z", "2027-01-01T00:00:00.000Z"],
    ["2026-03-01T00:00:00.1414Z", "2026-03-01T00:00:00.141Z"],
    ["2026-03-01T00:00:00.1Z", "2026-03-01T00:00:00.100Z"],
  ] as const)
    it(`writes the time ${written} as ${hashed}`, () =>
      expect(preHash({ type: "E", eventTime: written }, [])).to.equal(
        `eventType=EeventTime=${hashed}`,
      ));

  it("leaves times alone that are no standard field", () => {
    const time = "2026-03-01T07:30:00+07:00";
    expect(rest({ "ex:time": time })).to.equal(`${NS}time=${time}`);
  });

  const extended = {
    readPoint: { id: "urn:epc:id:sgln:9520123.45678.0", "ex:a": 1 },
    sensorElementList: [
      { sensorMetadata: { "ex:c": 3 }, sensorReport: [{ type: "Temperature", "ex:d": 4 }] },
    ],
    ilmd: { "ex:f": 6, "ex:e": [5, { "ex:g": "" }] },
    "ex:h": 7,
  };

  it("puts extensions of standard fields behind the lot's data in CBV 2.0", () => {
    expect(rest(extended)).to.equal(
      "readPointid=https://id.gs1.org/414/9520123456788" +
        "sensorElementsensorReporttype=https://ref.gs1.org/voc/Temperature" +
        `ilmd${NS}e=5${NS}e${NS}g${NS}f=6` +
        `readPoint${NS}a=1sensorElementsensorMetadata${NS}c=3sensorReport${NS}d=4${NS}h=7`,
    );
  });

  it("leaves them in their place in CBV 2.1, and says so", () => {
    expect(rest(extended, "CBV2.1")).to.equal(
      `readPointid=https://id.gs1.org/414/9520123456788${NS}a=1` +
        `sensorElementListsensorElementsensorMetadata${NS}c=3` +
        `sensorReporttype=https://ref.gs1.org/voc/Temperature${NS}d=4` +
        `ilmd${NS}e=5${NS}e${NS}g${NS}f=6${NS}h=7`,
    );
    expect(eventHash(EVENT, CONTEXT, "CBV2.1")).to.match(/\?ver=CBV2\.1$/);
  });

  it("takes the namespaces that XML declares where they are used, for what is inside", () => {
    const event = {
      "p:a": { "@xmlns:p": "https://a.example/", "p:b": 1, "q:c": [{ "@xmlns:q": "urn:q" }] },
      "p:d": 2,
      readPoint: { id: "urn:x:1", "@xmlns:p": "https://r.example/", "p:e": 3 },
      ilmd: { "@xmlns:p": "https://i.example/", "p:f": [4] },
    };
    expect(rest(event)).to.equal(
      "readPointid=urn:x:1ilmd{https://i.example/}f=4readPoint{https://r.example/}e=3" +
        "p:d=2{https://a.example/}a{https://a.example/}b=1{urn:q}c",
    );
    expect(rest({ "@xmlns:p": "https://a.example/", "p:a": 1, ilmd: { "p:b": 2 } })).to.equal(
      "ilmd{https://a.example/}b=2{https://a.example/}a=1",
    );
  });

  it("sorts by code points, so that an emoji stands behind U+FB33", () => {
    expect(rest({ "ex:a": ["\u{1f600}", "\ufb33"] })).to.equal(`${NS}a=\ufb33${NS}a=\u{1f600}`);
  });

  it("writes the type of a transaction first, though JSON has it last", () => {
    const bizTransactionList = [
      { bizTransaction: "urn:x:2" },
      { bizTransaction: "urn:x:1", type: "po" },
    ];
    expect(rest({ bizTransactionList })).to.equal(
      "bizTransactionListbizTransaction=urn:x:2" +
        "type=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:x:1",
    );
  });

  for (const [damage, event] of [
    ["no object", "ObjectEvent"],
    ["a list", [EVENT]],
    ["no type", { eventTime: EVENT.eventTime }],
    ["a type that is no text", { ...EVENT, type: 1 }],
  ] as const)
    it(`refuses ${damage}`, () => expectRefusal("BAD_EVENT", () => preHash(event, CONTEXT)));

  for (const time of ["2026-03-01T07:30:00", "2026-02-29T00:00:00Z", "yesterday", "2026-03-01"])
    it(`refuses the time ${time}`, () =>
      expectRefusal("BAD_ENCODING", () => preHash({ ...EVENT, eventTime: time }, CONTEXT)));

  it("refuses an extension that contains itself instead of running out of stack", () => {
    const knot: Record<string, unknown> = {};
    knot["ex:a"] = knot;
    expectRefusal("TOO_LARGE", () => preHash({ ...EVENT, "ex:a": knot }, CONTEXT));
  });
});
