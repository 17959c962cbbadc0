import { connectAsync, type MqttClient } from "mqtt";

import { buildPack } from "../../gateway/core/build-pack.ts";
import { toHex, type Hex } from "../../gateway/core/bytes.ts";
import { buildLogin } from "../../gateway/core/device-login.ts";
import { MAX_PACK_RECORDS, parsePack, type Reading } from "../../gateway/core/envelope.ts";
import { sha256 } from "../../gateway/core/hash.ts";
import { parseReceipt } from "../../gateway/core/receipt.ts";
import { parseRefusal, type Refusal } from "../../gateway/core/refusal.ts";
import { isObject } from "../../gateway/core/statement.ts";
import { topicOf, userNameOf } from "../../gateway/core/topics.ts";
import { TraceError, type TraceErrorCode } from "../../gateway/core/trace-error.ts";
import { correctionOf } from "./correction.ts";
import type { DeviceKey } from "./key.ts";
import { memoryOutbox, type Numbered, type Outbox, type Unsent } from "./outbox.ts";

export type DeviceParts = {
  readonly key: DeviceKey;
  readonly url: string; // mqtt://…
  /** What somebody else's broker lets the device in by; absent: the signed login of our own. */
  readonly password?: string;
  readonly logKey: Uint8Array; // Ed25519, of the log whose receipts count
  readonly now: () => number; // ms
  readonly outbox?: Outbox;
  readonly form?: "cose" | "jws";
  /** How long (ms) a pack waits for its receipt before it is sent again. */
  readonly resend?: number;

  /** Hears why the gateway turned a pack down. `seq` is absent where it could not be read. */
  readonly onRefusal?: (refusal: HeardRefusal) => void;
};

export type HeardRefusal = {
  readonly code: TraceErrorCode;
  readonly message: string;
  readonly seq?: number;
};

/** A sensor's program: signs packs, keeps them, sends them, and forgets them when the log has them. */
export type Device = {
  readonly keyId: Hex;

  /** Signs and keeps one pack. `acknowledged` resolves with the broker's PUBACK. */
  readonly send: (records: readonly Reading[]) => Promise<Sent>;

  /** Resolves when the log has receipted everything that was sent, but what it will never take. */
  readonly receipted: () => Promise<void>;
  readonly unreceipted: () => number;

  /** How many packs the log will never take, by its word: kept, and not sent before the next start, as its key may be a thief's. */
  readonly aside: () => number;

  /** How many packs were turned down more than once as nobody's: they wait until somebody enrols the key. */
  readonly held: () => number;
  readonly close: () => Promise<void>;
};

export type Sent = {
  readonly epoch: number;
  readonly seq: number;
  readonly acknowledged: Promise<void>;
};

const PATIENCE = 10 * 60_000; // ms until what MQTT.js has is given up

