import { decodeStruct, encodeStruct, selectorOf, signatureOf } from "./abi.ts";
import { concatBytes, fromBase64Url, fromHex, toHex, type Hex } from "./bytes.ts";
import type { Member, Struct } from "./eip712.ts";
import { DOORS, TYPES, type Statements, type StatementName } from "./operations.ts";
import { TraceError } from "./trace-error.ts";

/** The structs of contracts/interfaces that travel in calls and answers, member for member. */
export const STRUCTS = {
  ...TYPES,
  Proof: [
    ["x", "bytes32"],
    ["y", "bytes32"],
    ["signature", "bytes"],
  ],
  Lot: [
    ["head", "bytes32"],
    ["holder", "bytes32"],
    ["pending", "bytes32"],
    ["mass", "uint64"],
    ["count", "uint32"],
    ["area", "bytes6"],
    ["flags", "uint8"],
  ],
  Certificate: [
    ["issuer", "bytes32"],
    ["holder", "bytes32"],
    ["scheme", "uint16"],
    ["area", "bytes6"],
    ["quota", "uint64"],
    ["spent", "uint64"],
    ["from", "uint64"],
    ["until", "uint64"],
    ["revoked", "uint64"],
    ["content", "bytes32"],
  ],
  Key: [
    ["party", "bytes32"],
    ["roles", "uint16"],
    ["from", "uint64"],
    ["until", "uint64"],
    ["number", "uint64"],
    ["content", "bytes32"],
  ],
  Watching: [
    ["device", "bytes32"],
    ["from", "uint64"],
    ["until", "uint64"],
    ["interval", "uint32"],
    ["content", "bytes32"],
  ],
  Checkpoint: [
    ["root", "bytes32"],
    ["size", "uint64"],
    ["time", "uint64"],
    ["operator", "address"],
  ],
} as const;

type Call = {
  readonly contract: "parties" | "lots" | "certificates" | "checkpoints";
  readonly inputs: readonly Member[];
  readonly output?: string;
};

/** The functions, besides the doors, that gateway and readers call. */
export const FUNCTIONS = {
  lotsOf: { contract: "lots", inputs: [["ids", "bytes32[]"]], output: "Lot[]" },
  certificatesOf: {
    contract: "certificates",
    inputs: [["ids", "bytes32[]"]],
    output: "Certificate[]",
  },
  keysOf: { contract: "parties", inputs: [["ids", "bytes32[]"]], output: "Key[]" },
  watchesOf: { contract: "parties", inputs: [["ids", "bytes32[]"]], output: "Watching[][]" },
  delegatedUntil: {
    contract: "parties",
    inputs: [
      ["party", "bytes32"],
      ["agent", "bytes32"],
    ],
    output: "uint64",
  },
  latest: { contract: "checkpoints", inputs: [["log", "bytes32"]], output: "Checkpoint" },
  anchor: {
    contract: "checkpoints",
    inputs: [
      ["log", "bytes32"],
      ["size", "uint64"],
      ["root", "bytes32"],
      ["proof", "bytes32[]"],
    ],
  },
  relay: { contract: "lots", inputs: [["calls", "bytes[]"]] },
} as const satisfies Record<string, Call>;
export type FunctionName = keyof typeof FUNCTIONS;

const callData = (name: string, inputs: readonly Member[], values: Struct): Hex =>
  toHex(
    concatBytes(
      fromHex(selectorOf(signatureOf(STRUCTS, name, inputs))),
      encodeStruct(STRUCTS, inputs, values),
    ),
  );

/** The call data of one of FUNCTIONS. Throws BAD_ENCODING. */
export const encodeFunction = (name: FunctionName, values: Struct): Hex =>
  callData(name, FUNCTIONS[name].inputs, values);

/** What a view answered, judged strictly; integers are bigints. Throws BAD_ENCODING. */
export function decodeAnswer(name: FunctionName, data: unknown): unknown {
  const call: Call = FUNCTIONS[name];
  if (typeof data !== "string" || call.output === undefined)
    throw new TraceError("BAD_ENCODING", `${typeof data} is no answer of ${name}`);
  return decodeStruct(STRUCTS, [["value", call.output]], fromHex(data))["value"];
}

/** A statement with what proves it, as it travels: the key as 0x04 ‖ x ‖ y, the signature in base64url. */
export type Provable<N extends StatementName> = {
  readonly name: N;
  readonly statement: Statements[N];
  readonly publicKey: Hex;
  readonly signature: string;
};

/** The call of a statement's door (DOORS), which anyone may make or put in a `relay`. Throws BAD_ENCODING. */
export function encodeCall<N extends StatementName>(signed: Provable<N>): Hex {
  const point = fromHex(signed.publicKey, 65);
  const proof = {
    x: toHex(point.subarray(1, 33)),
    y: toHex(point.subarray(33)),
    signature: toHex(fromBase64Url(signed.signature)),
  };
  const inputs = [
    ["statement", signed.name],
    ["proof", "Proof"],
  ] as const;
  return callData(DOORS[signed.name].function, inputs, { statement: signed.statement, proof });
}
