import { fromHex } from "../../../gateway/core/bytes.ts";
import type { Deployment } from "../../../gateway/core/operations.ts";
import { keyIdOf } from "../../../gateway/core/key-id.ts";
import { idOf, type Words } from "../../../gateway/core/recording.ts";
import type { Entry, Plan, StoredEntry } from "./entry.ts";
import type { Party } from "./session.ts";
import { statementOf } from "./signing.ts";

const FORMAT = "plotline-outbox";

/** What has not arrived yet, or came back, as one text: each entry with its signature, so that any device may send it. */
export function backupOf(entries: readonly StoredEntry[], own: Party): string {
  const saved = entries
    .filter(({ state }) => state !== "sent")
    .map(({ title, detail, plan, origin, signed, at, inNameOf = own }) => ({
      title,
      detail,
      plan,
      origin,
      signed,
      at,
      inNameOf,
    }));
  return `${JSON.stringify({ format: FORMAT, version: 1, entries: saved.toReversed() }, null, 1)}\n`;
}

export type Restored = { readonly entries: readonly Omit<Entry, "person">[]; readonly bad: number };

/**
 * The entries of such a text, and how many in it are none; undefined for any other text. An entry counts when what it
 * plans is what its signature is about, for this deployment: what people read before they sign again is what it says.
 */
export function restoredFrom(
  text: string,
  own: Party,
  deployment: Deployment,
): Restored | undefined {
  const { format, entries } = (parsed(text) ?? {}) as { format?: unknown; entries?: unknown };
  if (format !== FORMAT || !Array.isArray(entries)) return undefined;
  const read = entries.map((each: unknown) => restoredEntry(each, own, deployment));
  const good = read.filter((entry) => entry !== undefined);
  return { entries: good, bad: read.length - good.length };
}

const LAST = 8.64e15; // ms: no calendar goes beyond

function restoredEntry(saved: unknown, own: Party, deployment: Deployment) {
  try {
    const { title, detail, plan, origin, signed, at, inNameOf } = saved as Omit<Entry, "person">;
    const party = partyOf(inNameOf);
    const { statement, publicKey, signature } = signed;
    const hand = { keyId: keyIdOf(fromHex(publicKey, 65)), party: party.uri };
    const number = Number(statement.number);
    if (!Number.isSafeInteger(at) || at < 0 || at > LAST) return undefined;
    const { said, digest } = statementOf(plan as Plan, deployment, { ...hand, number });
    if (JSON.stringify(said.statement) !== JSON.stringify(statement)) return undefined;
    return {
      title: wordsOf(title),
      detail: wordsOf(detail),
      plan,
      digest,
      at,
      signed: { ...signed, ...said, publicKey, signature: String(signature) },
      origin: origin === null ? null : { page: String(origin.page), values: origin.values },
      ...(party.id !== own.id && { inNameOf: party }),
      state: "stored",
      confirmed: false,
      refusal: null,
      restored: true,
    } as Omit<Entry, "person">;
  } catch {
    return undefined; // a stranger's file: whatever it breaks on the way, it is no entry
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const wordsOf = ({ vi, en }: Words): Words => ({ vi: String(vi), en: String(en) });

function partyOf(value: Party | undefined): Party {
  const { uri, name } = value as Party;
  return { id: idOf(uri), uri, name: wordsOf(name) };
}
