/** Events over any number of blocks, of endpoints that search only so many at once. */
import type { Request } from "./chain-state.ts";
import { RpcError } from "./rpc-error.ts";
import { TraceError } from "./trace-error.ts";

/** Questions for one search: five million blocks, ten thousand at a time. */
const MOST = 500;

type Range = { readonly from: number; readonly to: number };

/**
 * The events of these filters in a range of blocks, in the order of the chain where there is one filter. Endpoints bound a search by
 * its blocks, its events or its time, each with other words and another code: so whatever JSON-RPC error one answers, it is asked
 * for half as many blocks from there on. Throws UNAVAILABLE where that would take more than MOST questions, BAD_ENCODING, and what `request` throws.
 */
export async function searchEvents(
  request: Request,
  filters: readonly object[],
  { from, to }: Range,
): Promise<readonly unknown[]> {
  const found: unknown[][] = [];
  const least = ((to - from + 1) * filters.length) / MOST;
  let length = to - from + 1;
  for (let first = from; first <= to;) {
    const last = Math.min(to, first + length - 1);
    try {
      const range = { fromBlock: `0x${first.toString(16)}`, toBlock: `0x${last.toString(16)}` };
      const answers = filters.map((filter) => request("eth_getLogs", [{ ...filter, ...range }]));
      for (const events of await Promise.all(answers)) found.push(listIn(events));
      first = last + 1;
    } catch (failure) {
      if (first === last || !isRefusal(failure)) throw failure;
      length = Math.ceil((last - first + 1) / 2);
      if (length < least)
        throw new TraceError(
          "UNAVAILABLE",
          `an endpoint searches so few blocks at once that ${to - from + 1} would take more than ${MOST} questions`,
          { cause: failure },
        );
    }
  }
  return found.flat();
}

function listIn(events: unknown): unknown[] {
  if (Array.isArray(events)) return events as unknown[];
  throw new TraceError("BAD_ENCODING", "no list of events");
}

/** The endpoint's own word that it will not, be it behind `asking`'s. */
const isRefusal = (failure: unknown): boolean =>
  failure instanceof RpcError ||
  (failure instanceof TraceError && failure.cause instanceof RpcError);
