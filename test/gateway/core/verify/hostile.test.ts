import { expect } from "chai";
import * as fc from "fast-check";

import { parseBundle, type Bundle, type Recorded } from "../../../../gateway/core/bundle.ts";
import { fromBase64Url, toHex, utf8ToBytes } from "../../../../gateway/core/bytes.ts";
import { canonicalize, parseJson } from "../../../../gateway/core/canonical.ts";
import { parsePack } from "../../../../gateway/core/envelope.ts";
import { sha256 } from "../../../../gateway/core/hash.ts";
import { lotUri } from "../../../../gateway/core/identifiers.ts";
import { seal } from "../../../../gateway/core/sealed.ts";
import { TraceError } from "../../../../gateway/core/trace-error.ts";
import { verifyTrail, type Trust } from "../../../../gateway/core/verify.ts";
import { historiesOf, stepsOf } from "../../../../gateway/core/verify/histories.ts";
import type { Report } from "../../../../gateway/core/verify/report.ts";
import { expectRefusal } from "../../../refusal.ts";
import * as cashew from "../cashew.ts";
import { at, bags, cashewWorld, PLACES, rawA } from "../cashew.ts";
import { DEPLOYMENT } from "../trails.ts";
import { damageTo } from "./damage.ts";

/** A season's trail, with sealed fields of which one is disclosed. */
async function honestTrail(): Promise<{ bundle: Bundle; trust: Trust }> {
  const world = await cashewWorld();
  const salt = () => sha256(utf8ToBytes("a salt")).subarray(0, 16);
  const { sealed, openings } = seal({ inspector: "Sample inspector", phone: "0900" }, salt);
  const note = { kind: "note", lot: rawA.lot, step: "inspecting", place: cashew.FACTORY } as const;
  world.record(cashew.certifier, { ...note, sealed }, at(49));
  const bundle = { ...(await world.bundleOf(bags.lot)), openings: openings.slice(0, 1) };
  return { bundle, trust: world.trustOf(bags.lot, PLACES) };
}

/** Everything that a reader of a bundle learns, as texts; block times of what heads do not prove are not among it. */
function saidBy(bundle: Bundle): Set<string> {
  const { statements, founders, packs, openings, lot } = bundle;
  return new Set([
    lot,
    ...statements.map(({ name, statement, document, time }) =>
      canonicalize([name, statement, document, name === "Operation" ? time : null]),
    ),
    ...founders.map((founder) => canonicalize(founder)),
    ...packs.map(({ envelope }) => {
      const { keyId, epoch, seq, records } = parsePack(fromBase64Url(envelope));
      return canonicalize([keyId, epoch, seq, records]);
    }),
    ...openings.map((opening) => canonicalize(opening)),
  ]);
}
/** What JSON can say and `String` cannot. */
const NO_TEXT = { toString: 1 };
const watchAt = (one: Recorded, time: number): Recorded =>
  one.name === "Watch" ? { ...one, time } : one;
const nulls = (length: number): null[] => Array.from({ length }, () => null);
const ordersOf = ({ statements }: Bundle): unknown =>
  [...historiesOf(stepsOf(DEPLOYMENT, statements))]
    .map(([lot, steps]) => [lot, steps.map(({ digest }) => digest)])
    .toSorted();