/** Connects, offers what an earlier run left over, and goes on from there. */
export async function createDevice(parts: DeviceParts): Promise<Device> {
  const { key, now, form = "cose", outbox = memoryOutbox(), resend = 15_000 } = parts;
  const { keyId } = key;
  const waiting = new Set<() => void>();
  let [epoch, seq] = [outbox.epoch, 0];

  const client = await connect(parts);
  // A publish that a lost connection cut off may never be answered; the same pack's next one is.
  const turnedDown = new Map<string, number>(); // as of nobody's key: how often
  const unacknowledged = new Map<string, () => void>();
  const underWay = new Map<Unsent, number>(); // since when (ms)
  const publish = async (pack: Unsent): Promise<void> => {
    underWay.set(pack, now());
    await client.publishAsync(topicOf(keyId, "readings"), Buffer.from(pack.bytes), { qos: 1 });
    underWay.delete(pack);
    unacknowledged.get(nameOf(pack))?.();
    unacknowledged.delete(nameOf(pack));
  };
  const offer = (packs: readonly Unsent[]): void => {
    // MQTT.js sends by itself again what a lost connection cut off: another copy with every connection would never end.
    const aside = new Set(outbox.aside());
    const due = packs.filter(
      (pack) => !aside.has(pack) && now() - (underWay.get(pack) ?? 0) > PATIENCE,
    );
    // Unheard failures are no loss: the outbox is offered again with the next connection.
    for (const pack of due) publish(pack).catch(() => underWay.delete(pack));
  };
  // Retained, so that a gateway finds it at any broker; ours learns it from the login.
  const showKey = () =>
    client.publishAsync(topicOf(keyId, "key"), Buffer.from(key.publicKey), {
      qos: 1,
      retain: true,
    });
  const keep = async ({ epoch, seq }: Numbered, records: readonly Reading[]) => {
    const at = { epoch, seq };
    const pack = { ...at, bytes: await buildPack({ form, keyId, ...at, records, sign: key.sign }) };
    outbox.keep(pack);
    return pack;
  };

  let turn: Promise<unknown> = Promise.resolve();
  /** Keeps under the next number, which is given once its pack is kept: behind an empty one no receipt comes in this epoch. */
  const keepNext = (records: readonly Reading[]): Promise<Unsent> => {
    const kept = turn.then(async () => {
      const pack = await keep({ epoch, seq }, records);
      if (pack.epoch === epoch) seq += 1; // or a new one began meanwhile
      return pack;
    });
    turn = kept.catch(() => {}); // the next one's turn all the same
    return kept;
  };
  /** The same, and what one pack cannot hold, under numbers of its own: these first, so that nothing is gone where this ends in between. */
  const keepAll = async (
    records: readonly Reading[],
    keepFirst = keepNext,
  ): Promise<readonly Unsent[]> => {
    const fits = records.length <= MAX_PACK_RECORDS;
    const kept = fits ? await keepFirst(records).catch(ofTooMuch) : undefined;
    if (kept !== undefined) return [kept];
    const half = Math.ceil(records.length / 2);
    const rest = await keepAll(records.slice(half));
    return [...(await keepAll(records.slice(0, half), keepFirst)), ...rest];
  };

  const onReceipt = async (text: string): Promise<void> => {
    const receipt = await parseReceipt(text, parts.logKey);
    if (receipt.device !== keyId) return;
    outbox.receipt(receipt.epoch, receipt.seq);
    tellWaiting();
  };
  const tellWaiting = (): void => {
    if (outbox.size() > 0) return;
    for (const done of waiting) done();
    waiting.clear();
  };
  /** What follows a number that stays empty would get no receipt in its epoch [gateway/core/receipt.ts]. */
  const beginAfter = (pack: Numbered): void => {
    if (pack.epoch === epoch) [epoch, seq] = [outbox.begin(), 0];
  };
  /** Says readings again under a number that a receipt can cover: twice in the log is better than for ever unsent. */
  const renumber = async (pack: Unsent): Promise<void> => {
    const { records } = parsePack(pack.bytes);
    offer(await keepAll(records));
    outbox.drop(pack);
  };
  const onRefusal = async (text: string): Promise<void> => {
    const heard = JSON.parse(text) as unknown;
    if (!isObject(heard)) return;
    parts.onRefusal?.(heard as HeardRefusal);
    if (heard["code"] === "UNKNOWN_SIGNER") await showKey();
    if (typeof heard["jws"] !== "string") return;
    const refusal = await parseRefusal(heard["jws"], parts.logKey);
    const pack = outbox.all().find((kept) => nameOf(kept) === nameOf(refusal));
    if (pack === undefined || !isAbout(refusal, pack)) return;
    if (refusal.code === "UNKNOWN_SIGNER") {
      beginAfter(pack); // what comes now need not wait for it
      turnedDown.set(nameOf(pack), (turnedDown.get(nameOf(pack)) ?? 0) + 1);
    }
    if (refusal.code === "NOT_ALLOWED") {
      beginAfter(pack); // first: a pack that is not set aside is refused again, and all this done again
      outbox.setAside(pack);
      tellWaiting();
    }
    const records = correctionOf(pack, refusal, { keyId, now: now() });
    if (records !== undefined) offer(await keepAll(records, (first) => keep(refusal, first)));
  };
  client.on("message", (topic, payload) => {
    const heard = topic.endsWith("/receipts") ? onReceipt : onRefusal;
    heard(payload.toString()).catch(() => {}); // not of our log: nothing to act on
  });
  const resume = async (): Promise<void> => {
    await client.subscribeAsync([topicOf(keyId, "receipts"), topicOf(keyId, "refusals")], {
      qos: 1,
    });
    await showKey();
    offer(outbox.all());
  };
  client.on("connect", () => {
    resume().catch(() => {}); // the connection is gone again
  });
  await resume().catch((failure: unknown) => {
    client.end(true); // or it would connect again for ever, for nobody
    throw failure;
  });
  let stale: ReadonlySet<Unsent> = new Set();
  let moving: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    const left = outbox.all().filter((pack) => stale.has(pack));
    const behind = new Set(behindGaps(left, outbox.aside()));
    if (client.connected) {
      offer(left.filter((pack) => !behind.has(pack)));
      // One after the other: each is on the disk under its new number before the old one goes.
      moving = [...behind]
        .reduce((before, pack) => before.then(() => renumber(pack)), moving)
        .catch(() => {}); // tried again with the next tick
    }
    stale = new Set(outbox.all());
  }, resend);

  return {
    keyId,
    send: async (records) => {
      const pack = await keepNext(records);
      const acknowledged = new Promise<void>((resolve) => {
        unacknowledged.set(nameOf(pack), resolve);
      });
      offer([pack]);
      return { epoch: pack.epoch, seq: pack.seq, acknowledged };
    },
    receipted: () =>
      new Promise((resolve) => {
        if (outbox.size() === 0) resolve();
        else waiting.add(resolve);
      }),
    unreceipted: outbox.size,
    aside: () => outbox.aside().length,
    held: () => {
      const aside = new Set(outbox.aside());
      const left = outbox.all().filter((pack) => !aside.has(pack));
      return left.filter((pack) => (turnedDown.get(nameOf(pack)) ?? 0) > 1).length;
    },
    close: async () => {
      clearInterval(timer);
      // With nobody there, MQTT.js would wait for ever for what is under way. The outbox has all of it.
      const away = new Promise<void>((resolve) => client.once("close", resolve));
      await Promise.race([away, client.endAsync(!client.connected)]);
      outbox.close();
    },
  };
}

