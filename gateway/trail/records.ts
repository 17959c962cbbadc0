import type { Founder } from "../core/bundle.ts";
import type { Hex } from "../core/bytes.ts";
import { SENSOR } from "../core/operations.ts";
import { NOTHING } from "../core/recording.ts";
import type { Sql } from "../store/schema.ts";
import type { StoredStatement } from "../store/statements.ts";
import { confirmedAbout, foundersOf, lineageFrom } from "../store/views.ts";

/** Everything that was signed about a lot and what it was made of, in the order of the chain. */
export type Records = {
  readonly lineage: readonly Hex[];
  readonly statements: readonly StoredStatement[];
  readonly founders: readonly Founder[];
};

/**
 * The operations of the lot and of all its ancestors, the certificates that they name, and who the people are: each signer's
 * enrolment, up to those whom governance enrolled.
 */
export async function recordsOf(sql: Sql, lot: Hex): Promise<Records> {
  const lineage = await lineageFrom(sql, [lot], "up");
  const operations = await confirmedAbout(sql, lineage, ["input", "output"]);
  const certificates = await certificatesIn(sql, operations);
  const found = new Map(
    [...operations, ...certificates].map((stored) => [stored.digest, stored] as const),
  );
  await addPeople(sql, found);
  const statements = [...found.values()].toSorted(
    (a, b) => (a.block?.position ?? 0) - (b.block?.position ?? 0),
  );
  const named = namedIn(statements);
  const founders = await foundersOf(sql);
  return { lineage, statements, founders: founders.filter(({ key }) => named.keys.has(key)) };
}

/** Adds the statements about the places where the goods stood: which devices watch them, and whose those are. */
export async function withWatches(
  sql: Sql,
  records: Records,
  watches: readonly StoredStatement[],
): Promise<Records> {
  const found = new Map(records.statements.map((stored) => [stored.digest, stored] as const));
  for (const watch of watches) found.set(watch.digest, watch);
  await addPeople(sql, found);
  const statements = [...found.values()].toSorted(
    (a, b) => (a.block?.position ?? 0) - (b.block?.position ?? 0),
  );
  const { keys } = namedIn(statements);
  const founders = await foundersOf(sql);
  return { ...records, statements, founders: founders.filter(({ key }) => keys.has(key)) };
}

async function certificatesIn(sql: Sql, operations: readonly StoredStatement[]) {
  const ids = operations.flatMap(({ signed }) =>
    signed.name === "Operation" && signed.statement.certificate !== NOTHING
      ? [signed.statement.certificate]
      : [],
  );
  const about = await confirmedAbout(sql, [...new Set(ids)], ["certificate"]);
  return about.filter(({ signed }) => signed.name === "Grant" || signed.name === "Revocation");
}

/** The enrolments of all keys and parties that are named, and of those who signed these, until nobody new turns up. */
async function addPeople(sql: Sql, found: Map<Hex, StoredStatement>): Promise<void> {
  for (let before = -1; before !== found.size;) {
    before = found.size;
    const { keys, parties } = namedIn([...found.values()]);
    const ofKeys = await confirmedAbout(sql, [...keys], ["subjectKey"]);
    for (const stored of ofKeys)
      if (["Enrolment", "KeyRevocation"].includes(stored.signed.name))
        found.set(stored.digest, stored);
    const introduced = new Set([...found.values()].flatMap(introducedBy));
    const strangers = [...parties].filter((party) => !introduced.has(party));
    // The first enrolment of a party is its introduction; a cooperative's later keys and devices are not our matter.
    for (const stored of await confirmedAbout(sql, strangers, ["subject"]))
      for (const party of introducedBy(stored))
        if (!introduced.has(party)) {
          introduced.add(party);
          found.set(stored.digest, stored);
        }
  }
}

/** Whom an enrolment of a person's key introduces: nobody where a party enrols a further key of its own. */
const introducedBy = ({ signed: { name, statement } }: StoredStatement): readonly Hex[] =>
  name === "Enrolment" && (statement.roles & SENSOR) === 0 && statement.party !== statement.subject
    ? [statement.subject]
    : [];

/** The keys and parties that these statements name. */
function namedIn(statements: readonly StoredStatement[]) {
  const [keys, parties] = [new Set<Hex>(), new Set<Hex>()];
  for (const { signed } of statements) {
    keys.add(signed.statement.key);
    parties.add(signed.statement.party);
    if (signed.name === "Operation" && signed.statement.counterparty !== NOTHING)
      parties.add(signed.statement.counterparty);
    if (signed.name === "Grant") parties.add(signed.statement.holder);
    if (signed.name === "Watch") keys.add(signed.statement.device);
  }
  return { keys, parties };
}
