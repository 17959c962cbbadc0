import type { Recorded } from "../bundle.ts";
import { toHex, type Hex } from "../bytes.ts";
import { contentHash } from "../canonical.ts";
import type { Watching } from "../chain-state.ts";
import { idOf } from "../recording.ts";
import type { Statements } from "../operations.ts";
import type { Document } from "../statement.ts";
import { TraceError } from "../trace-error.ts";
import type { Dwelling } from "./dwellings.ts";
import { limitsIn, type Limit } from "./excursions.ts";
import { append, grouped } from "./grouped.ts";

/** A watch of the chain with what was signed for it; `limits` is null where its document is not shown. Seconds. */
export type Watch = Watching & {
  readonly limits: readonly Limit[] | null;
  readonly signed?: { readonly time: number; readonly until: number };
};

/**
 * From when to when goods stood where a device had to speak of them (`kept`), or had ceased to: between two of its watches,
 * or from when its owner ended the last one until the end that was signed. Seconds.
 */
export type Span = {
  readonly watch: Watch;
  readonly from: number;
  readonly until: number;
  readonly kept: boolean;
};

/** The spans of one device's watches of a place in which goods stood there. */
export function spansOf(
  { from, until }: Pick<Dwelling, "from" | "until">,
  watches: readonly Watch[],
): readonly Span[] {
  const inTurn = watches.toSorted((a, b) => a.from - b.from || a.until - b.until);
  let reach = 0;
  return inTurn
    .flatMap((watch, i): readonly Span[] => {
      reach = Math.max(reach, watch.from, watch.until);
      const lapse = inTurn[i + 1]?.from ?? watch.signed?.until ?? reach;
      return [
        { watch, from: watch.from, until: watch.until, kept: true },
        { watch, from: reach, until: lapse, kept: false },
      ];
    })
    .map((span) => ({
      ...span,
      from: Math.max(from, span.from),
      until: Math.min(until, span.until),
    }))
    .filter((span) => span.from < span.until);
}

/** The same of all devices at a place. */
export const spansAt = (dwelling: Dwelling, watches: readonly Watch[]): readonly Span[] =>
  [...grouped(watches, ({ device }) => device).values()].flatMap((own) => spansOf(dwelling, own));

type Shown = {
  readonly statement: Statements["Watch"];
  readonly document: Document | null;
  readonly time: number;
};

/**
 * The chain's watches of a place with what people signed for them: limits by the hash that the chain has, so that nobody can
 * show those of an older, more patient one.
 */
export function withSigned(
  statements: readonly Recorded[],
): (place: string, watches: readonly Watching[]) => readonly Watch[] {
  const limits = new Map<Hex, readonly Limit[]>();
  const shown = new Map<string, Shown[]>();
  for (const { name, statement, document, time } of statements) {
    if (name !== "Watch") continue;
    const { place, device, from } = statement;
    append(shown, nameOf({ place, device, from }), { statement, document, time });
    if (document === null) continue;
    try {
      limits.set(toHex(contentHash(document)), limitsIn(document));
    } catch (failure) {
      // Not NFC, or no JSON: that it is not what was signed is said where signatures are judged.
      if (!(failure instanceof TraceError)) throw failure;
    }
  }
  return (place, watches) =>
    watches.map((watch) => {
      const { device, from, until, content } = watch;
      const found = shown
        .get(nameOf({ place: idOf(place), device, from }))
        ?.find(({ statement }) => statement.content === content && statement.until >= until);
      const signed = found && { time: found.time, until: found.statement.until };
      return { ...watch, limits: limits.get(content) ?? null, ...(signed && { signed }) };
    });
}

const nameOf = (of: Pick<Statements["Watch"], "place" | "device" | "from">): string =>
  `${of.place}/${of.device}/${of.from}`;
