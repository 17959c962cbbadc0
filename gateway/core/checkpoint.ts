import { fromBase64, toBase64 } from "./bytes.ts";
import { openNote, signNote } from "./note.ts";
import type { SignEd25519, VerifyEd25519 } from "./note.ts";
import { TraceError } from "./trace-error.ts";

/** What a log promises: that its first `size` entries lead to `root` (32 bytes), for ever. */
export type Checkpoint = {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
};

/** C2SP tlog-checkpoint: the text that is signed, in three lines. */
export const formatCheckpoint = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${toBase64(root)}\n`;

/** The checkpoint as a note signed by the log's key; the key is named as the log is. */
export const signCheckpoint = (
  checkpoint: Checkpoint,
  publicKey: Uint8Array,
  sign: SignEd25519,
): Promise<string> =>
  signNote(formatCheckpoint(checkpoint), { name: checkpoint.origin, publicKey }, sign);

/**
 * The checkpoint in a note, if the log `origin` signed it with `publicKey` (32 bytes, Ed25519).
 * Lines after the third are allowed by the standard and mean nothing here. BAD_CHECKPOINT.
 */
export async function parseCheckpoint(
  note: string | Uint8Array,
  trusted: {
    readonly origin: string;
    readonly publicKey: Uint8Array;
    readonly verify?: VerifyEd25519;
  },
): Promise<Checkpoint> {
  const key = { name: trusted.origin, publicKey: trusted.publicKey };
  const text = await openNote(note, key, trusted.verify);
  const [origin, size = "", root = "", ...rest] = text.slice(0, -1).split("\n");
  if (origin !== trusted.origin)
    throw new TraceError("BAD_CHECKPOINT", `a checkpoint of "${origin}", not of this log`);
  if (!/^(?:0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size)))
    throw new TraceError("BAD_CHECKPOINT", `"${size.slice(0, 80)}" is no size of a log`);
  if (root.length !== 44 || rest.includes(""))
    throw new TraceError("BAD_CHECKPOINT", "a checkpoint without a root, or with an empty line");
  return { origin, size: Number(size), root: rootBytes(root) };
}

function rootBytes(base64: string): Uint8Array {
  try {
    const bytes = fromBase64(base64);
    if (bytes.length === 32) return bytes;
  } catch (cause) {
    throw new TraceError("BAD_CHECKPOINT", "a root that is not base64", { cause });
  }
  throw new TraceError("BAD_CHECKPOINT", "a root that is not 32 bytes");
}
