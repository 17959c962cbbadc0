/** What readers ask of the contracts. The gateway's own calls are in calls.ts: no reader's phone loads them. */
import { decodeStruct, encodeStruct, selectorOf, signatureOf } from "./abi.ts";
import { concatBytes, fromHex, toHex, type Hex } from "./bytes.ts";
import { membersOf, typesOf, type Member, type Struct, type Types } from "./eip712.ts";
import { TraceError } from "./trace-error.ts";

/** The structs of contracts/interfaces that views answer with, member for member. */
export const ANSWERS = typesOf({
  Lot: "bytes32 head,bytes32 holder,bytes32 pending,uint64 mass,uint32 count,bytes6 area,uint8 flags",
  Certificate:
    "bytes32 issuer,bytes32 holder,uint16 scheme,bytes6 area,uint64 quota,uint64 spent," +
    "uint64 from,uint64 until,uint64 revoked,bytes32 content",
  Key: "bytes32 party,uint16 roles,uint64 from,uint64 until,uint64 number,bytes32 content",
  Watching: "bytes32 device,uint64 from,uint64 until,uint32 interval,uint64 taken,bytes32 content",
  Checkpoint: "bytes32 root,uint64 size,uint64 time,address operator",
});

export type Call = {
  readonly contract: "parties" | "lots" | "certificates" | "checkpoints";
  readonly inputs: readonly Member[];
  readonly output?: string;
};

const IDS = membersOf("bytes32[] ids");

/** The views, by name. */
export const VIEWS = {
  lotsOf: { contract: "lots", inputs: IDS, output: "Lot[]" },
  certificatesOf: { contract: "certificates", inputs: IDS, output: "Certificate[]" },
  keysOf: { contract: "parties", inputs: IDS, output: "Key[]" },
  watchesOf: {
    contract: "parties",
    inputs: membersOf("bytes32[] places,uint256 offset,uint256 limit"),
    output: "Watching[][]",
  },
  sponsorsOf: { contract: "parties", inputs: IDS, output: "bytes32[]" },
  delegatedUntil: {
    contract: "parties",
    inputs: membersOf("bytes32 party,bytes32 agent"),
    output: "uint64",
  },
  latest: { contract: "checkpoints", inputs: membersOf("bytes32 log"), output: "Checkpoint" },
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
