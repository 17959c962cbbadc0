import type { Hex } from "./core/bytes.ts";
import { buildReceipt } from "./core/receipt.ts";
import type { LogSigner } from "./log-signer.ts";
import { topicOf } from "./core/topics.ts";
import type { Outgoing } from "./mqtt/deliveries.ts";
import type { Progress } from "./sequencer.ts";
import { newestCheckpoint, newestEpochs, nextSeq } from "./store/log.ts";
import type { Sql } from "./store/schema.ts";

export type ReceiptParts = {
  readonly db: Sql;
  readonly signer: LogSigner;
  readonly now: () => number; // ms

  /** Hands a message to the broker; resolves when it is out. */
  readonly publish: (message: Outgoing) => Promise<void>;

  /** Some receipts could not be sent, `failure` is the first one's reason. Their devices send again, and so ask again. */
  readonly onTrouble: (failure: unknown, late: number) => void;
};

/** Tells devices what they may forget. */
export type Receipts = {
  /** The log has grown; `size` is its size now. */
  readonly grown: (progress: readonly Progress[], size: number) => void;

  /** A device asks for what it may have missed: all of its newest epochs. */
  readonly ask: (device: Hex) => void;

  /** A pack came again. */
  readonly again: (device: Hex, epoch: number) => void;

  /** Sends what is due and stops: whatever it is told from now on it lets pass. */
  readonly close: () => Promise<void>;
};

const EPOCHS = 16;
const PAUSE = 1_000; // a device that resends a thousand packs gets one receipt, not a thousand
const AT_ONCE = 100; // a broker that is far away answers many as soon as one

type Due = Progress & { readonly size: number };
type Asked = { readonly device: Hex; readonly epoch?: number }; // none: its newest epochs

/**
 * Signs and publishes receipts. They are retained: a device that sleeps finds the newest when it wakes. What comes
 * while others are on their way gathers, and of that the newest of each device and epoch goes out: a slow broker
 * makes receipts fewer, not later.
 */
export function startReceipts(parts: ReceiptParts): Receipts {
  const { db } = parts;
  const due = new Map<string, Due>();
  const asked = new Map<string, Asked>();
  const repeated = new Map<string, Asked>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let closed = false;

  const add = (progress: readonly Progress[], size: number): void => {
    for (const { device, epoch, next } of progress) {
      const known = due.get(`${device}/${epoch}`);
      // What the store said may be older than what the log said since.
      if (known === undefined || known.next <= next)
        due.set(`${device}/${epoch}`, { device, epoch, next, size });
    }
  };
  const answer = async (question: Asked): Promise<void> => {
    const progress = await progressOf(db, question);
    add(progress, (await newestCheckpoint(db))?.size ?? 0);
  };
  const runAll = async (): Promise<void> => {
    while (due.size + asked.size > 0) {
      const unanswered = await inSlices(takeAll(asked), answer);
      const { newest, older } = byEpoch(takeAll(due));
      const late = [...unanswered];
      // The last one is what the broker keeps for a device that sleeps.
      for (const all of [older, newest])
        late.push(...(await inSlices(all, (each) => publishOne(parts, each))));
      if (late.length > 0) parts.onTrouble(late[0], late.length);
    }
    running = undefined; // in the same breath as the look at what is due: what comes after this starts anew
  };
  const run = (): void => {
    // With nothing due it would end before it is remembered, and be taken for one that never ends.
    if (due.size + asked.size > 0) running ??= runAll();
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (const [key, question] of repeated) asked.set(key, question);
    repeated.clear();
    run();
  };

  return {
    grown: (progress, size) => {
      if (closed) return;
      add(progress, size);
      run();
    },
    ask: (device) => {
      if (closed) return;
      asked.set(device, { device });
      run();
    },
    again: (device, epoch) => {
      if (closed) return;
      repeated.set(`${device}/${epoch}`, { device, epoch });
      timer ??= setTimeout(flush, PAUSE);
    },
    close: async () => {
      closed = true;
      flush();
      await running;
    },
  };
}

function takeAll<T>(from: Map<string, T>): readonly T[] {
  const all = [...from.values()];
  from.clear();
  return all;
}

/** The newest epoch of each device, and those before it. */
function byEpoch(all: readonly Due[]) {
  const rising = all.toSorted((a, b) => a.epoch - b.epoch);
  const newest = new Map(rising.map((each) => [each.device, each]));
  const older = rising.filter((each) => newest.get(each.device) !== each);
  return { newest: [...newest.values()], older };
}

/** Does it for all, some at a time. Gives the reasons of those that were rejected. */
async function inSlices<T>(
  all: readonly T[],
  work: (each: T) => Promise<void>,
): Promise<readonly unknown[]> {
  const reasons: unknown[] = [];
  for (let i = 0; i < all.length; i += AT_ONCE) {
    const outcomes = await Promise.allSettled(all.slice(i, i + AT_ONCE).map(work));
    for (const each of outcomes) if (each.status === "rejected") reasons.push(each.reason);
  }
  return reasons;
}

async function progressOf(db: Sql, { device, epoch }: Asked): Promise<readonly Progress[]> {
  if (epoch === undefined) return newestEpochs(db, device, EPOCHS);
  const next = await nextSeq(db, device, epoch);
  return next > 0 ? [{ device, epoch, next }] : [];
}

async function publishOne({ signer, now, publish }: ReceiptParts, due: Due): Promise<void> {
  const payload = await signReceipt({ signer, now }, due, due.size);
  await publish({ topic: topicOf(due.device, "receipts"), payload, retain: true });
}

const signReceipt = (
  { signer, now }: Pick<ReceiptParts, "signer" | "now">,
  { device, epoch, next }: Progress,
  size: number,
): Promise<string> => {
  const time = new Date(now()).toISOString();
  return buildReceipt({ device, epoch, seq: next - 1, size, time }, signer.sign);
};

/** The receipt of one epoch of a device, or of its newest; undefined while the log has nothing of it. */
export async function receiptOf(
  parts: Pick<ReceiptParts, "db" | "signer" | "now">,
  device: Hex,
  epoch: number | undefined,
): Promise<string | undefined> {
  const [newest] = epoch === undefined ? await newestEpochs(parts.db, device, 1) : [];
  const at = epoch ?? newest?.epoch;
  if (at === undefined) return undefined;
  const next = await nextSeq(parts.db, device, at);
  const size = (await newestCheckpoint(parts.db))?.size ?? 0;
  return next === 0 ? undefined : signReceipt(parts, { device, epoch: at, next }, size);
}
