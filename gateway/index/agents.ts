import type { Hex } from "../core/bytes.ts";
import type { Words } from "../core/recording.ts";
import type { Sql } from "../store/schema.ts";
import { delegationsAbout } from "../store/views.ts";
import type { Person } from "./people.ts";

type Named = { readonly party: Hex; readonly uri: string | null; readonly name: Words | null };

/** A party that another may record for, or that may record for another, until a time in seconds. */
export type Allowed = Named & { readonly until: number };

/** Who may record for `party`, and for whom `party` may record: the newest word on each pair, also where its time is over. */
export async function agentsOf(
  sql: Sql,
  people: ReadonlyMap<Hex, Person>,
  party: Hex,
): Promise<{ readonly agents: readonly Allowed[]; readonly principals: readonly Allowed[] }> {
  const statements = await delegationsAbout(sql, party);
  const newest = new Map(
    statements.flatMap(({ signed }) => {
      if (signed.name !== "Delegation") return [];
      const { party: principal, agent, until } = signed.statement;
      return [[`${principal} ${agent}`, { principal, agent, until }] as const];
    }),
  );
  const words = [...newest.values()];
  const named = (id: Hex, until: number): Allowed => {
    const { uri = null, name = null } = people.get(id) ?? {};
    return { party: id, uri, name, until };
  };
  return {
    agents: words.flatMap((each) =>
      each.principal === party ? [named(each.agent, each.until)] : [],
    ),
    principals: words.flatMap((each) =>
      each.agent === party ? [named(each.principal, each.until)] : [],
    ),
  };
}
