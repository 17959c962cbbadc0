import type { ChainState } from "../chain-state.ts";
import { dayOf } from "./days.ts";
import { remark, type Check, type Matter } from "./report.ts";
import { firstFrom, numberOf, type Series } from "./series.ts";
import type { Watch } from "./watched.ts";
import type { Window } from "./windows.ts";

/** What came to the chain so long (seconds) after it was said could have been made up meanwhile: the reader is told. */
export const LATE = 2 * 86_400;

/**
 * What the chain had so long (seconds) before it was measured was made up, or its sensor's clock was wrong; and what it had so long
 * after the key had ended may be of whoever has the key by then.
 */
const EARLY = 3_600;

/**
 * By when (block time, seconds) the chain had an entry of the log: the time of the first anchor shown that covers it. The chain
 * took each anchor only as an extension of the one before, so an entry's place in the newest is its place in all that cover it.
 */
export function anchoredBy({ anchoredAt, checkpoint }: ChainState): (index: number) => number {
  const anchors = Object.entries(anchoredAt).map(([size, time]) => ({ size: Number(size), time }));
  if (checkpoint !== null) anchors.push(checkpoint);
  anchors.sort((a, b) => a.size - b.size);
  return (index) => anchors[firstFrom(anchors, ({ size }) => size <= index)]?.time ?? Infinity;
}

/** Remarks on readings of a window that reached the chain late, or before they were measured, and on a watch that was signed long after the goods had come. */
export function judgeLateness(
  { readings, packs }: Series,
  { from, until, watch, place }: Window,
  reached: ReadonlyMap<string, number>, // seconds, by `numberOf` a pack
  ended = Infinity, // seconds: when the device's key did
): readonly Check[] {
  const record = `device ${watch.device.slice(0, 10)}… at ${place}`;
  const matter = { question: "complete", record, subject: watch.device } as const;
  const first = firstFrom(readings, ({ time }) => time < from * 1000);
  const end = firstFrom(readings, ({ time }) => time <= until * 1000);
  const told = new Map<number, number>(); // the oldest reading in the window, of each pack
  for (const { at, time } of readings.slice(first, end))
    if (!told.has(at)) told.set(at, time / 1000);
  const dated = [...told].flatMap(([at, time]) => {
    const pack = packs[at];
    const by = pack && reached.get(numberOf(pack));
    return pack === undefined || by === undefined ? [] : [{ pack, by, time }];
  });
  const early = dated
    .map(({ pack, by }) => Math.max(...pack.records.map(({ time }) => time)) / 1000 - by)
    .filter((ahead) => ahead > EARLY);
  const after = dated.filter(({ by }) => by - ended > EARLY);
  const late = dated.filter(({ by, time }) => by - time > LATE);
  const [worst] = late.toSorted((a, b) => b.by - b.time - (a.by - a.time));
  return [
    ...(worst === undefined
      ? []
      : [
          remark(
            matter,
            "CLOCK",
            `${late.length} of its packs reached the log up to ${daysOf(worst.by - worst.time)} days late, as far as the chain ` +
              `shows: ${worst.pack.epoch}/${worst.pack.seq} of ${dayOf(worst.time)} by ${dayOf(worst.by)}`,
          ),
        ]),
    ...(early.length === 0
      ? []
      : [
          remark(
            matter,
            "CLOCK",
            `${early.length} of its packs were in the log up to ${Math.floor(Math.max(...early) / 3_600)} hours before they were ` +
              `measured, by the chain's own time: made up, or its clock was wrong`,
          ),
        ]),
    ...(after.length === 0
      ? []
      : [
          remark(
            matter,
            "CLOCK",
            `${after.length} of its packs reached the log after its key had ended, as far as the chain shows`,
          ),
        ]),
    ...lookingBack(matter, watch, from),
  ];
}

/** A remark on a watch that the chain took long after goods had come. */
function lookingBack(matter: Matter, { taken }: Watch, from: number): readonly Check[] {
  if (taken - from <= LATE) return [];
  const said =
    `the watch was signed on ${dayOf(taken)} and looks back ${daysOf(taken - from)} days: ` +
    `nobody had promised these readings when they were made`;
  return [remark(matter, "CLOCK", said)];
}

const daysOf = (seconds: number): number => Math.floor(seconds / 86_400);
