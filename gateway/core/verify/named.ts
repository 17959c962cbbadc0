import type { Bundle } from "../bundle.ts";
import type { Hex } from "../bytes.ts";
import type { ChainState } from "../chain-state.ts";
import { NOTHING } from "../recording.ts";
import { remark, type Check } from "./report.ts";

/**
 * Who acted is introduced, and by somebody else: a party whose enrolment is left out would be an id without a name, or with one
 * that it gave itself along with another key, and the reader is told so.
 */
export function judgeNames({ statements, founders }: Bundle, state: ChainState): Check[] {
  const acting = new Set<Hex>();
  const introduced = new Set<Hex | undefined>([NOTHING]);
  for (const { key } of founders) introduced.add(state.keys[key]?.party);
  for (const { name, statement } of statements) {
    acting.add(statement.party);
    acting.add(state.keys[statement.key]?.party ?? NOTHING);
    if (name === "Operation") acting.add(statement.counterparty);
    if (name === "Enrolment" && statement.party !== statement.subject)
      introduced.add(statement.subject);
  }
  return [...acting]
    .filter((party) => !introduced.has(party))
    .map((party) =>
      remark(
        { question: "complete", record: `party ${party.slice(0, 10)}…`, subject: party },
        "NOT_FOUND",
        "who this is, is not shown: neither its enrolment nor a founder's document",
      ),
    );
}
