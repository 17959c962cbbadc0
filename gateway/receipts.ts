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
  readonly onTrouble: (failure: unknown) => void;
};

/** Tells devices what they may forget. */
export type Receipts = {
  /** The log has grown; `size` is its size now. */
  readonly grown: (progress: readonly Progress[], size: number) => void;

  /** A device asks for what it may have missed: all of its newest epochs. */
  readonly ask: (device: Hex) => void;

  /** A pack came again. */
  readonly again: (device: Hex, epoch: number) => void;

  /** Sends what is due and stops. */
  readonly close: () => Promise<void>;
};

const EPOCHS = 16;
const PAUSE = 1_000; // a device that resends a thousand packs gets one receipt, not a thousand

/** Signs and publishes receipts. They are retained: a device that sleeps finds the newest when it wakes. */
export function startReceipts(parts: ReceiptParts): Receipts {
  const due = new Map<string, { readonly device: Hex; readonly epoch: number }>();
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();

  const then = (task: () => Promise<void>): void => {
    last = last.then(task).catch(parts.onTrouble);
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const asked = [...due.values()];
    due.clear();
    if (asked.length > 0) then(() => publishAgain(parts, asked));
  };

  return {
    grown: (progress, size) => then(() => publishAll(parts, progress, size)),
    ask: (device) =>
      then(async () => {
        const size = (await newestCheckpoint(parts.db))?.size ?? 0;
        const epochs = await newestEpochs(parts.db, device, EPOCHS);
        await publishAll(parts, epochs.toReversed(), size);
      }),
    again: (device, epoch) => {
      due.set(`${device}/${epoch}`, { device, epoch });
      timer ??= setTimeout(flush, PAUSE);
    },
    close: () => {
      flush();
      return last;
    },
  };
}

async function publishAgain(
  parts: ReceiptParts,
  asked: readonly { readonly device: Hex; readonly epoch: number }[],
): Promise<void> {
  const size = (await newestCheckpoint(parts.db))?.size ?? 0;
  for (const { device, epoch } of asked) {
    const next = await nextSeq(parts.db, device, epoch);
    if (next > 0) await publishAll(parts, [{ device, epoch, next }], size);
  }
}

async function publishAll(
  { signer, now, publish }: ReceiptParts,
  progress: readonly Progress[],
  size: number,
): Promise<void> {
  for (const each of progress)
    await publish({
      topic: topicOf(each.device, "receipts"),
      payload: await signReceipt({ signer, now }, each, size),
      retain: true,
    });
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
