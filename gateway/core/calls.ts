import { fromBase64Url, fromHex, toHex, type Hex } from "./bytes.ts";
import { membersOf, type Struct } from "./eip712.ts";
import { TAKERS, TYPES, type Statements, type StatementName } from "./operations.ts";
import { ANSWERS, callData, VIEWS, type Call } from "./views.ts";

/** The structs of contracts/interfaces that travel in calls and answers, member for member. */
export const STRUCTS = {
  ...TYPES,
  Proof: membersOf("bytes32 x,bytes32 y,bytes signature"),
  ...ANSWERS,
} as const;

/** The functions, besides the doors, that gateway and readers call. */
export const FUNCTIONS = {
  ...VIEWS,
  anchor: {
    contract: "checkpoints",
    inputs: membersOf("bytes32 log,uint64 size,bytes32 root,bytes32[] proof"),
  },
  relay: { contract: "lots", inputs: membersOf("bytes[] calls") },
} as const satisfies Record<string, Call>;
export type FunctionName = keyof typeof FUNCTIONS;

/** The call data of one of FUNCTIONS. Throws BAD_ENCODING. */
export const encodeFunction = (name: FunctionName, values: Struct): Hex =>
  callData(STRUCTS, name, { inputs: FUNCTIONS[name].inputs, values });

/** A statement with what proves it, as it travels: the key as 0x04 ‖ x ‖ y, the signature in base64url. */
export type Provable<N extends StatementName> = {
  readonly name: N;
  readonly statement: Statements[N];
  readonly publicKey: Hex;
  readonly signature: string;
};

/** Which contract takes which statement, by which function. */
export const DOORS = {
  Operation: { contract: TAKERS.Operation, function: "operate" },
  Grant: { contract: TAKERS.Grant, function: "grant" },
  Revocation: { contract: TAKERS.Revocation, function: "revoke" },
  Enrolment: { contract: TAKERS.Enrolment, function: "enrol" },
  KeyRevocation: { contract: TAKERS.KeyRevocation, function: "revoke" },
  Watch: { contract: TAKERS.Watch, function: "watch" },
  Delegation: { contract: TAKERS.Delegation, function: "delegate" },
} as const satisfies Record<StatementName, { contract: string; function: string }>;

/** The call of a statement's door (DOORS), which anyone may make or put in a `relay`. Throws BAD_ENCODING. */
export function encodeCall<N extends StatementName>(signed: Provable<N>): Hex {
  const point = fromHex(signed.publicKey, 65);
  const proof = {
    x: toHex(point.subarray(1, 33)),
    y: toHex(point.subarray(33)),
    signature: toHex(fromBase64Url(signed.signature)),
  };
  const inputs = membersOf(`${signed.name} statement,Proof proof`);
  return callData(STRUCTS, DOORS[signed.name].function, {
    inputs,
    values: { statement: signed.statement, proof },
  });
}
