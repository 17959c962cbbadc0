import type { Hex } from "../core/bytes.ts";
import { FLAGS, KINDS } from "../core/operations.ts";
import { urisOf } from "../store/people.ts";
import type { Sql } from "../store/schema.ts";
import type { StoredStatement } from "../store/statements.ts";
import { confirmedAbout, lineageFrom } from "../store/views.ts";
import type { ChainView } from "./chain-view.ts";

/** A recall that nobody has lifted: of which lot, and the reason that was signed with it. */
export type Recall = {
  readonly lot: Hex;
  readonly uri: string | null;
  readonly reason: string | null;
};

type Book = { readonly sql: Sql; readonly chain: ChainView };

/** The open recalls of these lots and of all that they were made from, by lot; whom none concerns is left out. */
export async function recallsAbout(
  { sql, chain }: Book,
  lots: readonly Hex[],
): Promise<ReadonlyMap<Hex, readonly Recall[]>> {
  const lineage = await lineageFrom(sql, lots, "up");
  const states = await chain.lots(lineage);
  const recalled = lineage.filter((_, i) => ((states[i]?.flags ?? 0) & FLAGS.recalled) !== 0);
  const found = new Map<Hex, Recall[]>();
  if (recalled.length === 0) return found;
  const [uris, said] = await Promise.all([
    urisOf(sql, recalled),
    confirmedAbout(sql, recalled, ["input"]),
  ]);
  for (const lot of recalled) {
    const recall = { lot, uri: uris.get(lot) ?? null, reason: reasonFor(lot, said) };
    for (const made of await lineageFrom(sql, [lot], "down"))
      found.set(made, [...(found.get(made) ?? []), recall]);
  }
  return found;
}

/** What the newest recall of a lot says. */
function reasonFor(lot: Hex, said: readonly StoredStatement[]): string | null {
  const recall = said.findLast(
    ({ signed }) =>
      signed.name === "Operation" &&
      signed.statement.kind === KINDS.recall &&
      signed.statement.inputs.some((input) => input.lot === lot),
  );
  const memo = recall?.signed.document?.["plotline:memo"];
  return typeof memo === "string" ? memo : null;
}
