import { expect } from "chai";

import { fromHex } from "../../../gateway/core/bytes.ts";
import { encodeSenmlCbor, formatSenmlJson } from "../../../gateway/core/senml-encode.ts";
import { parseSenmlCbor, parseSenmlJson, resolveSenml } from "../../../gateway/core/senml.ts";
import { senml } from "../../../scripts/conform/senml.ts";
import { vectorFiles } from "../../../scripts/conform/suite.ts";
import { expectRefusal } from "../../refusal.ts";
import { describeVectors } from "../../vectors.ts";

const T = 1_700_000_000;
const resolveJson = (pack: unknown, now?: number) =>
  resolveSenml(parseSenmlJson(JSON.stringify(pack)), now);

describe("A SenML pack", () => {
  describeVectors("against the examples of RFC 8428", (folder) => {
    for (const file of vectorFiles(`${folder}/senml`))
      for (const { name, run } of senml.cases(file) ?? []) it(name, run);

    it("says the same in CBOR as in JSON", () => {
      for (const { path, text } of vectorFiles(`${folder}/senml`)) {
        const pack = parseSenmlJson(text);
        if (pack.some(({ other }) => other !== undefined)) continue;
        expect(parseSenmlCbor(encodeSenmlCbor(pack)), path).to.deep.equal(pack);
        expect(parseSenmlJson(formatSenmlJson(pack)), path).to.deep.equal(pack);
      }
    });
  });

  it("is read from CBOR with integer labels, half floats and decimal fractions", () => {
    const pack = "82a3216361622d221a6553f100236343656ca300616302c4822018ff06f93e00";
    expect(resolveSenml(parseSenmlCbor(fromHex(`0x${pack}`)))).to.deep.equal([
      { n: "ab-c", u: "Cel", t: T + 1.5, v: 25.5 },
    ]);
  });

  it("carries text, truth and bytes", () => {
    const pack = [
      { bn: "a:", bt: T, n: "x", vs: "Machine Room" },
      { n: "y", vb: false },
      { n: "z", vd: "aGkgCg" },
    ];
    expect(resolveJson(pack)).to.deep.equal([
      { n: "a:x", t: T, vs: "Machine Room" },
      { n: "a:y", t: T, vb: false },
      { n: "a:z", t: T, vd: new TextEncoder().encode("hi \n") },
    ]);
  });

  it("adds base value and base sum, and lets either stand alone", () => {
    const pack = [
      { bn: "a", bt: T, bv: 20, bs: 100, v: 1.5 },
      { s: 5, t: 1 },
    ];
    expect(resolveJson(pack)).to.deep.equal([
      { n: "a", t: T, v: 21.5, s: 100 },
      { n: "a", t: T + 1, s: 105 },
    ]);
    expect(resolveJson([{ bn: "a", bt: T, bv: 20 }, { t: 1 }])).to.deep.equal([
      { n: "a", t: T + 1, v: 20 },
    ]);
  });

  it("takes a small time from now on, where now is known", () => {
    expect(resolveJson([{ n: "a", v: 1, t: -5 }], T)[0]?.t).to.equal(T - 5);
    expect(resolveJson([{ n: "a", v: 1 }], T)[0]?.t).to.equal(T);
    expect(resolveJson([{ n: "a", v: 1, t: 2 ** 28 }])[0]?.t).to.equal(2 ** 28);
    expectRefusal("CLOCK", () => resolveJson([{ n: "a", v: 1, t: 2 ** 28 - 1 }]));
    expectRefusal("CLOCK", () => resolveJson([{ n: "a", v: 1 }]));
  });

  it("keeps what it does not know, unless it must be understood", () => {
    expect(resolveJson([{ n: "a", t: T, v: 1, l: "x" }])).to.deep.equal([
      { n: "a", t: T, v: 1, other: { l: "x" } },
    ]);
    expectRefusal("BAD_PACK", () => resolveJson([{ n: "a", t: T, v: 1, l_: "x" }]));
  });

  const damages: Readonly<Record<string, unknown>> = {
    "no records": [],
    "an object for an array": {},
    "a record that is no object": [1],
    "a record that is an array": [[]],
    "no name": [{ v: 1, t: T }],
    "a name that starts with a colon": [{ n: ":a", v: 1, t: T }],
    "a space in a name": [{ n: "a b", v: 1, t: T }],
    "a line break behind a name": [{ n: "a\n", v: 1, t: T }],
    "a letter of another script in a name": [{ n: "nhiệt", v: 1, t: T }],
    "a name of many bases": [{ bn: "a".repeat(1000), n: "b".repeat(25), v: 1, t: T }],
    "no value": [{ n: "a", t: T }],
    "two values": [{ n: "a", t: T, v: 1, vs: "x" }],
    "a value that is text": [{ n: "a", t: T, v: "1" }],
    "a value that is null": [{ n: "a", t: T, v: null }],
    "a truth value that is a number": [{ n: "a", t: T, vb: 1 }],
    "a time that is text": [{ n: "a", t: String(T), v: 1 }],
    "a sum beyond all numbers": [{ n: "a", t: T, bv: 1.7e308, v: 1.7e308 }],
    "a later version": [{ n: "a", t: T, v: 1, bver: 11 }],
    "version 0": [{ n: "a", t: T, v: 1, bver: 0 }],
    "a broken version": [{ n: "a", t: T, v: 1, bver: 5.5 }],
    "two versions": [
      { n: "a", t: T, v: 1, bver: 5 },
      { n: "a", t: T, v: 1, bver: 6 },
    ],
    "a version that comes late": [
      { n: "a", t: T, v: 1 },
      { n: "a", t: T, v: 1, bver: 5 },
    ],
    "a field named after every object's": [{ n: "a", t: T, v: 1, constructor_: 1 }],
  };
  for (const [damage, pack] of Object.entries(damages))
    it(`is refused with ${damage}`, () => {
      expectRefusal("BAD_PACK", () => resolveJson(pack));
    });

  it("is refused with padded data, or a key twice", () => {
    expectRefusal("BAD_ENCODING", () => resolveJson([{ n: "a", t: T, vd: "aGkgCg==" }]));
    expectRefusal("BAD_ENCODING", () => parseSenmlJson('[{"n":"a","v":1,"v":2}]'));
    expectRefusal("BAD_ENCODING", () => parseSenmlCbor(fromHex("0x81a200616102010202")));
  });

  for (const [damage, hex] of Object.entries({
    "labels in words where numbers belong": "81a2616e6161617601",
    "a number that is no label": "81a2006161181801",
    "a record that is no map": "8101",
    "data that is text": "81a2006161086161",
  }))
    it(`is refused in CBOR with ${damage}`, () => {
      expectRefusal("BAD_PACK", () => parseSenmlCbor(fromHex(`0x${hex}`)));
    });

  it("is refused in CBOR when it is a stream", () => {
    expectRefusal("BAD_ENCODING", () => parseSenmlCbor(fromHex("0x9fa2006161021901f4ff")));
  });
});
