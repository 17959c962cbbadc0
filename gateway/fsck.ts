import { fromHex, sameBytes, toHex, type Hex } from "./core/bytes.ts";
import { parseCheckpoint } from "./core/checkpoint.ts";
import { parsePack } from "./core/envelope.ts";
import { appendLeaf, emptyFrontier, rootOfFrontier, type Frontier } from "./core/frontier.ts";
import { growTiles, type ReadTile, type WrittenTile } from "./core/tiles.ts";
import { sha256 } from "./core/hash.ts";
import type { Deployment } from "./core/operations.ts";
import { requireBound } from "./core/statement.ts";
import { TraceError } from "./core/trace-error.ts";
import { digestOfSigned, requireSignature } from "./core/verify/signatures.ts";
import { judge } from "./judge.ts";
import { allCheckpoints, storedTile } from "./store/log.ts";
import { loggedPacks } from "./store/packs.ts";
import { publicKeyOf } from "./store/people.ts";
import type { CheckpointRow, PackRow, Sql } from "./store/schema.ts";
import { statementsAfter } from "./store/statements.ts";
import { uplinkOfPack } from "./store/uplinks.ts";

/** Something that differs from what it is derived from; `what` names the record. */
export type Finding = { readonly what: string; readonly why: string };

export type FsckParts = {
  readonly db: Sql;
  readonly log: { readonly origin: string; readonly publicKey: Uint8Array };

  /** Without it, statements cannot be tied to their digests. */
  readonly deployment?: Deployment;

  /** The newest checkpoint that the chain has of this log; undefined: not asked. */
  readonly anchored?: Pick<CheckpointRow, "size" | "root">;
  readonly onProgress?: (done: number) => void;
};

const STEP = 2_048; // a multiple of a tile, so that each full tile is derived once

/** Derives everything from the entries again, and says what differs. Reads only. */
export async function* fsck(parts: FsckParts): AsyncGenerator<Finding> {
  yield* checkLog(parts);
  if (parts.deployment !== undefined) yield* checkStatements(parts, parts.deployment);
}

async function* checkLog(parts: FsckParts): AsyncGenerator<Finding> {
  const { db, anchored, onProgress } = parts;
  const checkpoints = await allCheckpoints(db);
  const signed = checkpoints.at(-1)?.size ?? 0;
  let [frontier, due, from, shift] = [emptyFrontier, 0, 0, 0];
  for (;;) {
    const rows = await loggedPacks(db, from, STEP);
    const before = frontier;
    for (const row of rows) {
      from = Number(row.leaf_index) + 1;
      if (from - 1 - frontier.size !== shift) {
        shift = from - 1 - frontier.size;
        yield { what: nameOf(row), why: `leaf ${from - 1} comes after ${frontier.size} leaves` };
      }
      yield* checkPack(db, row);
      for (; checkpoints[due]?.size === frontier.size; due++)
        yield* checkCheckpoint(parts, checkpoints[due], frontier);
      frontier = appendLeaf(frontier, row.leaf_hash);
      if (anchored !== undefined && anchored.size === frontier.size)
        yield* differs("the chain's checkpoint", anchored.root, toHex(rootOfFrontier(frontier)));
    }
    if (rows.length === 0) break;
    yield* checkTiles(
      db,
      before.size,
      rows.map((row) => row.leaf_hash),
    );
    onProgress?.(frontier.size);
  }
  for (; checkpoints[due]?.size === frontier.size; due++)
    yield* checkCheckpoint(parts, checkpoints[due], frontier);
  if (frontier.size !== signed)
    yield { what: "the log", why: `${frontier.size} leaves, ${signed} are signed for` };
  if (anchored !== undefined && anchored.size > frontier.size)
    yield { what: "the log", why: `${frontier.size} leaves, the chain has ${anchored.size}` };
}

const nameOf = ({ device, epoch, seq }: PackRow): string => `pack ${device} ${epoch}/${seq}`;

