import { concatBytes, type Hex } from "./core/bytes.ts";
import { judge, type SignedPack, type Unsigned } from "./judge.ts";
import { PACK_FORMS } from "./store/schema.ts";

/** Bytes from a device, and the public key (65 bytes) that they must be signed by. */
export type Case = { readonly device: Hex; readonly point: Uint8Array; readonly bytes: Uint8Array };
export type Judged = SignedPack | Unsigned;

/**
 * Cases on their way to a thread. What is many is one block of memory that changes hands: a thousand
 * small arrays would cost as much to copy as a fifth of judging them.
 */
export type Batch = {
  readonly devices: string; // their key ids, 66 letters each
  readonly points: Uint8Array<ArrayBuffer>; // 65 bytes each
  readonly bytes: Uint8Array<ArrayBuffer>; // one after another
  readonly ends: Uint32Array<ArrayBuffer>; // where each one's bytes end
};

/** What a thread found, in the order of its batch. What was refused, or met a bug, has zeros in the blocks. */
export type Findings = {
  readonly numbers: Float64Array<ArrayBuffer>; // epoch, seq, firstTime and lastTime of each
  readonly hashes: Uint8Array<ArrayBuffer>; // content and leaf of each, 32 bytes
  readonly forms: Uint8Array<ArrayBuffer>; // places in `PACK_FORMS`
  readonly refused: ReadonlyMap<number, Unsigned>;
  readonly bugs: ReadonlyMap<number, Error>;
};

export function joinCases(cases: readonly Case[]): Batch {
  let end = 0;
  return {
    devices: cases.map(({ device }) => device).join(""),
    points: concatBytes(...cases.map(({ point }) => point)),
    bytes: concatBytes(...cases.map(({ bytes }) => bytes)),
    ends: Uint32Array.from(cases, ({ bytes }) => (end += bytes.length)),
  };
}

/** Judges each case of a batch by itself: a bug that one meets is not its neighbours', who are strangers to it. */
export function judgeBatch(
  { devices, points, bytes, ends }: Batch,
  judgeOne: typeof judge = judge,
): Findings {
  const numbers = new Float64Array(4 * ends.length);
  const hashes = new Uint8Array(64 * ends.length);
  const forms = new Uint8Array(ends.length);
  const refused = new Map<number, Unsigned>();
  const bugs = new Map<number, Error>();
  const judgeAt = (i: number, given: Uint8Array): Judged | undefined => {
    const device = devices.slice(66 * i, 66 * i + 66) as Hex;
    try {
      return judgeOne(device, points.subarray(65 * i, 65 * i + 65), given);
    } catch (bug) {
      bugs.set(i, bug instanceof Error ? bug : new Error(String(bug)));
      return undefined;
    }
  };
  for (const [i, end] of ends.entries()) {
    const found = judgeAt(i, bytes.subarray(ends[i - 1] ?? 0, end));
    if (found === undefined) continue;
    if ("code" in found) refused.set(i, found);
    else {
      const { epoch, seq, form, content, leaf, firstTime, lastTime } = found;
      numbers.set([epoch, seq, firstTime, lastTime], 4 * i);
      hashes.set(content, 64 * i);
      hashes.set(leaf, 64 * i + 32);
      forms[i] = PACK_FORMS.indexOf(form);
    }
  }
  return { numbers, hashes, forms, refused, bugs };
}

/** The `i`-th finding. Its hashes are views of the block. Throws the bug that the case met. */
export function findingAt({ numbers, hashes, forms, refused, bugs }: Findings, i: number): Judged {
  const bug = bugs.get(i);
  if (bug !== undefined) throw bug;
  const refusal = refused.get(i);
  if (refusal !== undefined) return refusal;
  const [epoch = 0, seq = 0, firstTime = 0, lastTime = 0] = numbers.subarray(4 * i, 4 * i + 4);
  return {
    epoch,
    seq,
    form: PACK_FORMS[forms[i] ?? 0] ?? "cose",
    content: hashes.subarray(64 * i, 64 * i + 32),
    leaf: hashes.subarray(64 * i + 32, 64 * i + 64),
    firstTime,
    lastTime,
  };
}
