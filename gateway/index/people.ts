import type { Founder } from "../core/bundle.ts";
import type { Hex } from "../core/bytes.ts";
import { ROLES, SENSOR, type Role } from "../core/operations.ts";
import { idOf, type Words } from "../core/recording.ts";
import { isObject } from "../core/statement.ts";
import { TraceError } from "../core/trace-error.ts";
import type { Sql } from "../store/schema.ts";
import { recentStatements } from "../store/statements.ts";
import { foundersOf, newestPosition } from "../store/views.ts";

/** Somebody whom pages may name: what the cooperative that enrolled them said. */
export type Person = {
  readonly party: Hex;
  readonly uri: string;
  readonly name: Words;
  readonly roles: readonly Role[];
};

/** The names of role bits. */
export const rolesOf = (bits: number): readonly Role[] =>
  (Object.keys(ROLES) as Role[]).filter((role) => (bits & ROLES[role]) !== 0);

/** `{uri, name: {vi, en}}` as a cooperative gave it. Throws BAD_ENCODING, BAD_IDENTIFIER. */
export function partyOf(value: unknown): { readonly uri: string; readonly name: Words } {
  const { uri, name } = isObject(value) ? value : {};
  const { vi, en } = isObject(name) ? name : {};
  if (typeof uri !== "string" || !/^https:\/\/\S{1,300}$/.test(uri))
    throw new TraceError("BAD_IDENTIFIER", "a party has an https URI");
  if (![vi, en].every((text) => typeof text === "string" && text !== "" && text.length <= 200))
    throw new TraceError("BAD_ENCODING", "a party has a name in both languages");
  return { uri: uri.normalize("NFC"), name: { vi: String(vi), en: String(en) } };
}

/** The same, where it is so: what is on the chain stays there, and must not cost everybody else their names. */
function partyIn(value: unknown): ReturnType<typeof partyOf> | undefined {
  try {
    return partyOf(value);
  } catch (failure) {
    if (failure instanceof TraceError) return undefined;
    throw failure;
  }
}

const MOST = 20_000;

export type Directory = ReadonlyMap<Hex, Person>;
type Kept = { readonly version: string; readonly people: Directory };
const kept = new WeakMap<Sql, Kept>();

/**
 * Everybody that people can hand lots to, by party id; devices are nobody. The newest name counts that another party gave: who
 * enrols a further key of its own may call itself by anybody's.
 */
export async function directoryOf(sql: Sql): Promise<Directory> {
  const founders = await foundersOf(sql);
  const version = `${await newestPosition(sql)} ${founders.map(({ key }) => key).join(" ")}`;
  const known = kept.get(sql);
  if (known?.version === version) return known.people;
  const people = await readDirectory(sql, founders);
  kept.set(sql, { version, people });
  return people;
}

async function readDirectory(sql: Sql, founders: readonly Founder[]): Promise<Directory> {
  const people = new Map<Hex, Person & { bits: number }>();
  const add = (subject: unknown, bits: number, own = false): void => {
    if ((bits & ~SENSOR) === 0) return;
    const named = partyIn(subject);
    if (named === undefined) return;
    const { uri } = named;
    const party = idOf(uri);
    const known = people.get(party);
    const name = own && known !== undefined ? known.name : named.name;
    const all = (known?.bits ?? 0) | bits;
    people.set(party, { party, uri, name, roles: rolesOf(all), bits: all });
  };
  for (const { document } of founders) add(document, ROLES.authority);
  const enrolments = await recentStatements(sql, {
    name: "Enrolment",
    state: "confirmed",
    limit: MOST,
  });
  for (const { signed } of enrolments.toReversed())
    if (signed.name === "Enrolment") {
      const { party, subject, roles } = signed.statement;
      add(signed.document, roles, party === subject);
    }
  return new Map(
    [...people].map(([id, { party, uri, name, roles }]) => [id, { party, uri, name, roles }]),
  );
}
