import { topicOf } from "../core/abi.ts";
import { hexWord, type Hex } from "../core/bytes.ts";
import { TAKERS, type Deployment, type StatementName } from "../core/operations.ts";
import type { SignedStatement } from "../core/statement.ts";
import type { Found, Node } from "./node.ts";

/** By which event a contract tells of each statement, and which of its members (or "digest") are the event's topics. */
const TOLD = {
  Operation: ["Operated(bytes32,uint8,bytes32,bytes32)", "digest"],
  Grant: [
    "CertificateGranted(bytes32,bytes32,bytes32,uint16,uint64,bytes32)",
    "certificate",
    "party",
    "holder",
  ],
  Revocation: ["CertificateRevoked(bytes32,bytes32,bytes32)", "certificate", "party"],
  Enrolment: [
    "KeyEnrolled(bytes32,bytes32,uint16,uint64,uint64,bytes32,bytes32)",
    "subject",
    "subjectKey",
  ],
  KeyRevocation: ["KeyRevoked(bytes32,bytes32,uint64,bytes32,bytes32)", null, "subjectKey"],
  Watch: ["Watched(bytes32,bytes32,uint64,uint64,uint32,bytes32,bytes32)", "place", "device"],
  Delegation: ["Delegated(bytes32,bytes32,uint64)", "party", "agent"],
} as const satisfies Readonly<Record<StatementName, readonly [string, ...(string | null)[]]>>;

/**
 * The event by which the chain says that it took this very statement, whoever carried it there; null if it did not.
 * Statements of one key differ in content or members, but for a delegation that was given twice: the newest stands for both.
 */
export async function findRecorded(
  { node, deployment }: { readonly node: Node; readonly deployment: Deployment },
  digest: Hex,
  { name, statement }: SignedStatement,
): Promise<Found | null> {
  const [event, ...members] = TOLD[name];
  const values: Readonly<Record<string, unknown>> = { ...statement, digest };
  const topics = members.map((member) => (member === null ? null : (values[member] as Hex)));
  const found = await node.events(deployment[TAKERS[name]], [topicOf(event), ...topics]);
  // The last word of every event's data is the content, or a delegation's end; of an operation the topic said all.
  const last = "content" in statement ? statement.content : hexWord(statement.until);
  return (
    found.findLast(({ data }) => name === "Operation" || `0x${data.slice(-64)}` === last) ?? null
  );
}
