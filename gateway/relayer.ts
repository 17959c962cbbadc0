import { makeBed, type Bed } from "./bed.ts";
import { isThrottling } from "./chain/providers.ts";
import { RpcError } from "./core/rpc-error.ts";
import { TraceError } from "./core/trace-error.ts";
import { emptyMemory, type Memory } from "./relayer-memory.ts";
import { senderOf, Trouble, type RelayerParts, type RelayerState } from "./relayer-parts.ts";
import { step } from "./relayer-step.ts";
import { firstCheckpointAfter } from "./store/log.ts";
import { countStatements } from "./store/statements.ts";

export type RelayerStatus = {
  readonly state: RelayerState;
  readonly trouble: string | null;
  readonly sender: string;
  /** Statements that are not settled. */
  readonly pending: number;
  /** Entries of the log that the chain vouches for, as of the last look. */
  readonly anchoredSize: number;
  /** Since when, in seconds, there is a signed checkpoint that is not anchored; 0 where there is none. */
  readonly anchorLagSeconds: number;
};

export type Relayer = {
  /** There is a new statement or checkpoint. */
  readonly wake: () => void;
  readonly status: () => Promise<RelayerStatus>;
  /** Carries to the chain what can be carried at once, and stops. */
  readonly close: () => Promise<void>;
};

// A batch waits this long for company, which shares its cost.
const GATHER = 20;
const POLL = 1_000; // while something waits to be mined or to be final
const IDLE = 10_000;
const MOST_PAUSE = 30_000;

type Run = {
  readonly memory: Memory;
  readonly bed: Bed;
  awake: boolean;
  closing: boolean;
  failures: number;
  state: RelayerState;
  trouble: string | null;
};

/** Carries people's statements and the log's checkpoints to the chain until closed. It never gives up. */
export function startRelayer(parts: RelayerParts): Relayer {
  const run: Run = {
    memory: emptyMemory(),
    bed: makeBed(),
    awake: true,
    closing: false,
    failures: 0,
    state: "starting",
    trouble: null,
  };
  const ended = work(parts, run);
  return {
    wake: () => {
      run.awake = true;
      // A node in trouble is not asked more often because people are busy.
      if (run.failures === 0) run.bed.rouse();
    },
    status: () => statusOf(parts, run),
    close: () => {
      run.closing = true;
      run.bed.rouse();
      return ended;
    },
  };
}

async function work(parts: RelayerParts, run: Run): Promise<void> {
  while (!run.closing) {
    run.awake = false;
    const open = await attempt(parts, run);
    if (run.closing) break;
    if (run.failures > 0) await run.bed.sleep(Math.min(POLL * 2 ** (run.failures - 1), MOST_PAUSE));
    else if (!run.awake) await run.bed.sleep(open > 0 ? POLL : Math.min(IDLE, parts.anchorEvery));
    if (run.awake && !run.closing) await run.bed.sleep(GATHER);
  }
  if (run.failures === 0) await attempt(parts, run);
}

/** Steps until there is nothing to do at once; trouble is noted and left to the next attempt. Gives the transactions still open. */
async function attempt(parts: RelayerParts, run: Run): Promise<number> {
  try {
    let stepped = await step(parts, run.memory);
    while (stepped.again) stepped = await step(parts, run.memory);
    if (run.state !== "working") parts.log.info({ sender: senderOf(parts) }, "the relayer works");
    [run.failures, run.state, run.trouble] = [0, "working", null];
    return stepped.open;
  } catch (failure) {
    run.failures += 1;
    const trouble = failure instanceof Error ? failure.message : String(failure);
    const state = failure instanceof Trouble ? failure.state : stateOf(failure);
    run.memory.started = false; // whose chain and contracts these are is asked again
    if (trouble !== run.trouble) parts.log.error({ err: failure }, "the relayer waits");
    [run.state, run.trouble] = [state, trouble];
    return 1;
  }
}

/** What a failure says of what is behind it. A node's are TraceErrors (chain/node.ts); whatever else a step waits for is the store. */
function stateOf(failure: unknown): RelayerState {
  if (!(failure instanceof TraceError || failure instanceof RpcError)) return "no-store";
  if (isThrottling(failure)) return "throttled";
  for (let cause: unknown = failure; cause instanceof Error; cause = cause.cause)
    if (cause instanceof TraceError && cause.code !== "UNAVAILABLE") return "nonsense";
  return "unreachable";
}

async function statusOf(
  parts: RelayerParts,
  { memory, bed, state, trouble }: Run,
): Promise<RelayerStatus> {
  const { store, now } = parts;
  const anchoredSize = memory.anchored?.size ?? 0;
  const counts = await countStatements(store.db);
  // It answers again, so there is nothing left to wait for.
  if (state === "no-store") bed.rouse();
  const unsettled = counts.filter((row) => row.state === "stored" || row.state === "sent");
  const first =
    memory.anchored === undefined ? undefined : await firstCheckpointAfter(store.db, anchoredSize);
  const { hindrance } = memory;
  return {
    state: state === "working" && hindrance !== undefined ? hindrance.state : state,
    trouble: trouble ?? hindrance?.message ?? null,
    sender: senderOf(parts),
    pending: unsettled.reduce((sum, { count }) => sum + Number(count), 0),
    anchoredSize,
    anchorLagSeconds: first === undefined ? 0 : Math.max(0, (now() - first.signed_at) / 1_000),
  };
}
