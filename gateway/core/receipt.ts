import { fromHex, type Hex } from "./bytes.ts";
import { openNote, signNote, type SignEd25519, type VerifyEd25519 } from "./note.ts";
import { TraceError } from "./trace-error.ts";

/**
 * What a device waits for before it forgets: all packs of `epoch` up to and with `seq` are among the
 * first `size` entries of the log. `time` in ms.
 */
export type Receipt = {
  readonly origin: string;
  readonly device: Hex;
  readonly epoch: number;
  readonly seq: number;
  readonly size: number;
  readonly time: number;
};

// A space, so that no log's origin is spelled like it: a receipt can never pass for a checkpoint.
const TITLE = "plotline receipt";

/** The receipt as a note (C2SP signed-note) of six lines, signed by the log's key. */
export const signReceipt = (
  { origin, device, epoch, seq, size, time }: Receipt,
  publicKey: Uint8Array,
  sign: SignEd25519,
): Promise<string> =>
  signNote(
    `${[TITLE, origin, device, `${epoch}/${seq}`, size, time].join("\n")}\n`,
    { name: origin, publicKey },
    sign,
  );

/** The receipt in a note, if the trusted log signed it. Throws BAD_CHECKPOINT, BAD_ENCODING. */
export async function parseReceipt(
  note: string | Uint8Array,
  trusted: {
    readonly origin: string;
    readonly publicKey: Uint8Array;
    readonly verify?: VerifyEd25519;
  },
): Promise<Receipt> {
  const key = { name: trusted.origin, publicKey: trusted.publicKey };
  const text = await openNote(note, key, trusted.verify);
  const [title, origin, device = "", place = "", size = "", time = "", ...rest] = text
    .slice(0, -1)
    .split("\n");
  if (title !== TITLE || origin !== trusted.origin || rest.length > 0)
    throw new TraceError("BAD_CHECKPOINT", "the note is no receipt of this log");
  fromHex(device, 32);
  const [epoch = "", seq = "", ...more] = place.split("/");
  if (more.length > 0) throw new TraceError("BAD_ENCODING", "a receipt names one epoch and seq");
  return {
    origin,
    device: device as Hex,
    epoch: wholeNumber(epoch),
    seq: wholeNumber(seq),
    size: wholeNumber(size),
    time: wholeNumber(time),
  };
}

function wholeNumber(text: string): number {
  if (!/^(?:0|[1-9]\d*)$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new TraceError("BAD_ENCODING", `"${text.slice(0, 40)}" is not a whole number`);
  return Number(text);
}
