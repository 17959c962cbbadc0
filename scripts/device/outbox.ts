import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";

import { writeDurably } from "../../gateway/secrets.ts";

/** A signed pack that the log has not receipted yet. */
export type Unsent = { readonly epoch: number; readonly seq: number; readonly bytes: Uint8Array };

/** What a device keeps until it has the log's receipt. */
export type Outbox = {
  /** This boot's number: one more than the last that was written down. */
  readonly epoch: number;
  readonly all: () => readonly Unsent[];

  /** How many wait for a receipt: all but those that were set aside. */
  readonly size: () => number;

  /** Those that the log will never take, by its word of this boot: kept, and not sent before the next. */
  readonly aside: () => readonly Unsent[];
  readonly setAside: (pack: Numbered) => void;

  /** The next epoch, written down: for counting anew without a boot. */
  readonly begin: () => number;

  /** Drops a pack whose readings are kept under another number. */
  readonly drop: (pack: Numbered) => void;

  /** Returns when the pack is on the disk; one of the same number is replaced. */
  readonly keep: (pack: Unsent) => void;

  /** Drops everything of `epoch` up to and with `seq`. */
  readonly receipt: (epoch: number, seq: number) => void;
  readonly close: () => void;
};

export type Numbered = Pick<Unsent, "epoch" | "seq">;
const nameOf = ({ epoch, seq }: Numbered): string => `${epoch}/${seq}`;

/** An outbox that forgets everything with its process: for load, and for stories. */
export function memoryOutbox(first = 0): Outbox {
  const packs = new Map<string, Unsent>();
  const aside = new Set<string>();
  let last = first;
  return {
    epoch: first,
    all: () => [...packs.values()],
    size: () => packs.size - aside.size,
    aside: () => [...aside].flatMap((name) => packs.get(name) ?? []), // few, and asked with every pack
    setAside: (pack) => {
      if (packs.has(nameOf(pack))) aside.add(nameOf(pack));
    },
    begin: () => (last += 1),
    drop: (pack) => {
      packs.delete(nameOf(pack));
      aside.delete(nameOf(pack));
    },
    keep: (pack) => {
      packs.set(nameOf(pack), pack);
    },
    receipt: (upEpoch, upSeq) => {
      for (const [name, { epoch: of, seq }] of packs) {
        if (of !== upEpoch || seq > upSeq) continue;
        packs.delete(name);
        aside.delete(name);
      }
    },
    close: () => {},
  };
}

type Line =
  | { readonly epoch: number }
  | { readonly aside: readonly [epoch: number, seq: number] }
  | { readonly drop: readonly [epoch: number, seq: number] }
  | { readonly keep: readonly [epoch: number, seq: number, bytes: string] }
  | { readonly receipt: readonly [epoch: number, seq: number] };

const LOOK = 1_000; // lines from one look at how many are dead to the next
const MOST_DEAD = 10; // lines for one that counts

/** An outbox in a file of JSON lines, each synced before it counts. A line that a power cut tore is left out. */
export function fileOutbox(path: string): Outbox {
  const left = replay(path);
  const epoch = left.last + 1;
  const packs = memoryOutbox();
  for (const pack of left.packs.all()) packs.keep(pack); // offered anew, whatever the log said of it
  let newest = epoch;
  const refused = new Set(left.packs.aside().map(nameOf)); // by the log's word of whichever boot
  const alive = (): readonly Line[] => [
    { epoch: newest },
    ...packs.all().map(toLine),
    ...packs
      .all()
      .filter((pack) => refused.has(nameOf(pack)))
      .map(toAside),
  ];
  let { file, length, count } = rewrite(path, alive());
  /** Where this fails the file may be either one: no line is taken before it was done again. */
  const compact = (): void => {
    const lines = alive();
    if (count <= MOST_DEAD * lines.length) return;
    const was = file;
    ({ file, length, count } = rewrite(path, lines));
    closeSync(was);
  };
  const append = (line: Line): void => {
    if (count % LOOK === 0) compact();
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    try {
      // A disk that is nearly full takes a part, and says so by the count alone.
      for (let done = 0; done < bytes.length;)
        done += writeSync(file, bytes, done, bytes.length - done, length + done);
      fsyncSync(file);
      length += bytes.length;
      count += 1;
    } catch (failure) {
      ftruncateSync(file, length); // or the next line would go on in the middle of this one
      throw failure;
    }
  };
  return {
    ...packs,
    epoch,
    setAside: (pack) => {
      append(toAside(pack));
      refused.add(nameOf(pack));
      packs.setAside(pack);
    },
    begin: () => {
      append({ epoch: newest + 1 });
      return (newest += 1);
    },
    drop: (pack) => {
      append({ drop: [pack.epoch, pack.seq] });
      packs.drop(pack);
    },
    keep: (pack) => {
      append(toLine(pack));
      packs.keep(pack);
    },
    receipt: (upEpoch, upSeq) => {
      const before = packs.all().length;
      packs.receipt(upEpoch, upSeq);
      if (packs.all().length < before) append({ receipt: [upEpoch, upSeq] });
    },
    close: () => closeSync(file),
  };
}

/** How many packs in the file at `path` wait for a receipt: all but those of which the log last said that it will never take them. */
export const waitingIn = (path: string): number => replay(path).packs.size();

/** What the lines say: the last epoch, and the packs. */
function replay(path: string): { readonly last: number; readonly packs: Outbox } {
  const packs = memoryOutbox();
  let last = -1;
  for (const line of readLines(path)) {
    if ("epoch" in line) last = Math.max(last, line.epoch);
    else if ("keep" in line) {
      const [epoch, seq, bytes] = line.keep;
      packs.keep({ epoch, seq, bytes: Buffer.from(bytes, "base64") });
    } else if ("aside" in line) packs.setAside({ epoch: line.aside[0], seq: line.aside[1] });
    else if ("drop" in line) packs.drop({ epoch: line.drop[0], seq: line.drop[1] });
    else packs.receipt(...line.receipt);
  }
  return { last, packs };
}

const toAside = ({ epoch, seq }: Numbered): Line => ({ aside: [epoch, seq] });

const toLine = ({ epoch, seq, bytes }: Unsent): Line => ({
  keep: [epoch, seq, Buffer.from(bytes).toString("base64")],
});

function readLines(path: string): readonly Line[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line); // the device wrote them
}

/** Writes the file anew, without what was receipted: an old one that a power cut brought back would give its numbers twice. */
function rewrite(path: string, lines: readonly Line[]) {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  writeDurably(path, text, 0o600);
  const file = openSync(path, "r+");
  return { file, length: fstatSync(file).size, count: lines.length };
}
