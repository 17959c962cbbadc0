import { expect } from "chai";
import { Interface } from "ethers";
import * as fc from "fast-check";

import {
  CERTIFICATES_ABI,
  CHECKPOINTS_ABI,
  LOTS_ABI,
  PARTIES_ABI,
} from "../../../gateway/chain/contracts.ts";

import { encodeStruct } from "../../../gateway/core/abi.ts";
import { fromHex, toBase64Url, toHex, type Hex } from "../../../gateway/core/bytes.ts";
import { DOORS, encodeCall, encodeFunction } from "../../../gateway/core/calls.ts";
import { decodeAnswer, type ViewName } from "../../../gateway/core/views.ts";
import { TYPES, type StatementName } from "../../../gateway/core/operations.ts";
import { expectRefusal } from "../../refusal.ts";

// The built contracts as ethers reads them: somebody else's opinion on our own encoding.
const ABIS = {
  parties: new Interface(PARTIES_ABI),
  lots: new Interface(LOTS_ABI),
  certificates: new Interface(CERTIFICATES_ABI),
  checkpoints: new Interface(CHECKPOINTS_ABI),
};

const hex = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(toHex);
const whole = (bits: number) => fc.nat(Math.min(2 ** bits, 2 ** 31) - 1);

/** Any value of a Solidity type that occurs in a statement. */
const valueOf = (type: string): fc.Arbitrary<unknown> => {
  if (type.endsWith("[]")) return fc.array(valueOf(type.slice(0, -2)), { maxLength: 5 });
  if (type in TYPES) return structOf(type as keyof typeof TYPES);
  if (type === "bool") return fc.boolean();
  const size = Number(/\d+$/.exec(type)?.[0]);
  return type.startsWith("uint") ? whole(size) : hex(size);
};
const structOf = (name: keyof typeof TYPES): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(TYPES[name].map(([member, type]) => [member, valueOf(type)])));

const WORD: Hex = `0x${"ab".repeat(32)}`;
const lot = { head: WORD, holder: WORD, pending: WORD, mass: 2n ** 64n - 1n, count: 3n };
const answers: readonly [ViewName, keyof typeof ABIS, unknown][] = [
  ["lotsOf", "lots", [{ ...lot, area: "0x564e2d353800", flags: 7n }]],
  ["lotsOf", "lots", []],
  [
    "watchesOf",
    "parties",
    [[], [{ device: WORD, from: 1n, until: 2n, interval: 3n, taken: 4n, content: WORD }], []],
  ],
  ["delegatedUntil", "parties", 77n],
  ["latest", "checkpoints", { root: WORD, size: 1n, time: 2n, operator: `0x${"00".repeat(19)}ff` }],
];

const answered = (name: ViewName, contract: keyof typeof ABIS, value: unknown): Hex => {
  const plain = (item: unknown): unknown =>
    Array.isArray(item)
      ? item.map(plain)
      : item !== null && typeof item === "object"
        ? Object.values(item)
        : item;
  return ABIS[contract].encodeFunctionResult(name, [plain(value)]) as Hex;
};

describe("the calls of the contracts", () => {
  for (const name of Object.keys(DOORS) as StatementName[])
    it(`writes ${name} for its door as ethers does`, () => {
      fc.assert(
        fc.property(structOf(name), hex(64), hex(64), (statement, point, signature) => {
          const ours = encodeCall({
            name,
            statement: statement as never,
            publicKey: `0x04${point.slice(2)}`,
            signature: toBase64Url(fromHex(signature)),
          });
          const proof = [point.slice(0, 66), `0x${point.slice(66)}`, signature];
          const plain = TYPES[name].map(([member, type]) =>
            type === "Portion[]"
              ? (statement[member] as object[]).map((portion) => Object.values(portion))
              : statement[member],
          );
          const { contract, function: door } = DOORS[name];
          const theirs = ABIS[contract].encodeFunctionData(door, [plain, proof]);
          expect(ours).to.equal(theirs);
        }),
        { numRuns: 50 },
      );
    });

  it("writes the calls that read and anchor as ethers does", () => {
    const ids = { ids: [WORD, WORD] };
    expect(encodeFunction("keysOf", ids)).to.equal(
      ABIS.parties.encodeFunctionData("keysOf", [ids.ids]),
    );
    const anchor = { log: WORD, size: 5, root: WORD, proof: [WORD] };
    expect(encodeFunction("anchor", anchor)).to.equal(
      ABIS.checkpoints.encodeFunctionData("anchor", Object.values(anchor)),
    );
    const calls = ["0x", "0x0102", `0x${"77".repeat(33)}`];
    expect(encodeFunction("relay", { calls })).to.equal(
      ABIS.lots.encodeFunctionData("relay", [calls]),
    );
  });

  for (const [name, contract, value] of answers)
    it(`reads what ethers writes as an answer of ${name}`, () => {
      expect(decodeAnswer(name, answered(name, contract, value))).to.deep.equal(value);
    });

  const good = answered("lotsOf", "lots", [{ ...lot, area: "0x564e2d353800", flags: 7n }]);
  const at = (word: number, text: string): Hex =>
    `0x${good.slice(2, 2 + word * 64)}${text}${good.slice(2 + word * 64 + text.length)}`;
  const damages: Readonly<Record<string, unknown>> = {
    nothing: "0x",
    "no text": 5,
    "an answer cut short": good.slice(0, -2),
    "an answer with a word behind it": `${good}${"00".repeat(32)}`,
    "an offset that points elsewhere": at(0, `${"00".repeat(31)}40`),
    "an offset beyond the answer": at(0, "ff".repeat(32)),
    "more items than there are": at(1, `${"00".repeat(31)}02`),
    "fewer items than there are": at(1, "00".repeat(32)),
    "a count that does not fit its type": at(6, "ff"),
    "dirty bytes behind an area": at(7, `564e2d353800${"00".repeat(25)}01`),
    "capital letters": good.toUpperCase().replace("0X", "0x"),
  };
  for (const [damage, answer] of Object.entries(damages))
    it(`refuses ${damage}`, () => {
      expectRefusal("BAD_ENCODING", () => decodeAnswer("lotsOf", answer));
    });

  it("reads no word twice, however the offsets cross", () => {
    const rows = 200;
    const head = encodeStruct({}, [["n", "uint256[]"]], { n: Array(rows).fill(32 * rows) });
    const bomb = new Uint8Array([...head, ...head]);
    expectRefusal("BAD_ENCODING", () => decodeAnswer("watchesOf", toHex(bomb)));
  });

  it("never ends in anything but an answer or a refusal", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const padded = new Uint8Array([...new Uint8Array(31), 32, ...bytes]);
        expectRefusal("BAD_ENCODING", () => decodeAnswer("lotsOf", `${toHex(padded)}01`));
      }),
    );
  });
});
