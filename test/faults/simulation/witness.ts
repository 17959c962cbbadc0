import { DatabaseSync } from "node:sqlite";

import { Transaction } from "ethers";

import { fromHex, sameBytes, toHex, type Hex } from "../../../gateway/core/bytes.ts";
import { parseCheckpoint } from "../../../gateway/core/checkpoint.ts";
import { hashLeaf, proveInclusion, rootOf, verifyInclusion } from "../../../gateway/core/merkle.ts";
import { TraceError } from "../../../gateway/core/trace-error.ts";
import { SIGNER } from "../../gateway/samples.ts";
import { nameOf } from "../history.ts";
import type { Anchor } from "./chain.ts";
import type { Scheduler } from "./scheduler.ts";

export type Invariant = "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "I8" | "I9";

/** A promise that was broken. */
export type Violation = { readonly invariant: Invariant; readonly message: string };

const TOLD = 3; // of each kind

/** What is seen from outside of the gateway, compared at once with what is on its disk. */
export type Witness = ReturnType<typeof createWitness>;

/** A witness that has seen nothing yet. What it finds wrong is kept, the first first. */
export function createWitness({ note }: Scheduler) {
  const sent = new Map<string, Set<string>>(); // by device/epoch/seq, all that was ever signed
  const promised = new Map<string, string>(); // packs that somebody may have forgotten, and why
  const statements = new Set<Hex>();
  const roots = new Map<number, Hex>();
  const violations: Violation[] = [];
  let disk: DatabaseSync | undefined;
  let onChain = 0;

  const wrong = (invariant: Invariant, message: string): void => {
    note(`${invariant} ${message}`);
    if (violations.filter((one) => one.invariant === invariant).length < TOLD)
      violations.push({ invariant, message });
  };
  const found = (text: string, ...values: (string | number)[]): boolean =>
    disk?.prepare(text).get(...values) !== undefined;
  const seen = ({ size, root }: Anchor): void => {
    if ((roots.get(size) ?? root) !== root)
      wrong("I3", `${size} entries have the roots ${roots.get(size)} and ${root}`);
    roots.set(size, root);
  };
  const onDisk = (name: string): boolean => {
    const [device = "", epoch, seq] = name.split("/");
    const text = "SELECT 1 FROM packs WHERE device = ? AND epoch = ? AND seq = ?";
    return found(text, device, Number(epoch), Number(seq));
  };

  return {
    violations,
    wrong,
    /** Where the gateway's store is now, read over a connection of our own. */
    lookAt: (path: string): void => {
      disk?.close();
      disk = new DatabaseSync(path, { readOnly: true });
    },
    close: (): void => disk?.close(),
    sent: (device: string, pack: { epoch: number; seq: number; bytes: Uint8Array }): void => {
      const name = nameOf(device, pack);
      const known = sent.get(name) ?? new Set();
      sent.set(name, known.add(toHex(pack.bytes)));
    },
    acknowledged: (device: string, pack: { epoch: number; seq: number }): void => {
      const name = nameOf(device, pack);
      note(`PUBACK ${name}`);
      promised.set(name, "acknowledged");
      if (!onDisk(name)) wrong("I6", `${name} was acknowledged, and is not on the disk`);
    },
    receipted: (device: string, { epoch, seq }: { epoch: number; seq: number }): void => {
      note(`receipt ${device} ${epoch}/${seq}`);
      for (let i = 0; i <= seq; i++) promised.set(nameOf(device, { epoch, seq: i }), "receipted");
      const text =
        "SELECT count(*) AS count FROM packs WHERE device = ? AND epoch = ? AND seq <= ? AND again = 0 AND leaf_index IS NOT NULL";
      const logged = Number(disk?.prepare(text).get(device, epoch, seq)?.["count"]);
      if (logged !== seq + 1)
        wrong("I4", `a receipt speaks of ${seq + 1} packs of ${device}, the log has ${logged}`);
    },
    stated: (digest: Hex): void => {
      statements.add(digest);
    },
    checkpoint: ({ size, root }: Anchor): void => {
      note(`checkpoint ${size} ${root}`);
      seen({ size, root });
      if (!found("SELECT 1 FROM checkpoints WHERE size = ? AND root = ?", size, root))
        wrong("I4", `checkpoint ${size} is out, and not on the disk`);
      const text = "SELECT count(*) AS count FROM packs WHERE leaf_index < ?";
      const leaves = Number(disk?.prepare(text).get(size)?.["count"] ?? 0);
      if (leaves !== size) wrong("I4", `checkpoint ${size} is out, ${leaves} leaves are on disk`);
    },
    broadcast: (raw: Hex, anchor: Anchor | undefined): void => {
      note(`broadcast ${Transaction.from(raw).hash}`);
      if (!found("SELECT 1 FROM attempts WHERE raw = ?", raw))
        wrong("I4", `nonce ${Transaction.from(raw).nonce} is broadcast, and not in the books`);
      if (anchor === undefined) return;
      const { size, root } = anchor;
      if (found("SELECT 1 FROM checkpoints WHERE size = ? AND root = ?", size, root)) seen(anchor);
      else wrong("I4", `${size} entries are anchored under a root that the disk does not have`);
    },
    anchored: ({ size, root }: Anchor, continues: boolean): void => {
      note(`anchored ${size} ${root}`);
      if (continues && size <= onChain) wrong("I5", `the chain goes from ${onChain} to ${size}`);
      onChain = size;
      if (size > 0 && roots.get(size) !== root)
        wrong("I5", `the chain has ${root} for ${size} entries, not ${roots.get(size)}`);
    },

    /** Whether every statement is settled and every pack has its leaf. */
    idle: (): boolean => !found(UNSETTLED) && !found(PENDING),
    newestSize: (): number =>
      Number(disk?.prepare("SELECT max(size) AS size FROM checkpoints").get()?.["size"] ?? 0),

    /** What the store holds at the end against all that was seen. */
    judge: async ({ between }: Scheduler, verify = verifyInclusion): Promise<void> => {
      if (disk === undefined) return;
      const rows = disk.prepare("SELECT * FROM packs").all() as Row[];
      // What a device said against itself, or in the place of what came all the same, has a leaf of its own.
      const first = rows.filter(({ again }) => again === 0);
      const stored = new Map(first.map((row) => [nameOf(row.device, row), toHex(row.envelope)]));
      if (stored.size < first.length) wrong("I2", "two rows have one number");
      for (const [name, why] of promised)
        if (sent.get(name)?.has(stored.get(name) ?? "") !== true)
          wrong("I1", `${name} was ${why} and is gone`);
      for (const [name, bytes] of stored)
        if (sent.get(name)?.has(bytes) !== true) wrong("I9", `${name} was never sent`);
      for (const digest of statements)
        if (!found("SELECT 1 FROM statements WHERE digest = ?", digest))
          wrong("I1", `statement ${digest} was taken and is gone`);

      const leaves = leavesOf(disk);
      const names = new Map(rows.map((row) => [toHex(hashLeaf(row.envelope)), row]));
      if (new Set(leaves.map(toHex)).size < leaves.length) wrong("I2", "a pack has two leaves");
      for (const [at, leaf] of leaves.entries())
        if (!names.has(toHex(leaf))) wrong("I9", `leaf ${at} is of no pack`);
      for (const [name, why] of promised) {
        const bytes = stored.get(name);
        if (why !== "receipted" || bytes === undefined) continue;
        const at = names.get(toHex(hashLeaf(fromHex(bytes))))?.leaf_index ?? -1;
        if (!sameBytes(leaves[at] ?? new Uint8Array(), hashLeaf(fromHex(bytes))))
          wrong("I1", `${name} was receipted and is not in the tree`);
      }
      for (const [size, root] of roots)
        if (size > leaves.length || toHex(rootOf(leaves.slice(0, size))) !== root)
          wrong("I3", `checkpoint ${size} is of another history`);
      await judgeProofs(disk, leaves, { between, verify, wrong });
    },
  };
}

