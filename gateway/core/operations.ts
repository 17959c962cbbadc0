import type { Hex } from "./bytes.ts";
import { typedDigest, typesOf, type Domain } from "./eip712.ts";

/** Role bits of a key, as in contracts/libraries/Roles.sol. */
export const ROLES = {
  farmer: 1,
  processor: 2,
  exporter: 4,
  certifier: 8,
  cooperative: 16,
  authority: 32,
  device: 64,
  networkServer: 128,
} as const;
export type Role = keyof typeof ROLES;

/** Keys of readings: the device's own, or one under which a gateway keeps what a network server said. */
export const SENSOR = ROLES.device | ROLES.networkServer;

/** Kinds of operation on lots, as in ILots.Kind. */
export const KINDS = {
  harvest: 1,
  intake: 2,
  process: 3,
  handOver: 4,
  takeOver: 5,
  certify: 6,
  note: 7,
  recall: 8,
  lift: 9,
  retire: 10,
} as const;
export type Kind = keyof typeof KINDS;

/** Certificate schemes and their kind, as the deployment sets them: 1 a plot that harvests draw on, 2 a claim on lots. */
export const SCHEMES = { growingArea: 1, gi: 2, organic: 3, packing: 4 } as const;
export type Scheme = keyof typeof SCHEMES;

/** Flags of a lot, as in ILots.Lot. */
export const FLAGS = { grown: 1, segregated: 2, recalled: 4, retired: 8 } as const;

/** Grams of a lot, drawn or made. */
export type Portion = { readonly lot: Hex; readonly mass: number };

/** What everybody who signs says first: in whose name, with which key, and that key's next number. */
type Signed = { readonly party: Hex; readonly key: Hex; readonly number: number };

export type Operation = Signed & {
  readonly kind: number;
  readonly time: number;
  readonly inputs: readonly Portion[];
  readonly outputs: readonly Portion[];
  readonly certificate: Hex;
  readonly counterparty: Hex;
  readonly area: Hex;
  readonly segregated: boolean;
  readonly content: Hex;
};
export type Grant = Signed & {
  readonly certificate: Hex;
  readonly scheme: number;
  readonly holder: Hex;
  readonly area: Hex;
  readonly quota: number;
  readonly from: number;
  readonly until: number;
  readonly content: Hex;
};
export type Revocation = Signed & { readonly certificate: Hex; readonly content: Hex };
export type Enrolment = Signed & {
  readonly subject: Hex;
  readonly subjectKey: Hex;
  readonly roles: number;
  readonly from: number;
  readonly until: number;
  readonly content: Hex;
};
export type KeyRevocation = Signed & {
  readonly subjectKey: Hex;
  readonly until: number;
  readonly content: Hex;
};
export type Watch = Signed & {
  readonly device: Hex;
  readonly place: Hex;
  readonly from: number;
  readonly until: number;
  readonly interval: number;
  readonly content: Hex;
};
export type Delegation = Signed & { readonly agent: Hex; readonly until: number };

/** Every struct that a person can sign, by its EIP-712 name. */
export type Statements = {
  Operation: Operation;
  Grant: Grant;
  Revocation: Revocation;
  Enrolment: Enrolment;
  KeyRevocation: KeyRevocation;
  Watch: Watch;
  Delegation: Delegation;
};
export type StatementName = keyof Statements;

const SIGNED = "bytes32 party,bytes32 key,uint64 number";

/** The EIP-712 types, member for member as in contracts/interfaces. */
export const TYPES = typesOf({
  Portion: "bytes32 lot,uint64 mass",
  Operation:
    `uint8 kind,${SIGNED},uint64 time,Portion[] inputs,Portion[] outputs,bytes32 certificate,` +
    "bytes32 counterparty,bytes6 area,bool segregated,bytes32 content",
  Grant:
    `${SIGNED},bytes32 certificate,uint16 scheme,bytes32 holder,bytes6 area,uint64 quota,` +
    "uint64 from,uint64 until,bytes32 content",
  Revocation: `${SIGNED},bytes32 certificate,bytes32 content`,
  Enrolment: `${SIGNED},bytes32 subject,bytes32 subjectKey,uint16 roles,uint64 from,uint64 until,bytes32 content`,
  KeyRevocation: `${SIGNED},bytes32 subjectKey,uint64 until,bytes32 content`,
  Watch: `${SIGNED},bytes32 device,bytes32 place,uint64 from,uint64 until,uint32 interval,bytes32 content`,
  Delegation: `${SIGNED},bytes32 agent,uint64 until`,
});

/** Which contract takes which statement; by which function, calls.ts says. */
export const TAKERS = {
  Operation: "lots",
  Grant: "certificates",
  Revocation: "certificates",
  Enrolment: "parties",
  KeyRevocation: "parties",
  Watch: "parties",
  Delegation: "parties",
} as const satisfies Record<StatementName, string>;

/** The four contracts of one deployment. */
export type Deployment = {
  readonly chainId: number;
  readonly parties: Hex;
  readonly lots: Hex;
  readonly certificates: Hex;
  readonly checkpoints: Hex;
};

/** The domain of a statement's contract. Each contract says the same by ERC-5267 (`eip712Domain`). */
export const domainOf = (deployment: Deployment, name: StatementName): Domain => ({
  name: `Plotline ${DOMAIN_NAMES[TAKERS[name]]}`,
  version: "1",
  chainId: deployment.chainId,
  verifyingContract: deployment[TAKERS[name]],
});

const DOMAIN_NAMES = { lots: "Lots", certificates: "Certificates", parties: "Parties" } as const;

/** The EIP-712 digest of a statement: what its key signs, with ES256 over these 32 bytes. */
export const digestOf = <N extends StatementName>(
  deployment: Deployment,
  name: N,
  statement: Statements[N],
): Hex => typedDigest(domainOf(deployment, name), TYPES, name, statement);
