import type { Hex } from "../core/bytes.ts";
import { kindName } from "../core/agreement.ts";
import { FLAGS, KINDS } from "../core/operations.ts";
import type { Words } from "../core/recording.ts";
import { excursionsOf, tellingReadings } from "../core/verify/excursions.ts";
import { equivocationsOf, newestReading } from "../store/packs.ts";
import { urisOf } from "../store/people.ts";
import type { Sql } from "../store/schema.ts";
import { pendingStatements, recentStatements, type StoredStatement } from "../store/statements.ts";
import { lineageFrom } from "../store/views.ts";
import type { ChainView } from "./chain-view.ts";
import { lotEntries, productIn } from "./lots.ts";
import { directoryOf, type Directory } from "./people.ts";
import { allWatches, readingsByDay } from "./watches.ts";

/** What a list's rows are made of; `now` in ms. `days`: how far it looks back, 1 for today alone. */
export type OverviewParts = {
  readonly sql: Sql;
  readonly chain: ChainView;
  readonly now: () => number;
};
type Asked = OverviewParts & { readonly days: number };

/** One row of a list: values that a table or a CSV file can show. Times are ISO 8601, masses grams. */
export type Row = Readonly<Record<string, string | number | Words | null>>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONE = 7 * HOUR; // Viet Nam knows no summer time
const MOST = 5_000;

const iso = (ms: number): string => new Date(ms).toISOString();
const startOfDay = (now: number): number => Math.floor((now + ZONE) / DAY) * DAY - ZONE;

/** Lots that came into being on these days (of Viet Nam), by harvest, from outside or by processing. */
async function lots({ sql, now, days }: Asked): Promise<readonly Row[]> {
  const made = await recentStatements(sql, {
    kinds: [KINDS.harvest, KINDS.intake, KINDS.process],
    since: startOfDay(now()) - (days - 1) * DAY,
    limit: MOST,
  });
  const kept = made.filter(({ state }) => state !== "refused");
  const uris = await urisOf(sql, kept.flatMap(outputsOf));
  const people = await directoryOf(sql);
  return kept.flatMap((stored) => {
    const { signed, receivedAt, state } = stored;
    if (signed.name !== "Operation") return [];
    const { kind, party } = signed.statement;
    return signed.statement.outputs.map(({ lot, mass }) => {
      const uri = uris.get(lot) ?? null;
      return {
        lot,
        uri,
        product: uri === null ? null : productIn(signed.document, uri),
        kind: kindName(kind),
        mass,
        party: people.get(party)?.name ?? party,
        state,
        at: iso(receivedAt),
      };
    });
  });
}

const outputsOf = ({ signed }: StoredStatement): readonly Hex[] =>
  signed.name === "Operation" ? signed.statement.outputs.map(({ lot }) => lot) : [];

/** What the chain has not settled; `seconds` since we took it. */
async function waiting({ sql, now }: Asked): Promise<readonly Row[]> {
  const statements = await pendingStatements(sql, MOST, ["stored", "sent"]);
  const people = await directoryOf(sql);
  return statements.map((stored) => ({
    ...rowOf(stored, people),
    seconds: Math.max(0, Math.round((now() - stored.receivedAt) / 1000)),
  }));
}

/** What the contracts turned down after we had taken it, in the last seven days or more. */
async function refused({ sql, now, days }: Asked): Promise<readonly Row[]> {
  const since = now() - Math.max(7, days) * DAY;
  const statements = await recentStatements(sql, { state: "refused", since, limit: MOST });
  const people = await directoryOf(sql);
  return statements.map((stored) => ({ ...rowOf(stored, people), reason: stored.reason }));
}

const rowOf = ({ digest, signed, state, receivedAt }: StoredStatement, people: Directory) => ({
  digest,
  name: signed.name,
  kind: signed.name === "Operation" ? kindName(signed.statement.kind) : null,
  party: people.get(signed.statement.party)?.name ?? signed.statement.party,
  state,
  at: iso(receivedAt),
});

