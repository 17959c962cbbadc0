import type { Bundle, LoggedPack } from "../bundle.ts";
import { fromBase64Url, fromHex, toHex, type Hex } from "../bytes.ts";
import type { ChainState, Watching } from "../chain-state.ts";
import { parseCheckpoint } from "../checkpoint.ts";
import { parsePack, verifyPack, type Pack } from "../envelope.ts";
import { sha256 } from "../hash.ts";
import { hashLeaf, verifyInclusion } from "../merkle.ts";
import { ROLES } from "../operations.ts";
import { idOf } from "../recording.ts";
import { TraceError } from "../trace-error.ts";
import type { Dwelling } from "./dwellings.ts";
import { excursionsOf, type Limit } from "./excursions.ts";
import { check, remark, type Check } from "./report.ts";
import { keyAt } from "./signatures.ts";

/** A pack that could be read, with its place in the log. */
type Shown = { readonly logged: LoggedPack; readonly pack: Pack; readonly bytes: Uint8Array };

const short = (hex: Hex): string => `${hex.slice(0, 10)}…`;
const iso = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;
const nameOf = ({ keyId, epoch, seq }: Pack): string =>
  `device ${short(keyId)} pack ${epoch}/${seq}`;
const startOf = ({ records }: Pack): number => Math.min(...records.map(({ time }) => time)) / 1000;
const endOf = ({ records }: Pack): number => Math.max(...records.map(({ time }) => time)) / 1000;

/** The device's own key signed it, and was a device's and valid for every reading in it. */
async function requireDevice(bundle: Bundle, state: ChainState, { pack }: Shown): Promise<void> {
  const point = bundle.devices.find((key) => toHex(sha256(fromHex(key))) === pack.keyId);
  if (point === undefined) throw new TraceError("BAD_KEY", "the device's public key is not shown");
  for (const time of [startOf(pack), endOf(pack)])
    if ((keyAt(state, pack.keyId, time).roles & ROLES.device) === 0)
      throw new TraceError("NOT_ALLOWED", "the key is not a device's");
  await verifyPack(pack, fromHex(point));
}

/** The checkpoint that the log signed and the chain took, or why not. */
async function anchoredCheckpoint({ checkpoint, log }: Bundle, state: ChainState) {
  if (checkpoint === null) throw new TraceError("WITHHELD", "packs are shown without a checkpoint");
  const publicKey = fromBase64Url(log.publicKey);
  const signed = await parseCheckpoint(checkpoint, { origin: log.origin, publicKey });
  const newest = state.checkpoint;
  const root =
    newest !== null && newest.size === signed.size ? newest.root : state.anchored[signed.size];
  if (root === undefined)
    throw new TraceError(
      newest !== null && signed.size > newest.size ? "UNAVAILABLE" : "OTHER_CHAIN",
      `no checkpoint of ${signed.size} entries is anchored; the newest has ${newest?.size ?? 0}`,
    );
  if (root !== toHex(signed.root))
    throw new TraceError("BAD_CHECKPOINT", "the chain holds another root for this size");
  return signed;
}

/** Sorted by number; the same number twice is a replay. */
function seriesOf(shown: readonly Shown[]): { series: Pack[]; checks: Check[] } {
  const sorted = shown
    .map(({ pack }) => pack)
    .toSorted((a, b) => a.epoch - b.epoch || a.seq - b.seq);
  const twice = sorted.filter((pack, i) => {
    const before = sorted[i - 1];
    return before?.epoch === pack.epoch && before.seq === pack.seq;
  });
  return {
    series: sorted.filter((pack) => !twice.includes(pack)),
    checks: twice.map((pack) => ({
      question: "authentic",
      record: nameOf(pack),
      subject: pack.keyId,
      outcome: "fails",
      code: "REPLAYED",
      reason: "this pack is shown twice",
    })),
  };
}

/** Whether `next` is the device's very next pack; after a restart (a new epoch) numbers begin at 0. */
const follows = (before: Pack, next: Pack): boolean =>
  before.epoch === next.epoch ? next.seq === before.seq + 1 : next.seq === 0;

