import { decodeStruct, selectorOf, signatureOf } from "./abi.ts";
import { fromHex } from "./bytes.ts";
import type { Member } from "./eip712.ts";
import { TraceError, type TraceErrorCode } from "./trace-error.ts";

/** Every error of contracts/interfaces: what it means to a program, and its members as Solidity writes them. */
export const REFUSALS = {
  PartiesUnknownKey: ["UNKNOWN_SIGNER", "bytes32 key"],
  PartiesKeyNotValid: ["NOT_ALLOWED", "bytes32 key, uint64 from, uint64 until, uint256 time"],
  PartiesWrongParty: ["NOT_ALLOWED", "bytes32 key, bytes32 party"],
  PartiesWrongPoint: ["BAD_KEY", "bytes32 key"],
  PartiesBadSignature: ["BAD_SIGNATURE", "bytes32 key, bytes32 digest"],
  PartiesNumberUsed: ["REPLAYED", "bytes32 key, uint64 number, uint64 last"],
  PartiesMayNotGrant: ["NOT_ALLOWED", "bytes32 key, uint16 roles"],
  PartiesNotSponsor: ["NOT_ALLOWED", "bytes32 subject, bytes32 party"],
  PartiesKeyTaken: ["RULE_BROKEN", "bytes32 key"],
  PartiesMayNotRevoke: ["NOT_ALLOWED", "bytes32 key, bytes32 party"],
  PartiesBadPeriod: ["CLOCK", "uint64 from, uint64 until"],
  PartiesNotADevice: ["NOT_ALLOWED", "bytes32 key"],
  PartiesIsADevice: ["NOT_ALLOWED", "bytes32 key"],
  PartiesMayNotDelegate: ["NOT_ALLOWED", "bytes32 key"],
  PartiesBadRoles: ["BAD_OPERATION", "uint16 roles"],
  PartiesUnknownParty: ["RULE_BROKEN", "bytes32 party"],
  PartiesNotACaller: ["NOT_ALLOWED", "address sender"],
  LotsBadShape: ["BAD_OPERATION", "uint8 kind"],
  LotsNotAllowed: ["NOT_ALLOWED", "uint8 kind, bytes32 key"],
  LotsFutureTime: ["CLOCK", "uint64 time, uint256 now_"],
  LotsExists: ["RULE_BROKEN", "bytes32 lot"],
  LotsUnknown: ["RULE_BROKEN", "bytes32 lot"],
  LotsNotHolder: ["NOT_ALLOWED", "bytes32 lot, bytes32 party"],
  LotsNotPending: ["NOT_ALLOWED", "bytes32 lot, bytes32 party"],
  LotsUnknownParty: ["RULE_BROKEN", "bytes32 party"],
  LotsWrongMass: ["RULE_BROKEN", "bytes32 lot, uint64 mass, uint64 left"],
  LotsMassCreated: ["RULE_BROKEN", "uint256 input, uint256 output"],
  LotsMixed: ["RULE_BROKEN", "bytes32 lot"],
  LotsWrongOrigin: ["RULE_BROKEN", "bytes32 lot, bytes32 certificate"],
  LotsRecalled: ["NOT_CURRENT", "bytes32 lot"],
  LotsNotRecalled: ["RULE_BROKEN", "bytes32 lot"],
  LotsRetired: ["NOT_CURRENT", "bytes32 lot"],
  CertificatesBadKind: ["RULE_BROKEN", "uint16 scheme, uint8 kind"],
  CertificatesSchemeUnknown: ["RULE_BROKEN", "uint16 scheme"],
  CertificatesMayNotIssue: ["NOT_ALLOWED", "bytes32 key, uint16 scheme"],
  CertificatesExists: ["RULE_BROKEN", "bytes32 certificate"],
  CertificatesUnknown: ["RULE_BROKEN", "bytes32 certificate"],
  CertificatesUnknownHolder: ["RULE_BROKEN", "bytes32 holder"],
  CertificatesOwnHolder: ["NOT_ALLOWED", "bytes32 holder"],
  CertificatesBadPeriod: ["CLOCK", "uint64 from, uint64 until"],
  CertificatesMayNotRevoke: ["NOT_ALLOWED", "bytes32 certificate, bytes32 party"],
  CertificatesRevoked: ["NOT_CURRENT", "bytes32 certificate, uint64 revoked"],
  CertificatesNotValid: [
    "NOT_CURRENT",
    "bytes32 certificate, uint64 from, uint64 until, uint256 time",
  ],
  CertificatesWrongHolder: ["NOT_ALLOWED", "bytes32 certificate, bytes32 party"],
  CertificatesWrongKind: ["RULE_BROKEN", "bytes32 certificate, uint16 scheme"],
  CertificatesQuotaExceeded: ["RULE_BROKEN", "bytes32 certificate, uint64 mass, uint64 left"],
  CertificatesNotASpender: ["NOT_ALLOWED", "address sender"],
  CheckpointsNotOperator: ["NOT_ALLOWED", "bytes32 log, address sender"],
  CheckpointsNotNewer: ["REPLAYED", "bytes32 log, uint64 size, uint64 newest"],
  CheckpointsHistoryRewritten: ["BAD_PROOF", "bytes32 log, uint64 size"],
  CheckpointsBadProof: ["BAD_PROOF", "uint256 length"],
} as const satisfies Readonly<Record<string, readonly [TraceErrorCode, string]>>;
export type RefusalName = keyof typeof REFUSALS;

