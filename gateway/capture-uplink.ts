import { buildPack } from "./core/build-pack.ts";
import { sameBytes, toHex, type Hex } from "./core/bytes.ts";
import { packLeaf, parsePack } from "./core/envelope.ts";
import { sha256 } from "./core/hash.ts";
import { ROLES } from "./core/operations.ts";
import { TraceError } from "./core/trace-error.ts";
import type { Uplink } from "./core/uplink.ts";
import { MOST_AHEAD } from "./capture-pack.ts";
import { groupCommits } from "./commits.ts";
import type { KeyOf, PublicKeys } from "./device-keys.ts";
import type { SourceKey } from "./source-keys.ts";
import type { Store } from "./store/open.ts";
import { insertPacks } from "./store/packs.ts";
import type { Sql } from "./store/schema.ts";
import {
  insertUplink,
  lostBefore,
  nextPack,
  saveUnsealedLoss,
  unsealedLoss,
  uplinkNamed,
} from "./store/uplinks.ts";

export type UplinkParts = {
  readonly store: Store;
  readonly keyOf: KeyOf;
  readonly keys: Pick<PublicKeys, "keep">;
  readonly now: () => number; // ms

  /** There is something new for the log. */
  readonly onNew: () => void;
};

/** A message of a network server, as it came and as it was understood. */
export type Arrived = Uplink & {
  readonly key: SourceKey;
  readonly source: string; // what kind of server
  readonly body: Uint8Array;
  readonly lost: number; // messages before it that are known to be missing, beside what its counter tells
};

/**
 * What became of it: a pack of its own, known already, or kept without a pack since no probe measured anything. `lost`: how many
 * it shows to be missing that nothing before it did.
 */
export type UplinkFate = {
  readonly fate: "new" | "duplicate" | "empty";
  readonly lost: number;
};

/** The way in for what network servers say. */
export type UplinkIntake = {
  /**
   * Resolves when the message is on the disk. Rejects with a TraceError other than UNAVAILABLE where it never will be,
   * with anything else where it should come again.
   */
  readonly capture: (arrived: Arrived) => Promise<UplinkFate>;
  readonly drained: () => Promise<void>;
};

type Outcome = UplinkFate | TraceError;

/** Judges messages, seals each as a pack under its source's key and commits them in groups. */
export function uplinkIntake(parts: UplinkParts): UplinkIntake {
  const commits = groupCommits<Arrived, Outcome>((take) =>
    parts.store.write(async (transaction) => {
      // Numbers are given here: two gateways of one database must not give the same.
      await parts.store.lock(transaction, "uplinks");
      const outcomes: Outcome[] = [];
      for (const arrived of take()) outcomes.push(await keep(transaction, arrived, parts.now()));
      return outcomes;
    }),
  );
  const turns = new Map<Hex, Promise<unknown>>();
  // A device's messages are committed in the order of their arrival, however long the chain takes to tell of its key: the
  // other way round, its counter would seem to jump.
  const inTurn = async (arrived: Arrived, before: Promise<unknown> | undefined) => {
    const may = requireMay(parts, arrived);
    await Promise.allSettled([before, may]);
    await may;
    return { committed: commits.add(arrived) };
  };
  return {
    capture: async (arrived) => {
      const { keyId } = arrived.key;
      const turn = inTurn(arrived, turns.get(keyId));
      turns.set(keyId, turn);
      const { committed } = await turn;
      const outcome = await standing(committed);
      if (outcome instanceof TraceError) throw outcome;
      if (outcome.fate === "new") parts.onNew();
      return outcome;
    },
    drained: commits.drained,
  };
}

/** What the store or the chain fails in, for whatever reason, is no word against the message: it may come again. */
const standing = <T>(work: Promise<T>): Promise<T> =>
  work.catch((cause: unknown) => {
    throw new TraceError("UNAVAILABLE", (cause as Error).message, { cause });
  });

/** The source's key is a network server's and was valid at each time; nothing is of the future. */
async function requireMay({ keyOf, keys, now }: UplinkParts, arrived: Arrived): Promise<void> {
  const { key, readings, device } = arrived;
  const state = await standing(keyOf(key.keyId));
  if (state === undefined)
    throw new TraceError("UNKNOWN_SIGNER", `nobody enrolled ${key.keyId}, the key of ${device}`);
  if ((state.roles & ROLES.networkServer) === 0)
    throw new TraceError("NOT_ALLOWED", `${key.keyId} is not enrolled as a network server's`);
  for (const { time } of readings) {
    if (time > now() + MOST_AHEAD)
      throw new TraceError("CLOCK", `${time / 1_000} is in the future`);
    if (time < state.from * 1_000 || time >= state.until * 1_000)
      throw new TraceError("NOT_ALLOWED", `${key.keyId} was not valid at ${time / 1_000}`);
  }
  await standing(keys.keep(key.keyId, key.publicKey)); // readers of a bundle need it
}

/**
 * Keeps a message and its pack, within the transaction that finds out whether it is new: a crash leaves both or none,
 * so what comes again after it makes neither a second pack nor a gap.
 */
async function keep(transaction: Sql, arrived: Arrived, receivedAt: number): Promise<Outcome> {
  const { key, id: name, body, counter, readings } = arrived;
  const { keyId: device } = key;
  const known = await uplinkNamed(transaction, device, name);
  if (known !== undefined)
    return sameBytes(known.body, body)
      ? { fate: "duplicate", lost: 0 }
      : new TraceError("EQUIVOCATION", `${name} came before with other content, which is kept`);
  const lost = arrived.lost + (await lostBefore(transaction, device, counter));
  const before = await unsealedLoss(transaction, device);
  const unsealed = Math.min(before + lost, Number.MAX_SAFE_INTEGER);
  const seq = readings.length === 0 ? null : await nextPack(transaction, device);
  if (seq !== null) {
    // Only this message and its key have a part in sealing, so what fails is no other's of the group.
    const pack = await sealed(arrived, seq, { lost: unsealed, receivedAt }).catch(asRefusal);
    if (pack instanceof TraceError) return pack;
    await insertPacks(transaction, [pack]);
  }
  const left = seq === null ? unsealed : 0;
  if (left !== before) await saveUnsealedLoss(transaction, device, left);
  await insertUplink(transaction, { device, name, counter, seq, body, receivedAt });
  return { fate: seq === null ? "empty" : "new", lost };
}

const asRefusal = (cause: unknown): TraceError =>
  cause instanceof TraceError
    ? cause
    : new TraceError("BAD_PACK", (cause as Error).message, { cause });

async function sealed(
  { key, source, body, readings }: Arrived,
  seq: number,
  { lost, receivedAt }: { readonly lost: number; readonly receivedAt: number },
) {
  const envelope = await buildPack({
    form: "cose",
    keyId: key.keyId,
    epoch: 0,
    seq,
    attested: { source, message: toHex(sha256(body)), lost },
    records: readings,
    sign: key.sign,
  });
  const times = readings.map(({ time }) => time);
  return {
    device: key.keyId,
    epoch: 0,
    seq,
    form: "attested",
    envelope,
    contentHash: sha256(parsePack(envelope).signed),
    leafHash: packLeaf(envelope),
    firstTime: Math.min(...times),
    lastTime: Math.max(...times),
    receivedAt,
  } as const;
}