/** Gaps in the numbers, silence, and readings outside limits, of one device in one window. */
function judgeWindow(
  series: readonly Pack[],
  watch: Watching,
  { place, from, until }: Dwelling,
  limits: readonly Limit[],
): Check[] {
  const about = { record: `device ${short(watch.device)} at ${place}`, subject: watch.device };
  const complete = { question: "complete", ...about } as const;
  const inside = series.filter((pack) => endOf(pack) >= from && startOf(pack) <= until);
  const gaps = inside.flatMap((pack, i) => {
    const before = inside[i - 1];
    return before === undefined || follows(before, pack)
      ? []
      : [
          {
            ...complete,
            outcome: "fails",
            code: "WITHHELD",
            reason: `packs between ${before.epoch}/${before.seq} and ${pack.epoch}/${pack.seq} are not shown`,
          } as const,
        ];
  });
  const records = inside
    .flatMap((pack) => pack.records)
    .filter(({ time }) => time / 1000 >= from && time / 1000 <= until)
    .toSorted((a, b) => a.time - b.time);
  const times = [from, ...records.map(({ time }) => time / 1000), until];
  const silences = times.flatMap((time, i) => {
    const before = times[i - 1] ?? time;
    return time - before > 2 * watch.interval
      ? [remark(complete, "WITHHELD", `silent from ${iso(before)} to ${iso(time)}`)]
      : [];
  });
  const excursions = excursionsOf(records, limits).map(({ limit, peak, start, end }) =>
    remark(
      { question: "plausible", ...about },
      "RULE_BROKEN",
      `${limit.name} reached ${peak} ${limit.unit} (limits ${limit.min ?? "none"} to ${limit.max ?? "none"}) ` +
        `from ${iso(start / 1000)} to ${iso(end / 1000)}`,
    ),
  );
  const found = [...gaps, ...silences];
  return [
    ...(found.length === 0 ? [{ ...complete, outcome: "holds" } as const] : found),
    ...(excursions.length === 0
      ? [{ question: "plausible", ...about, outcome: "holds" } as const]
      : excursions),
  ];
}

/** Judges the packs of a bundle: each for itself, then each watching device's series over the windows that matter. */
export async function judgeReadings(
  bundle: Bundle,
  state: ChainState,
  dwellings: readonly Dwelling[],
  limitsOf: (place: Hex, device: Hex) => readonly Limit[],
): Promise<Check[]> {
  const checks: Check[] = [];
  const shown: Shown[] = [];
  for (const [i, logged] of bundle.packs.entries()) {
    const matter = { question: "authentic", record: `packs[${i}]`, subject: null } as const;
    const read = await check(matter, () => {
      const bytes = fromBase64Url(logged.envelope);
      shown.push({ logged, bytes, pack: parsePack(bytes) });
    });
    if (read.outcome !== "holds") checks.push(read);
  }

  const windows = dwellings.flatMap((dwelling) =>
    (state.watches[idOf(dwelling.place)] ?? []).flatMap((watch) => {
      const [from, until] = [
        Math.max(dwelling.from, watch.from),
        Math.min(dwelling.until, watch.until),
      ];
      return from < until ? [{ watch, dwelling: { ...dwelling, from, until } }] : [];
    }),
  );
  const unasked = dwellings.filter(({ place }) => state.watches[idOf(place)] === undefined);
  checks.push(
    ...unasked.map(({ place }): Check => ({
      question: "complete",
      record: place,
      subject: idOf(place),
      outcome: "unchecked",
      code: "UNAVAILABLE",
      reason: "the chain was not asked which devices watch this place",
    })),
  );

  const watching = new Set(windows.map(({ watch }) => watch.device));
  const logCheck = { question: "anchored", record: "the log's checkpoint", subject: null } as const;
  let anchored: Awaited<ReturnType<typeof anchoredCheckpoint>> | undefined;
  if (shown.length > 0)
    checks.push(
      await check(logCheck, async () => (anchored = await anchoredCheckpoint(bundle, state))),
    );
  const judged = await Promise.all(
    shown.flatMap((item) => {
      const about = { record: nameOf(item.pack), subject: item.pack.keyId };
      return [
        check({ question: "authentic", ...about }, async () => {
          if (!watching.has(item.pack.keyId))
            throw new TraceError("NOT_ALLOWED", "the device watches none of these places");
          await requireDevice(bundle, state, item);
        }),
        check({ question: "anchored", ...about }, () => {
          if (anchored === undefined)
            throw new TraceError("UNAVAILABLE", "there is no anchored checkpoint to prove it by");
          const proof = item.logged.proof.map(fromBase64Url);
          const { size, root } = anchored;
          verifyInclusion({
            leaf: hashLeaf(item.bytes),
            index: item.logged.index,
            size,
            proof,
            root,
          });
        }),
      ];
    }),
  );
  checks.push(...judged);

  for (const device of watching) {
    const { series, checks: replays } = seriesOf(shown.filter(({ pack }) => pack.keyId === device));
    checks.push(...replays);
    for (const { watch, dwelling } of windows)
      if (watch.device === device)
        checks.push(
          ...judgeWindow(series, watch, dwelling, limitsOf(idOf(dwelling.place), device)),
        );
  }
  return checks;
}