function ofTooMuch(failure: unknown): undefined {
  if (!(failure instanceof TraceError) || failure.code !== "TOO_LARGE") throw failure;
}

/** Whether it is the log's word on this very pack, and not on another one of its number. */
const isAbout = ({ content }: Refusal, { bytes }: Unsent): boolean =>
  toHex(sha256(parsePack(bytes).signed)) === content;

/** Which of the packs follow one that was set aside in its epoch, where no receipt comes any more, and were not set aside themselves. */
function behindGaps(packs: readonly Unsent[], gaps: readonly Unsent[]): readonly Unsent[] {
  const aside = new Set(gaps);
  const first = new Map<number, number>(); // the lowest by epoch
  for (const { epoch, seq } of gaps) first.set(epoch, Math.min(seq, first.get(epoch) ?? seq));
  return packs.filter((pack) => !aside.has(pack) && pack.seq > (first.get(pack.epoch) ?? Infinity));
}

const nameOf = ({ epoch, seq }: Numbered): string => `${epoch}/${seq}`;

async function connect(parts: DeviceParts): Promise<MqttClient> {
  const { keyId, publicKey, sign } = parts.key;
  const password = async (): Promise<string> => {
    const time = Math.floor(parts.now() / 1_000);
    return parts.password ?? buildLogin({ device: keyId, publicKey: toHex(publicKey), time }, sign);
  };
  const client = await connectAsync(parts.url, {
    clientId: userNameOf(keyId),
    username: userNameOf(keyId),
    password: await password(),
    protocolVersion: 4,
    clean: true,
    reconnectPeriod: 500,
    reconnectOnConnackError: true, // or one "not now" would be for ever
    resubscribe: false,
  });
  const renew = async (): Promise<void> => {
    client.options.password = await password();
  };
  client.on("close", () => {
    renew().catch(() => {}); // the login before may do, and where it does not, this comes again
  });
  return client;
}
