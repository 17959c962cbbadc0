import type { Hex } from "./bytes.ts";
import type { Watching } from "./chain-state.ts";
import { TraceError } from "./trace-error.ts";

/** Watches in one call, below 5 million gas; and of one place in all, for whoever reads what an endpoint makes up. */
const [AT_ONCE, MOST] = [512, 100_000];
/** Places in one call, so that most of them need no second one. */
const TOGETHER = 32;

type Page = {
  readonly places: readonly Hex[];
  readonly offset: number;
  readonly limit: number;
};

/** All watches of each place by `ask`, which answers a page (IParties.watchesOf). Throws UNAVAILABLE of a place with too many, BAD_ENCODING. */
export async function readWatches(
  places: readonly Hex[],
  ask: (page: Page) => Promise<unknown>,
): Promise<Readonly<Record<Hex, readonly Watching[]>>> {
  const found: Record<Hex, Watching[]> = Object.fromEntries(places.map((place) => [place, []]));
  const names = Object.keys(found) as Hex[];
  for (let i = 0; i < names.length; i += TOGETHER) {
    let open = names.slice(i, i + TOGETHER);
    for (let offset = 0, limit = 0; open.length > 0; offset += limit) {
      if (offset > MOST)
        throw new TraceError("UNAVAILABLE", `more than ${MOST} watches of place ${open[0]}`);
      limit = Math.floor(AT_ONCE / open.length);
      const pages = (await ask({ places: open, offset, limit })) as readonly Watching[][];
      if (pages.length !== open.length || pages.some((page) => page.length > limit))
        throw new TraceError("BAD_ENCODING", "other watches than were asked for");
      open = open.filter((place, k) => {
        found[place]?.push(...(pages[k] ?? []));
        return pages[k]?.length === limit;
      });
    }
  }
  return found;
}
