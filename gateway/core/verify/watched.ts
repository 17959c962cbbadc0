import type { Recorded } from "../bundle.ts";
import { toHex, type Hex } from "../bytes.ts";
import { contentHash } from "../canonical.ts";
import type { Watching } from "../chain-state.ts";
import { idOf } from "../recording.ts";
import { TraceError } from "../trace-error.ts";
import type { Dwelling } from "./dwellings.ts";
import { limitsIn, type Limit } from "./excursions.ts";
import { grouped } from "./grouped.ts";
import { firstFrom } from "./series.ts";

/**
 * A watch of the chain with what was signed for it; `limits` is null where its document is not shown. `signedUntil` (seconds)
 * is the end that was signed.
 */
export type Watch = Watching & {
  readonly limits: readonly Limit[] | null;
  readonly signedUntil?: number;
};

/**
 * The limits that were signed for the end of a span too, were cut while the goods stood there, and are not held by its watch (null
 * where one's are not shown); `interval` is the shortest of its own and of all those that were cut.
 */
export type GivenUp = { readonly dropped: readonly Limit[] | null; readonly interval: number };

/**
 * From when to when goods stood where a device had to speak of them (`kept`), or had ceased to: where none of its watches
 * runs, until the furthest end that was signed for one that had begun. Seconds. What was given up is looked for
 * where the span is judged: of a crowd of watches only few are.
 */
export type Span = {
  readonly watch: Watch;
  readonly from: number;
  readonly until: number;
  readonly kept: boolean;
  readonly givenUp: () => GivenUp;
};

/** So many earlier watches are looked at: the first of them that were loosened is told of in its own place. */
const MOST_CUT = 20;

/** Until when a watch was to run; of what is not shown nobody knows that it was ever to end. */
const promisedUntil = ({ signedUntil = Infinity }: Watch): number => signedUntil;

/** The spans of one device's watches of a place in which goods stood there. */
export function spansOf(
  { from, until }: Pick<Dwelling, "from" | "until">,
  watches: readonly Watch[],
): readonly Span[] {
  const inTurn = watches.toSorted((a, b) => a.from - b.from || a.until - b.until);
  const cut = watches
    .filter((old) => Math.max(from, old.from) < old.until && old.until < promisedUntil(old))
    .toSorted((a, b) => a.until - b.until);
  let reach = 0;
  let promise: Watch | undefined;
  return inTurn
    .flatMap((watch, i): readonly Span[] => {
      reach = Math.max(reach, watch.from, watch.until);
      if (promise === undefined || promisedUntil(watch) >= promisedUntil(promise)) promise = watch;
      const lapse = inTurn[i + 1]?.from ?? promisedUntil(promise);
      const running = { watch, from: watch.from, until: watch.until, kept: true };
      const ceased = { watch: promise, from: reach, until: lapse, kept: false };
      return [running, ceased].map((span) => ({
        ...span,
        givenUp: () => givenUp(cut, span, until),
      }));
    })
    .map((span) => ({
      ...span,
      from: Math.max(from, span.from),
      until: Math.min(until, span.until),
    }))
    .filter((span) => span.from < span.until);
}

/** What the watches that were cut before the end of a span had promised for it, and its own does not. */
function givenUp(
  cut: readonly Watch[],
  { watch, ...span }: Pick<Span, "watch" | "from" | "until">,
  until: number,
): GivenUp {
  const old = cut.filter(
    (one) => one.until < Math.min(span.until, until) && span.from < promisedUntil(one),
  );
  const interval = old.reduce((least, one) => Math.min(least, one.interval), watch.interval);
  const last = old.slice(-MOST_CUT);
  const loose = last.flatMap((one) => loosened(one, watch));
  const dropped = last.some(({ limits }) => limits === null)
    ? null
    : [...new Map(loose.map((limit) => [JSON.stringify(limit), limit])).values()];
  return { dropped, interval };
}

/** The limits of a watch that a later one does not hold its readings to. */
const loosened = (old: Watch, { limits }: Watch): readonly Limit[] =>
  limits === null ? [] : (old.limits ?? []).filter((limit) => !limits.some(within(limit)));

/** Whether another limit lets nothing pass that this one does not. */
const within =
  ({ name, unit, min = -Infinity, max = Infinity }: Limit) =>
  (other: Limit): boolean =>
    other.name === name &&
    other.unit === unit &&
    (other.min ?? -Infinity) >= min &&
    (other.max ?? Infinity) <= max;

/** The same of all devices at a place. */
export const spansAt = (dwelling: Dwelling, watches: readonly Watch[]): readonly Span[] =>
  [...grouped(watches, ({ device }) => device).values()].flatMap((own) => spansOf(dwelling, own));

/**
 * The chain's watches of a place with what people signed for them: limits by the hash that the chain has, so that nobody can
 * show those of an older, more patient one.
 */
export function withSigned(
  statements: readonly Recorded[],
): (place: string, watches: readonly Watching[]) => readonly Watch[] {
  const limits = new Map<Hex, readonly Limit[]>();
  const shown: { readonly name: string; readonly until: number }[] = [];
  for (const { name, statement, document } of statements) {
    if (name !== "Watch") continue;
    shown.push({ name: nameOf(statement.place, statement), until: statement.until });
    if (document === null) continue;
    try {
      limits.set(toHex(contentHash(document)), limitsIn(document));
    } catch (failure) {
      // Not NFC, or no JSON: that it is not what was signed is said where signatures are judged.
      if (!(failure instanceof TraceError)) throw failure;
    }
  }
  const signed = endsOf(shown);
  return (place, watches) => {
    const id = idOf(place);
    const known = endsOf(watches.map((one) => ({ name: nameOf(id, one), until: one.until })));
    return watches.map((watch) => {
      const name = nameOf(id, watch);
      const ends = signed.get(name) ?? [];
      const reaching = (all: readonly number[] = []): number =>
        all.length - firstFrom(all, (end) => end < watch.until);
      // Of two alike, one statement alone could pass for the other.
      const signedUntil = reaching(ends) >= reaching(known.get(name)) ? ends.at(-1) : undefined;
      return {
        ...watch,
        limits: limits.get(watch.content) ?? null,
        ...(signedUntil !== undefined && { signedUntil }),
      };
    });
  };
}

/** When the watches of each name end, in order: anybody can have thousands of one name. */
const endsOf = (
  watches: readonly { readonly name: string; readonly until: number }[],
): ReadonlyMap<string, readonly number[]> =>
  new Map(
    [...grouped(watches, ({ name }) => name)].map(([name, own]) => [
      name,
      own.map(({ until }) => until).toSorted((a, b) => a - b),
    ]),
  );

/** What makes watches alike; where they end is another matter. */
const nameOf = (place: Hex, of: Pick<Watching, "device" | "from" | "content">): string =>
  `${place}/${of.device}/${of.from}/${of.content}`;
