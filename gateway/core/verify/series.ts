import { sameBytes, toHex, type Hex } from "../bytes.ts";
import type { Attestation, Pack, Reading } from "../envelope.ts";
import { sha256 } from "../hash.ts";
import { failure, remark, type Check } from "./report.ts";

/** A pack and when (ms) it came, by the word of the gateway that shows it: it decides nothing, it explains. */
export type Told = Pack & { readonly received?: number };

/** A device's packs by number, and all their readings by time. */
export type Series = {
  readonly device: Hex;
  readonly packs: readonly Told[];
  readonly readings: readonly (Reading & { readonly at: number })[]; // `at`: of its pack in `packs`
  readonly breaks: readonly number[]; // where packs[at] is not the next after packs[at - 1]
  readonly joints: readonly number[]; // where the numbers do not prove that nothing was said before packs[at]
};

export const packName = ({ keyId, epoch, seq, attested }: Pack): string =>
  `${attested ? "source" : "device"} ${keyId.slice(0, 10)}… pack ${epoch}/${seq}`;

/** Whose word a pack is that no device signed. */
export const attestedBy = ({ source }: Attestation): string =>
  `attested by the network server (${source}), not signed by the device`;

/** How long (ms) a pack took from its last reading until it came, where that was so long that it must be said; else 0. */
export function lateness({ records, received = 0 }: Pick<Told, "records" | "received">): number {
  const late = received - Math.max(...records.map(({ time }) => time));
  return late > LATE ? late : 0;
}

const LATE = 3_600_000;

/** What a pack is known by in a map: no two devices share it. */
export const numberOf = ({ keyId, epoch, seq }: Pack): string => `${keyId}/${epoch}/${seq}`;

const sameNumber = (a: Pack | undefined, b: Pack): boolean =>
  a?.epoch === b.epoch && a.seq === b.seq;

/** Whether nothing can be missing between two packs: within an epoch they are numbered without gaps. */
export const isNext = (before: Pack | undefined, next: Pack): boolean =>
  before === undefined
    ? next.epoch === 0 && next.seq === 0
    : before.epoch === next.epoch && next.seq === before.seq + 1;

/** A device names so what it says in the place of a pack that the log refused (the section on packs of core's README). */
export const REFUSED = "refused";

/** Whether something must be missing: after a restart (a new epoch) numbers begin at 0. */
const isBreak = (before: Pack | undefined, next: Pack): boolean =>
  before?.epoch === next.epoch ? next.seq !== before.seq + 1 : next.seq !== 0;

/** One device's packs in order. The same number twice is a replay, or the device said two different things under it. */
export function seriesOf(
  device: Hex,
  packs: readonly Told[],
): { readonly series: Series; readonly checks: readonly Check[] } {
  const sorted = packs.toSorted((a, b) => a.epoch - b.epoch || a.seq - b.seq);
  const once = sorted.filter((pack, i) => !sameNumber(sorted[i - 1], pack));
  const again = sorted.flatMap((pack, i) => {
    const before = sorted[i - 1];
    return sameNumber(before, pack) ? [{ pack, before }] : [];
  });
  const joints = once.flatMap((pack, i) => (isNext(once[i - 1], pack) ? [] : [i]));
  const breaks = once.flatMap((pack, i) => (isBreak(once[i - 1], pack) ? [i] : []));
  // Of all that was said under a number: nothing is excused by being said twice.
  let at = -1;
  const readings = sorted.flatMap((pack, i) => {
    if (!sameNumber(sorted[i - 1], pack)) at += 1;
    return pack.records.map((record) => ({ ...record, at }));
  });
  return {
    series: {
      device,
      packs: once,
      readings: readings.toSorted((a, b) => a.time - b.time || a.at - b.at),
      breaks,
      joints,
    },
    checks: [
      ...again.flatMap(({ pack, before }) => saidTwice(pack, before)),
      ...sorted.flatMap(replacing),
    ],
  };
}

/** Two packs under one number, unless the one says that it stands for the other, which came to the log all the same. */
function saidTwice(pack: Pack, before: Pack | undefined): readonly Check[] {
  if (before !== undefined && (standsFor(pack, before) || standsFor(before, pack))) return [];
  const about = { question: "authentic", record: packName(pack), subject: pack.keyId } as const;
  return [
    before !== undefined && sameBytes(before.signed, pack.signed)
      ? failure(about, "REPLAYED", "this pack is shown twice")
      : failure(about, "EQUIVOCATION", "the device signed two different packs of this number"),
  ];
}

/** The device itself names the content that it says again: it hides nothing. */
function standsFor({ records }: Pack, other: Pack): boolean {
  const told = records.filter(({ name }) => name === REFUSED);
  if (told.length === 0) return false;
  const content = ` ${toHex(sha256(other.signed))}`; // once, however often it is claimed
  return told.some(({ value }) => String(value).endsWith(content));
}

/** A pack in the place of one that the log turned down: what was refused is gone, and the reader should know when. */
function replacing(pack: Pack): readonly Check[] {
  const told = pack.records.find(({ name }) => name === REFUSED);
  if (told === undefined) return [];
  const matter = { question: "complete", record: packName(pack), subject: pack.keyId } as const;
  return [
    remark(
      matter,
      "CLOCK",
      `stands for a pack that the log refused (${String(told.value).slice(0, 100)}) ` +
        `by ${new Date(told.time).toISOString()}`,
    ),
  ];
}

/** The first place in a sorted list whose item is not below. */
export function firstFrom<T>(items: readonly T[], isBelow: (item: T) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && isBelow(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}
