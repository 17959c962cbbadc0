import type { Hex } from "./core/bytes.ts";
import { ROLES } from "./core/operations.ts";
import { TraceError, type TraceErrorCode } from "./core/trace-error.ts";
import { groupCommits } from "./commits.ts";
import type { KeyOf, PublicKeys } from "./device-keys.ts";
import type { SignedPack } from "./judge.ts";
import type { Judges } from "./judges.ts";
import type { Store } from "./store/open.ts";
import { insertPacks, type NewPack, type PackFate } from "./store/packs.ts";

export type PackParts = {
  readonly store: Store;
  readonly keyOf: KeyOf;

  readonly keys: PublicKeys;
  readonly judge: Judges["judge"];
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

/** A pack that is turned down for good. `pack` is there when its device did sign it. */
export class PackRefusal extends TraceError {
  readonly pack: SignedPack | undefined;

  constructor(code: TraceErrorCode, message: string, pack?: SignedPack) {
    super(code, message);
    this.pack = pack;
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
  const commits = groupCommits<NewPack, PackFate>((take) =>
    parts.store.write((transaction) => insertPacks(transaction, take())),
  );
  return {
    capture: async (device, bytes) => {
      const pack = await requirePack(parts, device, bytes);
      const { epoch, seq } = pack;
      const fate = await commits.add(toRow(parts, device, pack, bytes));
      if (fate !== "duplicate") parts.onNew();
      if (fate === "equivocation")
        throw new PackRefusal(
          "EQUIVOCATION",
          `${epoch}/${seq} stands for other readings; the log has both`,
          pack,
        );
      return { device, epoch, seq, fate };
    },
    waiting: commits.waiting,
    drained: commits.drained,
  };
}

/** What the device signed, with a key that is a device's and was valid at each of its times. */
async function requirePack(
  { keys, keyOf, judge, now }: PackParts,
  device: Hex,
  bytes: Uint8Array,
): Promise<SignedPack> {
  const point = await keys.of(device);
  if (point === undefined)
    throw new PackRefusal("UNKNOWN_SIGNER", `nobody has shown the public key of ${device}`);
  const pack = await judge({ device, point, bytes });
  if ("code" in pack) throw new PackRefusal(pack.code, pack.message);
  const key = await keyOf(device);
  if (key === undefined)
    throw new PackRefusal("UNKNOWN_SIGNER", `nobody enrolled ${device} on the chain`, pack);
  if ((key.roles & ROLES.device) === 0)
    throw new PackRefusal("NOT_ALLOWED", `${device} is not the key of a device`, pack);
  if (pack.form === "attested")
    throw new PackRefusal("NOT_ALLOWED", "a device signs for itself and attests for nobody", pack);
  const { firstTime, lastTime } = pack;
  if (lastTime > now() + MOST_AHEAD)
    throw new PackRefusal("CLOCK", `${new Date(lastTime).toISOString()} is in the future`, pack);
  if (firstTime < key.from * 1_000 || lastTime >= key.until * 1_000)
    throw new PackRefusal("NOT_ALLOWED", `${device} was not valid when it measured`, pack);
  await keys.keep(device, point); // readers of a bundle need it
  return pack;
}

const toRow = (
  { now }: PackParts,
  device: Hex,
  { epoch, seq, form, content, leaf, firstTime, lastTime }: SignedPack,
  envelope: Uint8Array,
): NewPack => ({
  device,
  epoch,
  seq,
  form,
  envelope,
  contentHash: content,
  leafHash: leaf,
  firstTime,
  lastTime,
  receivedAt: now(),
});