describe("A bundle from somebody hostile", function () {
  this.timeout(120_000);
  let honest: { bundle: Bundle; trust: Trust };
  let value: unknown;
  let told: Set<string>;
  before(async () => {
    honest = await honestTrail();
    value = JSON.parse(JSON.stringify(honest.bundle));
    told = saidBy(honest.bundle);
    const report = await verifyTrail(value, honest.trust);
    expect(
      report.outcome,
      JSON.stringify(report.checks.filter((c) => c.outcome !== "holds")),
    ).to.equal("holds");
  });

  /** Judged, it may be found good only if it says nothing else than the honest one, and leaves no record out. */
  async function expectNoFalseAccept(text: string, what: string): Promise<void> {
    let parsed: unknown;
    try {
      parsed = parseJson(text, { length: 1 << 28 });
    } catch (refusal) {
      if (refusal instanceof TraceError) return;
      throw refusal;
    }
    const report = await verifyTrail(parsed, honest.trust);
    if (report.outcome === "fails" || report.outcome === "unchecked") return;
    const bundle = parseBundle(parsed);
    const strange = [...saidBy(bundle)].filter((said) => !told.has(said));
    expect(strange, `${what}\n${told.size}`).to.deep.equal([]);
    expect(ordersOf(bundle), what).to.deep.equal(ordersOf(honest.bundle));
    const missing = [...told].filter((said) => !saidBy(bundle).has(said));
    // What is not a record of the lot may be left out, where the reader is told or asks for nothing of it.
    if (report.outcome === "holds") for (const said of missing) expectDispensable(said, what);
  }

  function expectDispensable(said: string, what: string): void {
    const [name, , records] = said.startsWith("[") ? (JSON.parse(said) as unknown[]) : [];
    if (typeof name === "string" && name.startsWith("0x")) return; // a pack: see the windows' own tests
    expect(name, `${what} left out ${said.slice(0, 200)}`).not.to.be.oneOf([
      "Operation",
      "Grant",
      "Watch",
    ]);
    expect(records).not.to.equal(null);
  }

  it("is never believed for anything that was altered, dropped, doubled or transplanted in it", async () => {
    await fc.assert(
      fc.asyncProperty(damageTo(value), ({ what, value: lie }) =>
        expectNoFalseAccept(JSON.stringify(lie), what),
      ),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 250) },
    );
  });

  it("is never believed when two things in it were damaged", async () => {
    const twice = damageTo(value).chain(({ what, value: once }) =>
      damageTo(once ?? {}).map((next) => ({ what: `${what}, ${next.what}`, value: next.value })),
    );
    await fc.assert(
      fc.asyncProperty(twice, ({ what, value: lie }) =>
        expectNoFalseAccept(JSON.stringify(lie) ?? "null", what),
      ),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 100) / 2 },
    );
  });

  it("is never believed for a text of which some bits were turned, or bytes were cut or added", async () => {
    const text = JSON.stringify(value);
    const bytes = utf8ToBytes(text);
    const place = fc.nat(bytes.length - 1);
    const turned = fc.tuple(place, fc.nat(7)).map(([i, bit]) => {
      const copy = bytes.slice();
      copy[i] = (copy[i] ?? 0) ^ (1 << bit);
      return new TextDecoder().decode(copy);
    });
    const cut = fc.tuple(place, fc.nat(400)).map(([i, n]) => text.slice(0, i) + text.slice(i + n));
    const added = fc
      .tuple(place, fc.string({ minLength: 1, maxLength: 4 }))
      .map(([i, more]) => text.slice(0, i) + more + text.slice(i));
    await fc.assert(
      fc.asyncProperty(fc.oneof(turned, cut, added), (lie) => expectNoFalseAccept(lie, "the text")),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 250) },
    );
  });

  it("may be any JSON at all, and gets a verdict", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (lie) => {
        expect((await verifyTrail(lie, honest.trust)).outcome).to.equal("fails");
      }),
      { numRuns: 100 },
    );
  });

  for (const [what, damage] of [
    [
      "a watch that was signed behind all calendars",
      (one) => watchAt(one, Number.MAX_SAFE_INTEGER),
    ],
    ["a statement whose name no text can be made of", (one) => ({ ...one, name: NO_TEXT })],
  ] as const satisfies readonly (readonly [string, (one: Recorded) => unknown])[])
    it(`gets a verdict for ${what}`, async () => {
      const lie = {
        ...(value as object),
        statements: honest.bundle.statements.map((one): unknown => damage(one)),
      };
      expect((await verifyTrail(lie, honest.trust)).outcome).to.equal("fails");
    });

  it("gets a verdict from a chain that anchored its readings behind all calendars", async () => {
    const { state } = honest.trust;
    const anchoredAt = Object.fromEntries(
      Object.keys(state.anchoredAt).map((size) => [size, Number.MAX_SAFE_INTEGER]),
    );
    const report = await verifyTrail(value, { ...honest.trust, state: { ...state, anchoredAt } });
    expect(report.outcome).to.equal("remark");
  });

  for (const [bomb, build] of [
    ["more statements than anybody reads", () => ({ statements: nulls(20_001) })],
    ["more packs than anybody reads", () => ({ packs: nulls(50_001) })],
    ["more lots than anybody makes", () => ({ statements: crowded() })],
    ["a proof without end", () => ({ packs: [{ envelope: "", index: 0, proof: nulls(65) }] })],
  ] as const)
    it(`is refused early with ${bomb}`, async () => {
      const lie = { ...(value as object), ...build() };
      expectRefusal("TOO_LARGE", () => parseBundle(lie));
      expect((await verifyTrail(lie, honest.trust)).outcome).to.equal("fails");
    });

  function crowded(): unknown {
    const first = honest.bundle.statements.find(({ name }) => name === "Operation");
    const inputs = nulls(64).map(() => ({ lot: toHex(new Uint8Array(32)), mass: 1 }));
    return nulls(1_600).map(() => ({ ...first, statement: { ...first?.statement, inputs } }));
  }

  it("is refused early with depth", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expectRefusal("TOO_LARGE", () => parseJson(deep));
  });

  it("costs in proportion to its size, however its lots and places hang together", async () => {
    const cost = async (count: number): Promise<number> => {
      const lie = tangled(count);
      const start = process.cpuUsage();
      const report: Report = await verifyTrail(lie, honest.trust);
      const { user, system } = process.cpuUsage(start);
      expect(report.questions.authentic).to.equal("fails");
      return user + system;
    };
    await cost(200);
    const [small, large] = [await cost(1_000), await cost(8_000)];
    expect(large / small, `${small} µs and ${large} µs`).to.be.lessThan(30); // 64 if it were quadratic
  });

  /** A chain of lots that go to and fro between yard and factory, all under one signature that is nobody's. */
  function tangled(count: number): Bundle {
    const { bundle } = honest;
    const model = bundle.statements.find(({ name }) => name === "Operation");
    if (model?.name !== "Operation") throw new Error("no operation");
    const [, , , , gtin = ""] = rawA.lot.split("/");
    const id = (i: number) =>
      toHex(sha256(utf8ToBytes(i === count - 1 ? bags.lot : lotUri(gtin, `T${i}`))));
    const statements = Array.from({ length: count }, (_, i) => ({
      ...model,
      statement: {
        ...model.statement,
        kind: 3,
        number: i + 1,
        time: at(6) + 2 * i,
        inputs: i === 0 ? [] : [{ lot: id(i - 1), mass: 1 }],
        outputs: [{ lot: id(i), mass: 1 }],
      },
      document: {
        ...model.document,
        bizLocation: { id: (i % 2 === 0 ? cashew.YARD : cashew.FACTORY).uri },
      },
    }));
    const others = bundle.statements.filter(({ name }) => name !== "Operation");
    return { ...bundle, statements: [...others, ...statements] };
  }
});
