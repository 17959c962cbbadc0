import type { Hex } from "../../../gateway/core/bytes.ts";
import type { Statements } from "../../../gateway/core/operations.ts";
import type { Intent, Words } from "../../../gateway/core/recording.ts";
import type { Document, SignedStatement } from "../../../gateway/core/statement.ts";
import type { Person } from "./roles.ts";
import type { Party } from "./session.ts";

type Apart = "party" | "key" | "number" | "content";

/** What shall be signed, without who signs it: it can be signed again with another number. Times are seconds. */
export type Plan =
  | { readonly name: "Operation"; readonly intent: Intent; readonly time: number }
  | {
      readonly [N in Exclude<keyof Statements, "Operation">]: {
        readonly name: N;
        readonly body: Omit<Statements[N], Apart>;
        readonly document: Document | null;
      };
    }[Exclude<keyof Statements, "Operation">];

/** The four states that a person sees; the last one waits for that person. */
export type EntryState = "stored" | "sending" | "sent" | "review";

/** Why an entry came back, in the words of who refused it. */
export type Refusal = { readonly code: string; readonly message: Words };

/** The form that an entry came from, so that it can be corrected there. */
export type Origin = { readonly page: string; readonly values: unknown };

/** One signed statement of this device, kept from before it is sent until it is on the chain, and after. */
export type Entry = {
  readonly id?: number; // given by the database
  readonly person: Person;
  readonly title: Words;
  readonly detail: Words;
  readonly plan: Plan;
  readonly origin: Origin | null;
  readonly signed: SignedStatement;
  readonly digest: Hex;
  readonly state: EntryState;
  readonly confirmed: boolean; // the chain has it
  readonly refusal: Refusal | null;
  readonly at: number; // ms
  /** In whose name, where that is another party than this device's. */
  readonly inNameOf?: Party;
  /** Came from a file that another device, or this one, had saved. */
  readonly restored?: true;
};

/** An entry as the database gives it back. */
export type StoredEntry = Entry & { readonly id: number };
