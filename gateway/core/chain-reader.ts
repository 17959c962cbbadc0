import type { Hex } from "./bytes.ts";
import type { CertificateState, ChainState, KeyState } from "./chain-state.ts";
import type { LotState, Request } from "./chain-state.ts";
import type { Struct } from "./eip712.ts";
import type { Deployment } from "./operations.ts";
import { askNumber, blockAt } from "./rpc-answers.ts";
import type { BlockTag } from "./rpc-answers.ts";
import { TraceError } from "./trace-error.ts";
import { decodeAnswer, encodeView, VIEWS, type ViewName } from "./views.ts";
import { readWatches } from "./watch-pages.ts";

/** What a reader wants to know: ids of lots, certificates, keys and places, who answers and who records for whom, and a log's anchors. */
export type Wanted = {
  readonly lots: readonly Hex[];
  readonly certificates: readonly Hex[];
  readonly keys: readonly Hex[];
  readonly places: readonly Hex[];
  readonly parties: readonly Hex[];
  readonly delegations: readonly { readonly party: Hex; readonly agent: Hex }[];
  readonly logId: Hex | null;
  readonly anchoredSizes: readonly number[];
  /** Of which sizes to ask when they were anchored; left out where the endpoint keeps no events. */
  readonly timesOfSizes?: readonly number[];
};

/** One chain, asked at one block. `fromBlock`: where the deployment's events begin. */
export type Reading = {
  readonly request: Request;
  readonly deployment: Deployment;
  readonly wanted: Wanted;
  readonly at?: BlockTag;
  readonly fromBlock?: number;
};

/** Ids in one call: far below the gas that public endpoints allow for reading. */
const CHUNK = 100;

/** Whatever an endpoint answers that cannot be right, it leaves the reader knowing nothing. Throws UNAVAILABLE in its place. */
async function sensible<T>(answers: Promise<T>): Promise<T> {
  try {
    return await answers;
  } catch (failure) {
    if (!(failure instanceof TraceError) || failure.code !== "BAD_ENCODING") throw failure;
    throw new TraceError(
      "UNAVAILABLE",
      `the endpoint's answer cannot be right: ${failure.message}`,
      { cause: failure },
    );
  }
}

/**
 * Reads all of `wanted` at one block. Every answer is judged as a stranger's. Throws OTHER_CHAIN where the endpoint serves another
 * chain or a contract that is asked is not there, UNAVAILABLE where it cannot be asked, answers nonsense or reorganises meanwhile.
 */
export const readChainState = (reading: Reading): Promise<ChainState> => sensible(stateBy(reading));

async function stateBy(reading: Reading): Promise<ChainState> {
  const { deployment, wanted, at = "latest" } = reading;
  const request = asking(reading.request);
  const chainId = await askNumber(request, "eth_chainId");
  if (chainId !== deployment.chainId)
    throw new TraceError("OTHER_CHAIN", `chain ${chainId}, not ${deployment.chainId}`);
  const block = await blockAt(request, at);
  const there: There = { ...reading, request, block };
  const [lots, certificates, keys, watches] = await Promise.all([
    readMany(there, "lotsOf", wanted.lots),
    readMany(there, "certificatesOf", wanted.certificates),
    readMany(there, "keysOf", wanted.keys),
    readWatches(wanted.places, async (page) => plain(await call(there, "watchesOf", page))),
  ]);
  const [sponsors, delegations] = await Promise.all([
    readMany(there, "sponsorsOf", wanted.parties),
    readDelegations(there),
  ]);
  const anchors = await readAnchors(there);
  if ((await blockAt(request, block.number)).hash !== block.hash)
    throw new TraceError("UNAVAILABLE", `block ${block.number} was replaced while it was read`);
  return {
    deployment,
    block,
    lots: lots as Record<Hex, LotState>,
    certificates: certificates as Record<Hex, CertificateState>,
    keys: keys as Record<Hex, KeyState>,
    watches,
    sponsors: sponsors as ChainState["sponsors"],
    delegations,
    ...anchors,
  };
}

const AT_ONCE = 16; // questions to one endpoint, which turns away whoever asks too many

/** Whatever keeps an endpoint from answering, it leaves the reader knowing nothing. Throws UNAVAILABLE. */
export function asking(request: Request): Request {
  let free = AT_ONCE;
  const waiting: (() => void)[] = [];
  return async (method, params) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await request(method, params);
    } catch (cause) {
      throw new TraceError("UNAVAILABLE", `an endpoint does not answer ${method}`, { cause });
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next(); // in the place of this one
    }
  };
}

/** Endpoints whose newest blocks are further apart in time than this do not speak of the same present. */
const MOST_APART = 300; // seconds

