import { areaText, idOf, NO_AREA, NOTHING, type Words } from "../core/recording.ts";
import type { Hex } from "../core/bytes.ts";
import type { LotState } from "../core/chain-state.ts";
import { FLAGS } from "../core/operations.ts";
import { isObject, type Document } from "../core/statement.ts";
import type { Sql } from "../store/schema.ts";
import { urisOf } from "../store/people.ts";
import type { StoredStatement } from "../store/statements.ts";
import { confirmedAbout, relatedSubjects } from "../store/views.ts";
import type { ChainView } from "./chain-view.ts";
import type { Person } from "./people.ts";
import { recallsAbout, type Recall } from "./recalls.ts";

type Named = { readonly party: Hex; readonly uri: string | null; readonly name: Words | null };

/** A lot as lists show it; masses in grams, times in seconds. `mass` is what is left, `made` how much there was and when. */
export type LotEntry = {
  readonly lot: Hex;
  readonly uri: string | null;
  readonly product: Words | null;
  readonly mass: number;
  readonly made: { readonly mass: number; readonly time: number; readonly kind: number } | null;
  readonly holder: Named;
  readonly pending: Named | null;
  readonly area: string | null;
  readonly flags: readonly (keyof typeof FLAGS)[];
  readonly count: number;
  /** Open recalls of it and of what it was made from. */
  readonly recalls: readonly Recall[];
};

type Book = {
  readonly sql: Sql;
  readonly chain: ChainView;
  readonly people: ReadonlyMap<Hex, Person>;
};

// What lies further back than so many lots is used up, or is found by its own code.
const MOST = 2_000;
/** Offers that others make, which nobody need agree to: they push out none of what a party has. */
const MOST_OFFERS = 500;

/** The lots that `party` holds or may take over, newest first; those that are used up or retired only with `all`. */
export async function lotsOfParty(
  book: Book,
  party: Hex,
  all: boolean,
): Promise<readonly LotEntry[]> {
  const find = ["input", "output"] as const;
  const own = await relatedSubjects(book.sql, party, { as: ["party"], find, limit: MOST });
  const offers = { as: ["counterparty"], find, limit: MOST_OFFERS } as const;
  const lots = new Set([...own, ...(await relatedSubjects(book.sql, party, offers))]);
  const entries = await lotEntries(book, [...lots], (state) => {
    if (state.holder !== party && state.pending !== party) return false;
    return all || (state.mass > 0 && (state.flags & FLAGS.retired) === 0);
  });
  return entries.toSorted((a, b) => (b.made?.time ?? 0) - (a.made?.time ?? 0));
}

/** These lots as lists show them, in their order; those that the chain does not know, or `keep` refuses, are left out. */
export async function lotEntries(
  { sql, chain, people }: Book,
  lots: readonly Hex[],
  keep: (state: LotState) => boolean = () => true,
): Promise<readonly LotEntry[]> {
  const states = await chain.lots(lots);
  const kept = lots.flatMap((lot, i) => {
    const state = states[i];
    return state !== undefined && state.count > 0 && keep(state) ? [{ lot, state }] : [];
  });
  const ids = kept.map(({ lot }) => lot);
  const makers = makersBy(await confirmedAbout(sql, ids, ["output"]));
  const recalls = await recallsAbout({ sql, chain }, ids);
  const uris = await urisOf(sql, [
    ...ids,
    ...kept.flatMap(({ state }) => [state.holder, state.pending]),
  ]);
  const named = (party: Hex): Named => ({
    party,
    uri: uris.get(party) ?? people.get(party)?.uri ?? null,
    name: people.get(party)?.name ?? null,
  });
  return kept.map(({ lot, state }) => {
    const maker = makers.get(lot);
    const uri = uris.get(lot) ?? null;
    return {
      lot,
      uri,
      product: maker === undefined || uri === null ? null : productIn(maker.signed.document, uri),
      mass: state.mass,
      made: maker === undefined ? null : madeBy(maker, lot),
      holder: named(state.holder),
      pending: state.pending === NOTHING ? null : named(state.pending),
      area: state.area === NO_AREA ? null : areaText(state.area),
      flags: flagsOf(state.flags),
      count: state.count,
      recalls: recalls.get(lot) ?? [],
    };
  });
}

const flagsOf = (bits: number): readonly (keyof typeof FLAGS)[] =>
  (Object.keys(FLAGS) as (keyof typeof FLAGS)[]).filter((flag) => (bits & FLAGS[flag]) !== 0);

function makersBy(statements: readonly StoredStatement[]): ReadonlyMap<Hex, StoredStatement> {
  const makers = new Map<Hex, StoredStatement>();
  for (const stored of statements)
    if (stored.signed.name === "Operation")
      for (const { lot } of stored.signed.statement.outputs) makers.set(lot, stored);
  return makers;
}

function madeBy({ signed }: StoredStatement, lot: Hex): LotEntry["made"] {
  if (signed.name !== "Operation") return null;
  const { outputs, time, kind } = signed.statement;
  return { mass: outputs.find((output) => output.lot === lot)?.mass ?? 0, time, kind };
}

/** What the event that made a lot calls it (recording.ts). */
export function productIn(document: Document | null, uri: string): Words | null {
  const ilmd = isObject(document?.["ilmd"]) ? document["ilmd"] : {};
  const products = ilmd["plotline:products"];
  const own = Array.isArray(products)
    ? (products as readonly unknown[])
        .filter(isObject)
        .find((item) => idOf(String(item["plotline:lot"])) === idOf(uri))
    : ilmd;
  const { vi, en } = isObject(own?.["plotline:product"]) ? own["plotline:product"] : {};
  return typeof vi === "string" && typeof en === "string" ? { vi, en } : null;
}
