/** What readers ask of the contracts. The gateway's own calls are in calls.ts: no reader's phone loads them. */
import { decodeStruct, encodeStruct, selectorOf, signatureOf } from "./abi.ts";
import { concatBytes, fromHex, toHex, type Hex } from "./bytes.ts";
import type { Member, Struct, Types } from "./eip712.ts";
import { TraceError } from "./trace-error.ts";

/** The structs of contracts/interfaces that views answer with, member for member. */
export const ANSWERS = {
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

export type Call = {
  readonly contract: "parties" | "lots" | "certificates" | "checkpoints";
  readonly inputs: readonly Member[];
  readonly output?: string;
};

/** The views, by name. */
export const VIEWS = {
  lotsOf: { contract: "lots", inputs: [["ids", "bytes32[]"]], output: "Lot[]" },
  certificatesOf: {
    contract: "certificates",
    inputs: [["ids", "bytes32[]"]],
    output: "Certificate[]",
  },
  keysOf: { contract: "parties", inputs: [["ids", "bytes32[]"]], output: "Key[]" },
  watchesOf: { contract: "parties", inputs: [["ids", "bytes32[]"]], output: "Watching[][]" },
  sponsorOf: { contract: "parties", inputs: [["party", "bytes32"]], output: "bytes32" },
  delegatedUntil: {
    contract: "parties",
    inputs: [
      ["party", "bytes32"],
      ["agent", "bytes32"],
    ],
    output: "uint64",
  },
  latest: { contract: "checkpoints", inputs: [["log", "bytes32"]], output: "Checkpoint" },
} as const satisfies Record<string, Call>;
export type ViewName = keyof typeof VIEWS;

/** A function's selector and arguments as bytes in hex. Throws BAD_ENCODING. */
export const callData = (
  types: Types,
  name: string,
  { inputs, values }: { readonly inputs: readonly Member[]; readonly values: Struct },
): Hex =>
  toHex(
    concatBytes(
      fromHex(selectorOf(signatureOf(types, name, inputs))),
      encodeStruct(types, inputs, values),
    ),
  );

/** The call data of a view. Throws BAD_ENCODING. */
export const encodeView = (name: ViewName, values: Struct): Hex =>
  callData({}, name, { inputs: VIEWS[name].inputs, values });

/** What a view answered, judged strictly; integers are bigints. Throws BAD_ENCODING. */
export function decodeAnswer(name: ViewName, data: unknown): unknown {
  if (typeof data !== "string")
    throw new TraceError("BAD_ENCODING", `${typeof data} is no answer of ${name}`);
  return decodeStruct(ANSWERS, [["value", VIEWS[name].output]], fromHex(data))["value"];
}
