import type { Hex } from "../bytes.ts";
import type { ChainState, Watching } from "../chain-state.ts";
import { minuteOf } from "./days.ts";
import { grouped } from "./grouped.ts";
import { remark, type Check } from "./report.ts";
import type { Window } from "./windows.ts";

/** A watch by the chain, and over which place (its id). */
type Placed = Watching & { readonly place: string };

/**
 * A remark on each device that is said to watch two places at once, among those that the chain was asked about, while goods of
 * this trail were on their way: it was at one of them at most, and what it measured there would count for both.
 */
export function judgeWhereabouts(
  { watches }: Pick<ChainState, "watches">,
  windows: ReadonlyMap<Hex, readonly Pick<Window, "from" | "until">[]>,
): Check[] {
  const placed = Object.entries(watches).flatMap(([place, own]) =>
    own.map((watch): Placed => ({ ...watch, place })),
  );
  const byDevice = grouped(placed, ({ device }) => device);
  return [...windows].flatMap(([device, own]) => {
    const from = own.reduce((first, window) => Math.min(first, window.from), Infinity);
    const until = own.reduce((last, window) => Math.max(last, window.until), 0);
    const time = torn(byDevice.get(device) ?? [], from, until);
    const matter = { question: "plausible", record: `device ${device.slice(0, 10)}…` } as const;
    const reason = `from ${minuteOf(time)} it is said to watch two places at once`;
    return time < Infinity ? [remark({ ...matter, subject: device }, "REPLAYED", reason)] : [];
  });
}

/** From when two watches over different places run at once between these times: with the one that reaches furthest, each later one is compared. */
function torn(watches: readonly Placed[], from: number, until: number): number {
  let furthest: Placed | undefined;
  for (const next of watches.toSorted((a, b) => a.from - b.from)) {
    const both = Math.max(from, next.from);
    const end = Math.min(until, next.until, furthest?.until ?? 0);
    if (both < end && furthest?.place !== next.place) return both;
    if (furthest === undefined || next.until > furthest.until) furthest = next;
  }
  return Infinity;
}