/** Why a contract turned a call down: its error's name and values, numbers in decimal. "Unknown" is none of ours. */
export type Refusal = {
  readonly name: RefusalName | "Unknown";
  readonly args: Readonly<Record<string, string>>;
};

const membersOf = (members: string): readonly Member[] =>
  members.split(", ").map((member) => {
    const [type = "", name = ""] = member.split(" ");
    return [name, type];
  });

const BY_SELECTOR = new Map(
  Object.entries(REFUSALS).map(([name, [, text]]) => {
    const members = membersOf(text);
    return [selectorOf(signatureOf({}, name, members)), { name, members }] as const;
  }),
);

/** What a node or an event gave as the reason of a revert. Whatever cannot be understood is "Unknown", never an exception. */
export function decodeRefusal(data: unknown): Refusal {
  const text = typeof data === "string" ? data : "";
  const found = BY_SELECTOR.get(text.slice(0, 10) as `0x${string}`);
  try {
    if (found !== undefined) {
      const values = decodeStruct({}, found.members, fromHex(`0x${text.slice(10)}`));
      const args = Object.entries(values).map(([name, value]) => [name, String(value)] as const);
      return { name: found.name as RefusalName, args: Object.fromEntries(args) };
    }
  } catch (failure) {
    if (!(failure instanceof TraceError)) throw failure;
  }
  return { name: "Unknown", args: { data: text.slice(0, 200) } };
}

/** The refusal as an error to throw; `refusalIn` finds it again. */
export function refusalError(refusal: Refusal): TraceError {
  const code = refusal.name === "Unknown" ? "RULE_BROKEN" : REFUSALS[refusal.name][0];
  const values = Object.entries(refusal.args).map(([name, value]) => `${name} ${value}`);
  return new TraceError(code, `${refusal.name}: ${values.join(", ")}`, { cause: refusal });
}

/** The contract's refusal that an error stands for, if it does. */
export const refusalIn = (error: TraceError): Refusal | undefined => asRefusal(error.cause);

/** A refusal as it was stored as JSON, or undefined of anything else. */
export function parseRefusal(text: string): Refusal | undefined {
  try {
    return asRefusal(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asRefusal(value: unknown): Refusal | undefined {
  const { name, args } = (value ?? {}) as Partial<Refusal>;
  const known = typeof name === "string" && (name === "Unknown" || Object.hasOwn(REFUSALS, name));
  if (!known || typeof args !== "object" || args === null) return undefined;
  return { name, args };
}
