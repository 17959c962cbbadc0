import type { Hex } from "../core/bytes.ts";
import type { SignedStatement } from "../core/statement.ts";

/** What a statement is about, for look-ups: an id and the part that it plays. */
export type Subject = { readonly subject: Hex; readonly role: SubjectRole };
export type SubjectRole =
  | "input"
  | "output"
  | "certificate"
  | "party" // in whose name
  | "counterparty"
  | "key" // who signed
  | "subject" // whom it enrols
  | "subjectKey" // which key it enrols or ends
  | "holder"
  | "device"
  | "place"
  | "agent";

const ZERO: Hex = `0x${"0".repeat(64)}`;

/** The ids that a statement names, each with its role; absent ones (zero) left out. */
export function subjectsOf(signed: SignedStatement): readonly Subject[] {
  const { party, key } = signed.statement;
  const found: readonly Subject[] = [
    { subject: party, role: "party" },
    { subject: key, role: "key" },
    ...own(signed),
  ];
  const distinct = new Map(found.map((item) => [`${item.role} ${item.subject}`, item]));
  return [...distinct.values()].filter(({ subject }) => subject !== ZERO);
}

function own(signed: SignedStatement): readonly Subject[] {
  switch (signed.name) {
    case "Operation": {
      const { inputs, outputs, certificate, counterparty } = signed.statement;
      return [
        ...inputs.map(({ lot }) => ({ subject: lot, role: "input" }) as const),
        ...outputs.map(({ lot }) => ({ subject: lot, role: "output" }) as const),
        { subject: certificate, role: "certificate" },
        { subject: counterparty, role: "counterparty" },
      ];
    }
    case "Grant":
      return [
        { subject: signed.statement.certificate, role: "certificate" },
        { subject: signed.statement.holder, role: "holder" },
      ];
    case "Revocation":
      return [{ subject: signed.statement.certificate, role: "certificate" }];
    case "Enrolment":
      return [
        { subject: signed.statement.subject, role: "subject" },
        { subject: signed.statement.subjectKey, role: "subjectKey" },
      ];
    case "KeyRevocation":
      return [{ subject: signed.statement.subjectKey, role: "subjectKey" }];
    case "Watch":
      return [
        { subject: signed.statement.device, role: "device" },
        { subject: signed.statement.place, role: "place" },
      ];
    case "Delegation":
      return [{ subject: signed.statement.agent, role: "agent" }];
  }
}
