/** What the contracts tell in events only: which root an older checkpoint had, and when they took it, or a watch. */
import { decodeStruct, topicOf } from "./abi.ts";
import { fromHex, hexWord, type Hex } from "./bytes.ts";
import type { ChainState, Request, Watching } from "./chain-state.ts";
import { membersOf as structOf } from "./eip712.ts";
import type { Deployment } from "./operations.ts";
import { blockAt, membersOf, quantity, strictHex } from "./rpc-answers.ts";
import { TraceError } from "./trace-error.ts";
import { grouped } from "./verify/grouped.ts";

/** One chain as of one block. `fromBlock`: where the deployment's events begin. */
type There = {
  readonly request: Request;
  readonly deployment: Deployment;
  readonly block: { readonly number: number };
  readonly fromBlock?: number;
};

const ANCHORED = topicOf("Anchored(bytes32,uint64,bytes32)");
const WATCHED = topicOf("Watched(bytes32,bytes32,uint64,uint64,uint32,bytes32,bytes32)");
const PROMISE = structOf("uint64 from,uint64 until,uint32 interval,bytes32 by,bytes32 content");
const CHUNK = 100; // alternatives in one question
const MOST_BLOCKS = 400; // of one place: anybody may set sensors at anybody's

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

/**
 * When the chain took each place's watches: block times in their order. Of a place whose events do not tell of these very
 * watches, or where the endpoint does not answer for events, nothing is known. Throws BAD_ENCODING.
 */
export async function watchedAtOf(
  there: There,
  watches: ChainState["watches"],
): Promise<ChainState["watchedAt"]> {
  const places = Object.keys(watches) as Hex[];
  const asked = eventsOf(there, there.deployment.parties, [WATCHED], places);
  const told = grouped((await ifTold(asked)) ?? [], ({ topics }) => topics[1]);
  const known: Record<Hex, readonly number[]> = {};
  for (const place of places) {
    const taken = (told.get(place) ?? []).flatMap(promiseOf);
    const same = (watches[place] ?? []).map((watch, i) => isSame(watch, taken[i]));
    const blocks = [...grouped(taken, ({ block }) => block).keys()].map((block) => ({ block }));
    if (same.length !== taken.length || same.includes(false) || blocks.length > MOST_BLOCKS)
      continue;
    const dated = await ifTold(timesOf(there, blocks));
    if (dated === undefined) continue;
    const times = new Map(dated.map(({ block, time }) => [block, time]));
    known[place] = taken.flatMap(({ block }) => times.get(block) ?? []);
  }
  return known;
}

type Taken = { readonly watch: Omit<Watching, "until">; readonly block: number };

/** What an event promises; one that only ends a watch promises nothing. */
function promiseOf({ topics, data, block }: Event): readonly Taken[] {
  const { from, until, interval, content } = decodeStruct({}, PROMISE, fromHex(data));
  if ((from as bigint) >= (until as bigint)) return [];
  const begin = Math.min(Number(from), Number.MAX_SAFE_INTEGER); // as readChainState reads it
  const terms = { from: begin, interval: Number(interval), content: content as Hex };
  return [{ watch: { device: strictHex(topics[2], 32), ...terms }, block }];
}

const isSame = (watch: Watching, taken: Taken | undefined): boolean =>
  (["device", "from", "interval", "content"] as const).every(
    (member) => watch[member] === taken?.watch[member],
  );

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

/** The events of a contract that begin with these topics and one of `among`, in the order of the chain. */
async function eventsOf(
  { request, block, fromBlock = 0 }: There,
  address: Hex,
  topics: readonly Hex[],
  among: readonly Hex[],
): Promise<readonly Event[]> {
  const found: Event[] = [];
  for (let i = 0; i < among.length; i += CHUNK) {
    const some = among.slice(i, i + CHUNK);
    const filter = {
      address,
      topics: [...topics, some],
      fromBlock: `0x${fromBlock.toString(16)}`,
      toBlock: `0x${block.number.toString(16)}`,
    };
    const events = await request("eth_getLogs", [filter]);
    if (!Array.isArray(events)) throw new TraceError("BAD_ENCODING", "no list of events");
    for (const event of events as readonly unknown[]) {
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
        !some.includes(last) ||
        removed === true ||
        at > block.number
      )
        throw new TraceError("BAD_ENCODING", "an event that was not asked for");
      found.push({ topics: own, data, block: at });
    }
  }
  return found;
}