/** The same from several endpoints: at the newest block that all of them have, they must say the same. UNAVAILABLE otherwise. */
export async function readAgreed(
  requests: readonly Request[],
  reading: Omit<Reading, "request">,
): Promise<ChainState> {
  const { at = "latest" } = reading;
  const newest = requests.map((request) => sensible(blockAt(asking(request), at)));
  const heads = await Promise.all(newest);
  const times = heads.map(({ time }) => time);
  if (Math.max(...times) - Math.min(...times) > MOST_APART)
    throw new TraceError("UNAVAILABLE", "the endpoints' newest blocks are minutes apart");
  const block = Math.min(...heads.map(({ number }) => number));
  const states = await Promise.all(
    requests.map((request) => readChainState({ ...reading, request, at: block })),
  );
  const [first, ...others] = states;
  // A liar's own word for the time of an old block is not enough: the block itself says when it was.
  if (first !== undefined && Math.max(...times) - first.block.time > MOST_APART && at === "latest")
    throw new TraceError("UNAVAILABLE", "an endpoint's newest block is minutes behind another's");
  if (first === undefined) throw new TraceError("UNAVAILABLE", "there is no endpoint to ask");
  const textOf = (state: ChainState): string => JSON.stringify({ ...state, anchoredAt: {} });
  if (others.some((state) => textOf(state) !== textOf(first)))
    throw new TraceError("UNAVAILABLE", `the endpoints disagree about block ${block}`);
  return { ...first, anchoredAt: agreedOf(states.map(({ anchoredAt }) => anchoredAt)) };
}

/** What all endpoints say; one that keeps no old events says nothing. */
function agreedOf<T>([first = {}, ...others]: readonly Readonly<Record<string, T>>[]) {
  const agreed = Object.entries(first).filter(([name, times]) =>
    others.every((said) => JSON.stringify(said[name]) === JSON.stringify(times)),
  );
  return Object.fromEntries(agreed);
}

type There = Reading & { readonly block: ChainState["block"] };

const tagOf = ({ block }: There): Hex => `0x${block.number.toString(16)}`;

async function call(there: There, name: ViewName, values: Struct): Promise<unknown> {
  const { request, deployment } = there;
  const { contract } = VIEWS[name];
  const to = deployment[contract];
  const answer = await request("eth_call", [{ to, data: encodeView(name, values) }, tagOf(there)]);
  // Where there is no contract a call returns nothing. Its code is asked for only then: it is 30 kB on a phone's line.
  if (answer === "0x" && (await request("eth_getCode", [to, tagOf(there)])) === "0x")
    throw new TraceError("OTHER_CHAIN", `there is no contract at ${to} (${contract})`);
  return decodeAnswer(name, answer);
}

/** The answers of a view over ids, by id. */
async function readMany(
  there: There,
  name: "lotsOf" | "certificatesOf" | "keysOf" | "sponsorsOf",
  ids: readonly Hex[],
): Promise<Record<Hex, unknown>> {
  const chunks = Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, i) =>
    ids.slice(i * CHUNK, (i + 1) * CHUNK),
  );
  const answers = await Promise.all(
    chunks.map(async (chunk) => {
      const list = (await call(there, name, { ids: chunk })) as readonly unknown[];
      if (list.length !== chunk.length)
        throw new TraceError("BAD_ENCODING", `${list.length} answers to ${chunk.length} questions`);
      return list.map((value, i) => [chunk[i], plain(value)] as const);
    }),
  );
  return Object.fromEntries(answers.flat()) as Record<Hex, unknown>;
}

/** Integers as numbers. What no number holds exactly is a time or mass beyond all use, and is read as the greatest there is. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint")
    return value > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

async function readDelegations(there: There): Promise<ChainState["delegations"]> {
  const entries = await Promise.all(
    there.wanted.delegations.map(async ({ party, agent }) => {
      const until = plain(await call(there, "delegatedUntil", { party, agent }));
      return [`${party}:${agent}`, until] as const;
    }),
  );
  return Object.fromEntries(entries) as ChainState["delegations"];
}

type Anchors = Pick<ChainState, "checkpoint" | "anchored" | "anchoredAt">;

async function readAnchors(there: There): Promise<Anchors> {
  const { logId: log, anchoredSizes, timesOfSizes = [] } = there.wanted;
  if (log === null) return { checkpoint: null, anchored: {}, anchoredAt: {} };
  type Newest = { readonly root: Hex; readonly size: number; readonly time: number };
  const { root, size, time } = plain(await call(there, "latest", { log })) as Newest;
  const checkpoint = size === 0 ? null : { root, size, time };
  if (checkpoint === null || anchoredSizes.length + timesOfSizes.length === 0)
    return { checkpoint, anchored: {}, anchoredAt: {} };
  const { anchorsOf } = await import("./sensors.ts");
  return {
    checkpoint,
    ...(await anchorsOf({ ...there, log, newest: checkpoint }, anchoredSizes, timesOfSizes)),
  };
}