async function* checkPack(db: Sql, row: PackRow): AsyncGenerator<Finding> {
  const what = nameOf(row);
  const point = await publicKeyOf(db, row.device);
  if (point === undefined) {
    yield { what, why: "the public key of its device is not known" };
    return;
  }
  const found = judge(row.device, fromHex(point, 65), row.envelope);
  if ("code" in found) {
    yield { what, why: `${found.code}: ${found.message}` };
    return;
  }
  if (found.form === "attested") yield* checkMessage(db, row);
  yield* differs(`${what}: number`, `${row.epoch}/${row.seq}`, `${found.epoch}/${found.seq}`);
  yield* differs(`${what}: hash of its leaf`, toHex(row.leaf_hash), toHex(found.leaf));
  yield* differs(`${what}: hash of its content`, toHex(row.content_hash), toHex(found.content));
  yield* differs(
    `${what}: times`,
    `${row.first_time}…${row.last_time}`,
    `${found.firstTime}…${found.lastTime}`,
  );
}

/** What the network server sent is kept, and is what its pack has the hash of. */
async function* checkMessage(db: Sql, row: PackRow): AsyncGenerator<Finding> {
  const what = `${nameOf(row)}: message of the network server`;
  const kept = await uplinkOfPack(db, row.device, row.seq);
  if (kept === undefined) yield { what, why: "is not kept" };
  else
    yield* differs(
      what,
      toHex(sha256(kept.body)),
      String(parsePack(row.envelope).attested?.message),
    );
}

async function* checkCheckpoint(
  { log }: FsckParts,
  checkpoint: CheckpointRow | undefined,
  frontier: Frontier,
): AsyncGenerator<Finding> {
  if (checkpoint === undefined) return;
  const what = `checkpoint ${checkpoint.size}`;
  const root = toHex(rootOfFrontier(frontier));
  yield* differs(`${what}: root`, checkpoint.root, root);
  try {
    const signed = await parseCheckpoint(checkpoint.note, log);
    yield* differs(`${what}: signed size`, String(signed.size), String(checkpoint.size));
    yield* differs(`${what}: signed root`, toHex(signed.root), root);
  } catch (failure) {
    if (!(failure instanceof TraceError)) throw failure;
    yield { what, why: `${failure.code}: ${failure.message}` };
  }
}

/** The tiles over the leaves from `size` on, made again above the stored ones of before. */
async function* checkTiles(
  db: Sql,
  size: number,
  leaves: readonly Uint8Array[],
): AsyncGenerator<Finding> {
  const stored: ReadTile = async ({ level, index }) =>
    (await storedTile(db, level, index)) ?? new Uint8Array();
  let derived: readonly WrittenTile[];
  try {
    derived = await growTiles(size, leaves, stored);
  } catch (failure) {
    if (!(failure instanceof TraceError)) throw failure;
    yield { what: `tiles below leaf ${size}`, why: failure.message };
    return;
  }
  for (const { level, index, bytes } of derived) {
    // A tile that fills up in a later step has more than this step knows.
    const found = (await stored({ level, index, width: 1 })).subarray(0, bytes.length);
    if (!sameBytes(found, bytes))
      yield { what: `tile ${level}/${index}`, why: "differs from the leaves below it" };
  }
}

async function* checkStatements(
  { db }: FsckParts,
  deployment: Deployment,
): AsyncGenerator<Finding> {
  for (let after = 0; ;) {
    const rows = await statementsAfter(db, after, STEP);
    for (const { digest, signed } of rows) {
      const what = `statement ${digest}`;
      yield* differs(`${what}: digest`, digest, digestOfSigned(deployment, signed));
      try {
        requireBound(signed);
        await requireSignature(deployment, signed);
      } catch (failure) {
        if (!(failure instanceof TraceError)) throw failure;
        // A passkey's assertion is the chain's to judge.
        if (failure.code !== "UNAVAILABLE")
          yield { what, why: `${failure.code}: ${failure.message}` };
      }
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.arrival;
  }
}

function* differs(what: string, kept: Hex | string, derived: Hex | string): Generator<Finding> {
  if (kept !== derived) yield { what, why: `${kept} is kept, ${derived} is derived` };
}
