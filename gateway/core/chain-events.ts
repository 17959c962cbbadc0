/** What the contracts tell in events only: which root an older checkpoint had, and when they took it. */
import { topicOf } from "./abi.ts";
import { hexWord, type Hex } from "./bytes.ts";
import type { ChainState, Request } from "./chain-state.ts";
import { searchEvents } from "./event-search.ts";
import type { Deployment } from "./operations.ts";
import { blockAt, membersOf, quantity, strictHex } from "./rpc-answers.ts";
import { TraceError } from "./trace-error.ts";

/** One chain as of one block. `fromBlock`: where the deployment's events begin. */
type There = {
  readonly request: Request;
  readonly deployment: Deployment;
  readonly block: { readonly number: number };
  readonly fromBlock?: number;
};

const ANCHORED = topicOf("Anchored(bytes32,uint64,bytes32)");
const CHUNK = 100; // alternatives in one question

type Newest = { readonly root: Hex; readonly size: number; readonly time: number };

/**
 * The roots of `sizes` and the block times of `dated`, of those that are anchored, and the newest's of its own. Times stay
 * unknown where the endpoint does not answer for events; roots do not. Throws UNAVAILABLE, BAD_ENCODING.
 */
export async function anchorsOf(
  there: There & { readonly log: Hex; readonly newest: Newest },
  sizes: readonly number[],
  dated: readonly number[],
): Promise<Pick<ChainState, "anchored" | "anchoredAt">> {
  const { log, newest } = there;
  const isOlder = (size: number): boolean => size > 0 && size < newest.size;
  const older = await readAnchored(there, log, sizes.filter(isOlder));
  const roots = sizes.includes(newest.size) ? [newest, ...older] : older;
  const asked = readAnchored(there, log, dated.filter(isOlder));
  const times = await ifTold(asked.then((events) => timesOf(there, events)));
  return {
    anchored: Object.fromEntries(roots.map(({ size, root }) => [size, root])),
    anchoredAt: Object.fromEntries(
      [newest, ...(times ?? [])].map(({ size, time }) => [size, time]),
    ),
  };
}

/** What an endpoint that keeps no old events does not tell stays unknown. */
const ifTold = <T>(asked: Promise<T>): Promise<T | undefined> =>
  asked.catch((failure: unknown) => {
    if (failure instanceof TraceError && failure.code === "UNAVAILABLE") return undefined;
    throw failure;
  });

const timesOf = <T extends { readonly block: number }>({ request }: There, events: readonly T[]) =>
  Promise.all(
    events.map(async (event) => ({ ...event, time: (await blockAt(request, event.block)).time })),
  );

/** The `Anchored` events of these sizes, each once. A log anchors a size once: a second root would be a lie of the endpoint. */
async function readAnchored(there: There, log: Hex, asked: readonly number[]) {
  const sizes = new Map(asked.map((size) => [hexWord(size), size]));
  const { checkpoints } = there.deployment;
  const events = await eventsOf(there, checkpoints, [ANCHORED, log], [...sizes.keys()]);
  if (new Set(events.map(({ topics }) => topics[2])).size < events.length)
    throw new TraceError("BAD_ENCODING", "one size was anchored twice");
  return events.map(({ topics: [, , size = "0x"], data, block }) => {
    return { size: sizes.get(size) ?? 0, root: strictHex(data, 32), block };
  });
}

type Event = {
  readonly topics: readonly Hex[];
  readonly data: string;
  readonly block: number;
};

/** The events of a contract that begin with these topics and one of `among`. */
async function eventsOf(
  { request, block, fromBlock: from = 0 }: There,
  address: Hex,
  topics: readonly Hex[],
  among: readonly Hex[],
): Promise<readonly Event[]> {
  const filters = Array.from({ length: Math.ceil(among.length / CHUNK) }, (_, i) => {
    return { address, topics: [...topics, among.slice(i * CHUNK, (i + 1) * CHUNK)] };
  });
  const events = await searchEvents(request, filters, { from, to: block.number });
  return events.map((event) => {
    const { address: by, topics: words, data, removed, blockNumber } = membersOf(event);
    const own = Array.isArray(words) ? (words as readonly Hex[]) : [];
    const last = own[topics.length];
    const at = quantity(blockNumber);
    if (
      typeof by !== "string" ||
      typeof data !== "string" ||
      by.toLowerCase() !== address ||
      topics.some((topic, k) => own[k] !== topic) ||
      last === undefined ||
      !among.includes(last) ||
      removed === true ||
      at > block.number
    )
      throw new TraceError("BAD_ENCODING", "an event that was not asked for");
    return { topics: own, data, block: at };
  });
}