/** Readings outside their limits in the last 24 hours, or so many days. */
async function excursions({ sql, now, days }: Asked): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { device, label, placeName, placeUri, limits, from, until } of await allWatches(sql)) {
    const [start, end] = [Math.max(now() - days * DAY, from * 1000), Math.min(now(), until * 1000)];
    if (start >= end || limits.length === 0) continue;
    const readings = await tellingReadings(readingsByDay(sql, device, start, end), limits);
    for (const { limit, peak, start: begin, end: last } of excursionsOf(readings, limits))
      rows.push({
        device,
        label,
        place: placeName,
        placeUri,
        quantity: limit.name,
        unit: limit.unit,
        peak,
        min: limit.min ?? null,
        max: limit.max ?? null,
        from: iso(begin),
        until: iso(last),
      });
  }
  return rows;
}

/** Devices that should have spoken by now. */
async function silent({ sql, now }: Asked): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const watch of await allWatches(sql)) {
    const { device, label, placeName: place, placeUri, interval, from, until } = watch;
    if (now() < from * 1000 || now() >= until * 1000) continue;
    const heard = await newestReading(sql, device);
    const last = Math.max(heard ?? 0, from * 1000);
    if (now() - last <= 2 * interval * 1000) continue;
    const silentSeconds = Math.round((now() - last) / 1000);
    const at = heard === null ? null : iso(last);
    rows.push({ device, label, place, placeUri, last: at, interval, silentSeconds });
  }
  return rows;
}

/** Lots that are recalled now, with how many lots were made of each. */
async function recalls({ sql, chain }: Asked): Promise<readonly Row[]> {
  const made = await recentStatements(sql, {
    kinds: [KINDS.recall],
    state: "confirmed",
    limit: MOST,
  });
  const newest = new Map(
    made.toReversed().flatMap((stored) => {
      const { signed } = stored;
      return signed.name === "Operation"
        ? signed.statement.inputs.map(({ lot }) => [lot, stored] as const)
        : [];
    }),
  );
  const people = await directoryOf(sql);
  const entries = await lotEntries(
    { sql, chain, people },
    [...newest.keys()],
    ({ flags }) => (flags & FLAGS.recalled) !== 0,
  );
  return Promise.all(
    entries.map(async ({ lot, uri, product, holder }) => {
      const stored = newest.get(lot);
      const party = stored?.signed.statement.party;
      return {
        lot,
        uri,
        product,
        holder: holder.name ?? holder.party,
        by: party === undefined ? null : (people.get(party)?.name ?? party),
        reason: textOr(stored?.signed.document?.["plotline:memo"]),
        since: stored?.block == null ? null : iso(stored.block.time * 1000),
        affected: (await lineageFrom(sql, [lot], "down")).length - 1,
      };
    }),
  );
}

/** What was made of recalled lots, of whatever depth: how much is left of it, and who has it. */
async function affected(asked: Asked): Promise<readonly Row[]> {
  const { sql, chain } = asked;
  const recalled = (await recalls(asked)).map(({ lot }) => lot as Hex);
  const made = await lineageFrom(sql, recalled, "down");
  const people = await directoryOf(sql);
  const entries = await lotEntries(
    { sql, chain, people },
    made.filter((lot) => !recalled.includes(lot)),
  );
  return entries.map(({ lot, uri, product, mass, holder, recalls }) => ({
    lot,
    uri,
    product,
    mass,
    holder: holder.name ?? holder.party,
    of: recalls.map((recall) => recall.uri?.split("/").at(-1) ?? recall.lot).join(", "),
  }));
}

const textOr = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Devices that said two things under one number. */
async function equivocations({ sql }: Asked): Promise<readonly Row[]> {
  return (await equivocationsOf(sql)).map(({ device, epoch, seq, received_at }) => ({
    device,
    epoch,
    seq,
    at: iso(received_at),
  }));
}

/** The lists behind the numbers of the province's wall, by name. */
export const LISTS = {
  lots,
  waiting,
  refused,
  excursions,
  silent,
  recalls,
  affected,
  equivocations,
} as const;
export type ListName = keyof typeof LISTS;
