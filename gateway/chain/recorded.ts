import { topicOf } from "../core/abi.ts";
import { hexWord, type Hex } from "../core/bytes.ts";
import { TAKERS, type Deployment, type StatementName } from "../core/operations.ts";
import type { SignedStatement } from "../core/statement.ts";
import type { Found, Node } from "./node.ts";

type Told = {
  readonly event: string;
  /** The statement's members that are the event's topics; null: none of them. */
  readonly topics: readonly (string | null)[];
  readonly data?: readonly string[];
};

/** By which event a contract tells of each statement, and how much of it; an operation's digest says all. */
const TOLD: Readonly<Record<StatementName, Told>> = {
  Operation: { event: "Operated(bytes32,uint8,bytes32,bytes32)", topics: ["digest"] },
  Grant: {
    event: "CertificateGranted(bytes32,bytes32,bytes32,uint16,uint64,bytes32)",
    topics: ["certificate", "party", "holder"],
    data: ["scheme", "quota", "content"],
  },
  Revocation: {
    event: "CertificateRevoked(bytes32,bytes32,bytes32)",
    topics: ["certificate", "party"],
    data: ["content"],
  },
  Enrolment: {
    event: "KeyEnrolled(bytes32,bytes32,uint16,uint64,uint64,bytes32,bytes32)",
    topics: ["subject", "subjectKey"],
    data: ["roles", "from", "until", "party", "content"],
  },
  KeyRevocation: {
    event: "KeyRevoked(bytes32,bytes32,uint64,bytes32,bytes32)",
    topics: [null, "subjectKey"],
    data: ["until", "party", "content"],
  },
  Watch: {
    event: "Watched(bytes32,bytes32,uint64,uint64,uint32,bytes32,bytes32)",
    topics: ["place", "device"],
    data: ["from", "until", "interval", "party", "content"],
  },
  Delegation: {
    event: "Delegated(bytes32,bytes32,uint64)",
    topics: ["party", "agent"],
    data: ["until"],
  },
};

/**
 * The event by which the chain says that it took this very statement, whoever carried it there; null if it did not. All that the
 * event tells must be the statement's, its party too: anybody can sign a copy of what another recorded.
 * Statements of one key differ in content or members, but for a delegation that was given twice: the newest stands for both.
 */
export async function findRecorded(
  { node, deployment }: { readonly node: Node; readonly deployment: Deployment },
  digest: Hex,
  { name, statement }: SignedStatement,
): Promise<Found | null> {
  const { event, topics, data: words } = TOLD[name];
  const values: Readonly<Record<string, unknown>> = { ...statement, digest };
  const asked = topics.map((member) => (member === null ? null : (values[member] as Hex)));
  const found = await node.events(deployment[TAKERS[name]], [topicOf(event), ...asked]);
  const own = words?.map((member) => wordOf(values[member]).slice(2)).join("");
  return found.findLast(({ data }) => own === undefined || data === `0x${own}`) ?? null;
}

const wordOf = (value: unknown): Hex =>
  typeof value === "number" ? hexWord(value) : (value as Hex);
