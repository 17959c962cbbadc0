import type { Hex } from "./core/bytes.ts";
import { parsePack, packLeaf, verifyPack, type Pack } from "./core/envelope.ts";
import { sha256 } from "./core/hash.ts";
import { ROLES } from "./core/operations.ts";
import { TraceError } from "./core/trace-error.ts";
import { groupCommits } from "./commits.ts";
import type { KeyOf, PublicKeys } from "./device-keys.ts";
import type { Store } from "./store/open.ts";
import { insertPacks, type NewPack, type PackFate } from "./store/packs.ts";

export type PackParts = {
  readonly store: Store;
  readonly keyOf: KeyOf;

  readonly keys: PublicKeys;
  readonly now: () => number; // ms

  /** There is something new for the log. */
  readonly onNew: () => void;
};

/** A pack that is durable: new, or known already. */
export type Captured = {
  readonly device: Hex;
  readonly epoch: number;
  readonly seq: number;
  readonly fate: "new" | "duplicate";
};

/** A pack that is turned down for good, by what it says of itself; `signed` when its device did sign it. */
export class PackRefusal extends TraceError {
  readonly pack: Pack | undefined;
  readonly signed: boolean;

  constructor(refusal: TraceError, pack: Pack | undefined, signed: boolean) {
    super(refusal.code, refusal.message, { cause: refusal });
    this.pack = pack;
    this.signed = signed;
  }
}

/** The way in for reading packs. */
export type PackIntake = {
  /**
   * Resolves when the pack is on the disk. Rejects with a PackRefusal where it never will be, with anything
   * else (the store, the chain) where it should come again.
   */
  readonly capture: (device: Hex, bytes: Uint8Array) => Promise<Captured>;
  readonly waiting: () => number;
  readonly drained: () => Promise<void>;
};

/** How far (ms) a device's clock may run ahead of ours. */
export const MOST_AHEAD = 5 * 60_000;

/** Judges packs and commits them in groups. */
export function packIntake(parts: PackParts): PackIntake {
  const commits = groupCommits<NewPack, PackFate>((batch) =>
    parts.store.write((transaction) => insertPacks(transaction, batch)),
  );
  return {
    capture: async (device, bytes) => {
      const pack = await judgePack(parts, device, bytes);
      const fate = await commits.add(toRow(pack, bytes, parts.now()));
      const { epoch, seq } = pack;
      if (fate === "equivocation")
        throw new PackRefusal(
          new TraceError(
            "EQUIVOCATION",
            `${epoch}/${seq} stands for other readings; both are kept`,
          ),
          pack,
          true,
        );
      if (fate === "new") parts.onNew();
      return { device, epoch, seq, fate };
    },
    waiting: commits.waiting,
    drained: commits.drained,
  };
}

/** A pack whose device signed it, with a key that is a device's and was valid at each of its times. */
async function judgePack(parts: PackParts, device: Hex, bytes: Uint8Array): Promise<Pack> {
  let [pack, signed]: [Pack?, boolean?] = [];
  try {
    pack = parsePack(bytes);
    if (pack.keyId !== device)
      throw new TraceError("NOT_ALLOWED", `a pack of ${pack.keyId} under the topic of ${device}`);
    const publicKey = await requireSignature(parts, pack);
    signed = true;
    await requireDevice(parts, pack);
    await parts.keys.keep(device, publicKey); // readers of a bundle need it
    return pack;
  } catch (failure) {
    if (!(failure instanceof TraceError) || failure.code === "UNAVAILABLE") throw failure;
    throw new PackRefusal(failure, pack, signed === true);
  }
}

async function requireSignature(parts: PackParts, pack: Pack): Promise<Uint8Array> {
  const publicKey = await parts.keys.of(pack.keyId);
  if (publicKey === undefined)
    throw new TraceError("UNKNOWN_SIGNER", `nobody has shown the public key of ${pack.keyId}`);
  await verifyPack(pack, publicKey);
  return publicKey;
}

async function requireDevice({ keyOf, now }: PackParts, pack: Pack): Promise<void> {
  const key = await keyOf(pack.keyId);
  if (key === undefined)
    throw new TraceError("UNKNOWN_SIGNER", `nobody enrolled ${pack.keyId} on the chain`);
  if ((key.roles & ROLES.device) === 0)
    throw new TraceError("NOT_ALLOWED", `${pack.keyId} is not the key of a device`);
  const [first, last] = timesOf(pack);
  if (last > now() + MOST_AHEAD)
    throw new TraceError("CLOCK", `a reading of ${new Date(last).toISOString()} is in the future`);
  if (first < key.from * 1_000 || last >= key.until * 1_000)
    throw new TraceError("NOT_ALLOWED", `${pack.keyId} was not valid at the time of the readings`);
}

function timesOf({ records }: Pack): readonly [first: number, last: number] {
  let [first, last] = [Infinity, -Infinity];
  for (const { time } of records) [first, last] = [Math.min(first, time), Math.max(last, time)];
  return [first, last];
}

function toRow(pack: Pack, envelope: Uint8Array, receivedAt: number): NewPack {
  const [firstTime, lastTime] = timesOf(pack);
  return {
    device: pack.keyId,
    epoch: pack.epoch,
    seq: pack.seq,
    form: pack.form,
    envelope,
    contentHash: sha256(pack.signed),
    leafHash: packLeaf(envelope),
    firstTime,
    lastTime,
    receivedAt,
  };
}
