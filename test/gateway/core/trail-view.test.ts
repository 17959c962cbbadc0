import { expect } from "chai";

import { KINDS } from "../../../gateway/core/operations.ts";
import { viewOf, type TrailView } from "../../../gateway/core/trail-view.ts";
import { LOTS, PARTIES, sampleTrail, START, type Twist } from "../sample-trail.ts";

const NOW = START + 30 * 86_400;
const viewAt = (twist: Twist, now = NOW): TrailView => {
  const { bundle, readings } = sampleTrail(twist);
  return viewOf(bundle, { readings, now });
};
const numberOf = (uri: string): string | undefined => uri.split("/").at(-1);

describe("viewOf", () => {
  it("names the lot, its product, mass and beginning", () => {
    const { gtin, number, product, mass } = viewAt("pure");
    expect({ gtin, number, mass }).to.deep.equal({
      gtin: "09520000003012",
      number: "GN-2604A",
      mass: 297_500,
    });
    expect(product?.en).to.equal("Salted roast cashews, 250 g bag");
  });

  it("calls a lot of one area's harvests wholly from there", () => {
    expect(viewAt("pure").origin).to.deep.equal([{ area: "VN-58", grown: true, share: 1 }]);
  });

  it("shares a mixed lot's origin by mass, and says what is only declared", () => {
    expect(viewAt("mixed").origin).to.deep.equal([
      { area: "VN-58", grown: true, share: 0.6 },
      { area: "KH", grown: false, share: 0.4 },
    ]);
  });

  it("tells the steps in the order of the chain, forebears' first", () => {
    const kinds = viewAt("mixed").steps.map(({ kind }) => kind);
    expect(kinds).to.deep.equal([
      "harvest",
      "note",
      "intake",
      "handOver",
      "takeOver",
      "process",
      "process",
      "note",
    ]);
  });

  it("names parties as their enrolment did, and whom a hand-over went to", () => {
    const given = viewAt("pure").steps.find(({ kind }) => kind === "handOver");
    expect(given?.party.name?.en).to.equal("Sample farm 2");
    expect(given?.other?.name?.en).to.equal("Sample processor");
  });

  it("keeps the name of a party's first introduction, whatever it calls itself later", () => {
    const { bundle, readings } = sampleTrail("pure");
    const first = bundle.statements.find(({ document }) => document?.["uri"] === PARTIES.processor);
    if (first === undefined) throw new Error("the processor is not enrolled");
    const words = { vi: "Cục Sở hữu trí tuệ", en: "Intellectual property office" };
    const document = { ...first.document, name: words };
    const later = { ...first, time: first.time + 1, document };
    const statements = [later, ...bundle.statements];
    const { parties } = viewOf({ ...bundle, statements }, { readings, now: NOW });
    const names = parties.map(({ party }) => party.name?.en);
    expect(names).to.include("Sample processor").and.not.to.include(words.en);
  });

  it("says when a lot was closed", () => {
    expect(viewAt("closed").closed).to.equal(START + 13 * 86_400);
    expect(viewAt("pure").closed).to.equal(undefined);
  });

  it("names who signed for a party, and counts it among those who took part", () => {
    const { bundle, readings } = sampleTrail("pure");
    const [enrolment] = bundle.statements.flatMap((each) =>
      each.name === "Enrolment" ? [each.statement] : [],
    );
    const statements = bundle.statements.map((each) =>
      each.name === "Operation" && each.statement.kind === KINDS.harvest
        ? {
            ...each,
            statement: { ...each.statement, key: enrolment?.subjectKey ?? each.statement.key },
          }
        : each,
    );
    const view = viewOf({ ...bundle, statements }, { readings, now: NOW });
    const harvest = view.steps.find(({ kind, agent }) => kind === "harvest" && agent !== undefined);
    expect(harvest?.agent?.id).to.equal(enrolment?.subject);
    const agent = view.parties.find(({ party }) => party.id === enrolment?.subject);
    expect(agent?.did).to.contain("agent");
    expect(viewAt("pure").steps.every(({ agent }) => agent === undefined)).to.equal(true);
  });

  it("tells both masses where a document was altered after it was signed", () => {
    const { bundle, readings } = sampleTrail("pure");
    const statements = bundle.statements.map((each) => {
      if (each.name !== "Operation" || each.statement.kind !== KINDS.harvest) return each;
      const { quantityList: said } = each.document as {
        quantityList: readonly { quantity: number }[];
      };
      const [item] = said;
      const quantityList = [{ ...item, quantity: (item?.quantity ?? 0) + 500 }];
      return { ...each, document: { ...each.document, quantityList } };
    });
    const view = viewOf({ ...bundle, statements }, { readings, now: NOW });
    for (const { kind, misquoted, outputs } of view.steps)
      expect(misquoted).to.deep.equal(
        kind === "harvest" ? outputs.map((lot) => ({ lot, told: lot.mass + 500_000 })) : [],
      );
    expect(viewAt("pure").steps.flatMap(({ misquoted }) => misquoted)).to.deep.equal([]);
  });

  it("lists each certificate that was drawn on, with issuer and holder", () => {
    const papers = viewAt("pure").certificates.map(({ scheme, number, issuer }) => [
      scheme,
      number,
      issuer.name?.en,
    ]);
    expect(papers).to.deep.equal([
      ["growingArea", "VN-58-0001", "Sample authority"],
      ["growingArea", "VN-58-0002", "Sample authority"],
      ["gi", "CDĐL-017", "Sample certifier"],
    ]);
  });

  it("says which share of the lot a claim covers, but not a growing-area code", () => {
    const shares = (twist: Twist) => viewAt(twist).certificates.map(({ share }) => share);
    expect(shares("pure")).to.deep.equal([undefined, undefined, 1]);
    expect(shares("gram")).to.deep.equal([undefined, undefined, 1 / 480_000]);
  });

  it("says when a certificate was revoked and why", () => {
    const revoked = viewAt("revoked").certificates.find(({ scheme }) => scheme === "gi");
    expect(revoked?.revoked).to.equal(START + 20 * 86_400);
    expect(revoked?.reason).to.equal("Đợt kiểm tra phát hiện trộn hàng");
  });

  it("shows the recall of a forebear, by whom and why", () => {
    const [recall, ...more] = viewAt("recalled").recalls;
    expect(more).to.deep.equal([]);
    expect(recall?.lot.number).to.equal(numberOf(LOTS.farmer));
    expect(recall?.by.name?.en).to.equal("Sample authority");
    expect(recall?.reason).to.contain("Dư lượng");
  });

  it("keeps readings to the time in which the goods were there", () => {
    const [temperature] = viewAt("pure").series;
    const times = temperature?.readings.map(({ time }) => time / 1000) ?? [];
    expect(Math.min(...times)).to.equal(START + 86_400);
    expect(Math.max(...times)).to.be.below(START + 6 * 86_400);
  });

  it("finds the excursion and the silence of the drying store", () => {
    const [temperature, humidity] = viewAt("pure").series;
    const noon = (START + 2 * 86_400 + 4 * 3600) * 1000;
    expect(
      temperature?.excursions.map(({ start, end, peak }) => ({ start, end, peak })),
    ).to.deep.equal([{ start: noon, end: noon + 3 * 3_600_000, peak: 39 }]);
    const night = (START + 3 * 86_400 + 20 * 3600) * 1000;
    expect(humidity?.silences).to.deep.equal([{ start: night, end: night + 4 * 3_600_000 }]);
    expect(humidity?.excursions).to.deep.equal([]);
  });
});
