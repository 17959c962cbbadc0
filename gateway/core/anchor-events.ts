/** When a log was anchored: the contract keeps the newest checkpoint only, and tells of older ones in events. */
import { topicOf } from "./abi.ts";
import type { Hex } from "./bytes.ts";
import type { ChainState, Request } from "./chain-state.ts";
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
const CHUNK = 100; // sizes in one question

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
  const times = await readAnchored(there, log, dated.filter(isOlder))
    .then((events) => timesOf(there, events))
    .catch((failure: unknown) => {
      if (failure instanceof TraceError && failure.code === "UNAVAILABLE") return [];
      throw failure;
    });
  return {
    anchored: Object.fromEntries(roots.map(({ size, root }) => [size, root])),
    anchoredAt: Object.fromEntries([newest, ...times].map(({ size, time }) => [size, time])),
  };
}

type Anchor = { readonly size: number; readonly root: Hex; readonly block: number };

const timesOf = ({ request }: There, events: readonly Anchor[]) =>
  Promise.all(
    events.map(async ({ size, block }) => ({ size, time: (await blockAt(request, block)).time })),
  );

/** The `Anchored` events of these sizes, each once. A log anchors a size once: a second root would be a lie of the endpoint. */
async function readAnchored(
  there: There,
  log: Hex,
  asked: readonly number[],
): Promise<readonly Anchor[]> {
  const found: Anchor[] = [];
  const sizes = [...new Set(asked)];
  for (let i = 0; i < sizes.length; i += CHUNK)
    found.push(...(await readSome(there, log, sizes.slice(i, i + CHUNK))));
  return found;
}

async function readSome(there: There, log: Hex, sizes: readonly number[]) {
  const { request, deployment, block, fromBlock = 0 } = there;
  const topics = sizes.map((size): Hex => `0x${size.toString(16).padStart(64, "0")}`);
  const filter = {
    address: deployment.checkpoints,
    topics: [ANCHORED, log, topics],
    fromBlock: `0x${fromBlock.toString(16)}`,
    toBlock: `0x${block.number.toString(16)}`,
  };
  const events = await request("eth_getLogs", [filter]);
  if (!Array.isArray(events)) throw new TraceError("BAD_ENCODING", "no list of events");
  const found: Anchor[] = [];
  for (const event of events as readonly unknown[]) {
    const { address, topics: words, data, removed, blockNumber } = membersOf(event);
    const [kind, of, word] = Array.isArray(words) ? (words as readonly unknown[]) : [];
    const size = sizes[topics.indexOf(word as Hex)];
    if (
      typeof address !== "string" ||
      address.toLowerCase() !== deployment.checkpoints ||
      kind !== ANCHORED ||
      of !== log ||
      size === undefined ||
      removed === true ||
      quantity(blockNumber) > block.number ||
      found.some((one) => one.size === size)
    )
      throw new TraceError("BAD_ENCODING", "an event that was not asked for");
    found.push({ size, root: strictHex(data, 32), block: quantity(blockNumber) });
  }
  return found;
}