const UNSETTLED = "SELECT 1 FROM statements WHERE state IN ('stored', 'sent')";
const PENDING = "SELECT 1 FROM packs WHERE leaf_index IS NULL";

type Row = {
  readonly device: string;
  readonly epoch: number;
  readonly seq: number;
  readonly again: number;
  readonly envelope: Uint8Array;
  readonly leaf_index: number | null;
};

/** The leaves as every reader of the log sees them: out of its tiles. */
function leavesOf(disk: DatabaseSync): readonly Uint8Array[] {
  const text = `SELECT bytes FROM tiles WHERE level = 0 ORDER BY "index"`;
  const tiles = disk.prepare(text).all() as { bytes: Uint8Array }[];
  return tiles.flatMap(({ bytes }) =>
    Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(32 * i, 32 * i + 32)),
  );
}

/** Whether a proof still holds after any one of its bits, or of its checkpoint's, was turned. */
async function judgeProofs(
  disk: DatabaseSync,
  leaves: readonly Uint8Array[],
  { between, verify, wrong }: Pick<Scheduler, "between"> & ProofJudge,
): Promise<void> {
  const newest = disk.prepare("SELECT note, root FROM checkpoints ORDER BY size DESC").get();
  const [note, root] = [String(newest?.["note"]), String(newest?.["root"]) as Hex];
  for (let i = 0; i < 20 && leaves.length > 1; i++) {
    const [index, size] = [between(0, leaves.length - 1), leaves.length];
    const inclusion = { leaf: leaves[index] as Uint8Array, index, size };
    const proof = proveInclusion(leaves, index);
    const holds = (turned: number): boolean => {
      const all = Buffer.concat([inclusion.leaf, ...proof]);
      if (turned >= 0) all[turned >> 3] = (all[turned >> 3] ?? 0) ^ (1 << (turned & 7));
      const parts = Array.from(
        { length: all.length / 32 },
        (_, at) => new Uint8Array(all.subarray(32 * at, 32 * at + 32)),
      );
      const [leaf = inclusion.leaf, ...rest] = parts;
      return !refuses(() => verify({ ...inclusion, leaf, proof: rest, root: fromHex(root) }));
    };
    if (!holds(-1)) wrong("I7", `leaf ${index} of ${size} has no proof`);
    if (holds(between(0, 256 * (1 + proof.length) - 1)))
      wrong("I7", `a changed proof of leaf ${index} holds`);
    const bytes = Buffer.from(note);
    const at = between(0, bytes.length - 1);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << between(0, 7));
    const taken = await parseCheckpoint(new Uint8Array(bytes), SIGNER).catch(() => undefined);
    if (taken !== undefined) wrong("I7", `a checkpoint with byte ${at} changed holds`);
  }
}

type ProofJudge = {
  readonly verify: typeof verifyInclusion;
  readonly wrong: (invariant: Invariant, message: string) => void;
};

function refuses(run: () => void): boolean {
  try {
    run();
    return false;
  } catch (failure) {
    if (failure instanceof TraceError) return true;
    throw failure;
  }
}
