import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import * as fc from "fast-check";

import { toHex } from "../../../gateway/core/bytes.ts";
import {
  canonicalize,
  contentHash,
  parseJson,
  requireNfc,
} from "../../../gateway/core/canonical.ts";
import { expectRefusal } from "../../refusal.ts";
import { describeVectors, readVectors } from "../../vectors.ts";

const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

describe("canonicalize", () => {
  describeVectors("as RFC 8785 has it", (folder) => {
    for (const file of readdirSync(join(folder, "jcs/input")))
      it(`writes ${file}`, () => {
        const [input, output] = ["input", "output"].map((side) =>
          readFileSync(join(folder, "jcs", side, file), "utf8"),
        ) as [string, string];
        expect(canonicalize(parseJson(input))).to.equal(output.trim());
      });

    it("writes every number of the table, and refuses what is none", () => {
      type Table = { vectors: readonly (readonly [string, string | null])[] };
      for (const [bits, text] of readVectors<Table>(folder, "jcs/numbers.json").vectors) {
        const number = Buffer.from(bits.padStart(16, "0"), "hex").readDoubleBE();
        if (text === null) expectRefusal("BAD_ENCODING", () => canonicalize(number));
        else expect(canonicalize(number), bits).to.equal(text);
      }
    });
  });

  it("writes the same text again after reading it, for any JSON and any order of keys", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: "binary" }), (value) => {
        const text = canonicalize(value);
        expect(canonicalize(parseJson(text))).to.equal(text);
        expect(canonicalize(reversed(value))).to.equal(text);
      }),
    );
  });

  it("orders keys by UTF-16 units, not by code points or locale", () => {
    expect(canonicalize({ "\ufb33": 1, "\u{1f600}": 2, é: 3, Z: 4, a: 5 })).to.equal(
      '{"Z":4,"a":5,"é":3,"\u{1f600}":2,"\ufb33":1}',
    );
  });

  for (const [damage, value] of [
    ["half of a surrogate pair in a text", ["\ud83d"]],
    ["half of a surrogate pair in a key", { "\ude00": 1 }],
    ["NaN", { a: Number.NaN }],
    ["infinity", [-Infinity]],
    ["undefined in an object", { a: undefined }],
    ["a hole in an array", Array.from({ length: 2 })],
    ["a bigint", 1n],
    ["a function", { toJSON: () => 1 }],
    ["a date", new Date(0)],
    ["a map", new Map()],
  ] as const)
    it(`refuses ${damage}`, () => expectRefusal("BAD_ENCODING", () => canonicalize(value)));

  it("refuses a value that contains itself instead of running out of stack", () => {
    const knot: unknown[] = [];
    knot.push(knot);
    expectRefusal("TOO_LARGE", () => canonicalize(knot));
  });
});

describe("contentHash", () => {
  it("is SHA-256 over the UTF-8 of the canonical text", () => {
    const expected = createHash("sha256").update('{"a":"điều","b":1}').digest("hex");
    expect(toHex(contentHash({ b: 1, a: "điều" }))).to.equal(`0x${expected}`);
  });

  it("refuses text that is not NFC, in values and in keys", () => {
    const decomposed = "điều".normalize("NFD");
    expectRefusal("BAD_ENCODING", () => contentHash({ a: decomposed }));
    expectRefusal("BAD_ENCODING", () => contentHash({ [decomposed]: 1 }));
    expectRefusal("BAD_ENCODING", () => requireNfc("\u212b"));
    expect(requireNfc("Đồng Nai")).to.equal("Đồng Nai");
  });
});

describe("parseJson", () => {
  it("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        expect(parseJson(text)).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it("leaves a key named __proto__ a key like any other", () => {
    const value = parseJson('{"__proto__":{"admin":true}}') as Record<string, unknown>;
    expect(value["admin"]).to.equal(undefined);
    expect(canonicalize(value)).to.equal('{"__proto__":{"admin":true}}');
  });

  it("is not deceived by brackets, colons and quotes inside of strings", () => {
    expect(parseJson(String.raw`{"a\":{[":"::\\","b":"]}"}`)).to.deep.equal({
      'a":{[': "::\\",
      b: "]}",
    });
  });

  it("reads long digits that are text, or a number that says it is not exact", () => {
    expect(
      parseJson('["9007199254740993",9007199254740991,1e30,0.12345678901234567]'),
    ).to.have.length(4);
  });

  for (const [damage, text] of [
    ["a key twice", '{"a":1,"a":1}'],
    ["a key twice, once in another spelling", String.raw`{"a":1,"\u0061":2}`],
    ["a key twice deep inside", '[{"b":{"a":1,"c":[],"a":2}}]'],
    ["__proto__ twice", '{"__proto__":1,"__proto__":2}'],
    ["half of a surrogate pair, written out", '["\ud800"]'],
    ["half of a surrogate pair, escaped", String.raw`["\ud800"]`],
    ["half of a surrogate pair in a key", String.raw`{"\udc00":1}`],
    ["a number beyond a double", "[1e400]"],
    ["an integer beyond a double", `[${"9".repeat(400)}]`],
    ["an integer beyond 2^53", '{"grams":9007199254740993}'],
    ["an integer below -2^53", "[-9007199254740993]"],
    ["trailing data", "{} {}"],
    ["a trailing comma", "[1,]"],
    ["a byte order mark", "\ufeff{}"],
    ["a cut text", '{"a":"b'],
    ["a raw line break in a string", '"\n"'],
    ["nothing", ""],
    ["a comment", "/* */ 1"],
    ["NaN", "NaN"],
    ["a leading zero", "01"],
  ] as const)
    it(`refuses ${damage}`, () => expectRefusal("BAD_ENCODING", () => parseJson(text)));

  it("refuses a bomb of depth or size before it reads it", () => {
    expectRefusal("TOO_LARGE", () => parseJson(nested(65)));
    expectRefusal("TOO_LARGE", () => parseJson('{"a":'.repeat(1_000_000)));
    expectRefusal("TOO_LARGE", () => parseJson("[1,2,3]", { length: 6 }));
    expectRefusal("TOO_LARGE", () => parseJson("[[]]", { depth: 1 }));
    expect(parseJson(nested(64))).to.have.length(1);
  });
});

/** The same value with the keys of its objects put in from last to first. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, reversed(item)] as const);
  return Object.fromEntries(entries.toReversed());
}
