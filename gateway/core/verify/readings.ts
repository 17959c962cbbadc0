import type { Bundle, LoggedPack } from "../bundle.ts";
import { fromBase64Url, fromHex, toHex, type Hex } from "../bytes.ts";
import type { ChainState } from "../chain-state.ts";
import { parseCheckpoint } from "../checkpoint.ts";
import { parsePack, verifyPack, type Pack } from "../envelope.ts";
import { sha256 } from "../hash.ts";
import { hashLeaf, verifyInclusion } from "../merkle.ts";
import { ROLES } from "../operations.ts";
import { idOf } from "../recording.ts";
import { TraceError } from "../trace-error.ts";
import { judgeCalibrations } from "./calibrations.ts";
import type { Dwelling } from "./dwellings.ts";
import { append, grouped } from "./grouped.ts";
import { anchoredBy, judgeLateness } from "./lateness.ts";
import type { Step } from "./histories.ts";
import { check, unchecked, type Check } from "./report.ts";
import { attestedBy, numberOf, packName, seriesOf, type Series, type Told } from "./series.ts";
import { keyAt } from "./signatures.ts";
import { spansAt, withSigned } from "./watched.ts";
import { judgeWhereabouts } from "./whereabouts.ts";
import { apart, judgeWindow, type Window } from "./windows.ts";
import { witnessesOf } from "./witnesses.ts";

/** A pack that could be read, with its place in the log. */
type Shown = { readonly logged: LoggedPack; readonly pack: Pack; readonly bytes: Uint8Array };
type Keys = ReadonlyMap<Hex, Uint8Array>;

/**
 * The key that the pack names signed it, and was valid for every reading in it: a device's, or a network server's
 * where the pack says so. The chain knows which, so neither passes for the other.
 */
async function requireDevice(keys: Keys, state: ChainState, { pack }: Shown): Promise<void> {
  const point = keys.get(pack.keyId);
  if (point === undefined) throw new TraceError("BAD_KEY", "the device's public key is not shown");
  const times = pack.records.map(({ time }) => time / 1000);
  const role = pack.attested ? ROLES.networkServer : ROLES.device;
  for (const time of [Math.min(...times), Math.max(...times)])
    if ((keyAt(state, pack.keyId, time).roles & role) === 0)
      throw new TraceError(
        "NOT_ALLOWED",
        `the key is not a ${pack.attested ? "network server" : "device"}'s`,
      );
  await verifyPack(pack, point);
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

/** The envelopes taken apart; what cannot be is a check that fails. */
async function packsOf({ packs }: Bundle) {
  const shown: Shown[] = [];
  const checks: Check[] = [];
  for (const [i, logged] of packs.entries()) {
    const matter = { question: "authentic", record: `packs[${i}]`, subject: null } as const;
    const read = await check(matter, () => {
      const bytes = fromBase64Url(logged.envelope);
      shown.push({ logged, bytes, pack: parsePack(bytes) });
    });
    if (read.outcome !== "holds") checks.push(read);
  }
  return { shown, checks };
}

/**
 * The times in which a device had to speak of goods of this trail, or had ceased to, by the chain's own list of watches and
 * what people signed for them.
 */
export function windowsOf(
  state: ChainState,
  dwellings: readonly Dwelling[],
  statements: Bundle["statements"],
) {
  const signedFor = withSigned(statements);
  const windows = new Map<Hex, Window[]>();
  const checks: Check[] = [];
  for (const dwelling of dwellings) {
    const { place } = dwelling;
    const subject = idOf(place);
    const watches = state.watches[subject];
    if (watches === undefined) {
      const matter = { question: "complete", record: place, subject } as const;
      const reason = "the chain was not asked which devices watch this place";
      checks.push(unchecked(matter, "UNAVAILABLE", reason));
      continue;
    }
    for (const span of spansAt(dwelling, signedFor(place, watches)))
      append(windows, span.watch.device, {
        ...span,
        place,
        open: span.until === state.block.time,
      });
  }
  return { windows, checks };
}

type Judging = {
  readonly shown: readonly Shown[];
  readonly requireWatching: (device: Hex) => void;
};

/** Each pack for itself: who signed it, and that the log holds it. `told` are the packs of devices that had something to say. */
async function judgePacks(bundle: Bundle, state: ChainState, { shown, requireWatching }: Judging) {
  const keys = new Map(
    bundle.devices.map((key) => fromHex(key)).map((point) => [toHex(sha256(point)), point]),
  );
  const about = { question: "anchored", record: "the log's checkpoint", subject: null } as const;
  let anchored: Awaited<ReturnType<typeof anchoredCheckpoint>> | undefined;
  const log = await check(about, async () => (anchored = await anchoredCheckpoint(bundle, state)));
  const told: Told[] = [];
  const checks = await Promise.all(
    shown.map(async (item) => {
      const { pack, logged, bytes } = item;
      const about = { record: packName(pack), subject: pack.keyId };
      const signed = await check({ question: "authentic", ...about }, async () => {
        requireWatching(pack.keyId);
        await requireDevice(keys, state, item);
        told.push(logged.received === undefined ? pack : { ...pack, received: logged.received });
      });
      const proven = await check({ question: "anchored", ...about }, () => {
        if (anchored === undefined)
          throw new TraceError("UNAVAILABLE", "there is no anchored checkpoint to prove it by");
        const proof = logged.proof.map(fromBase64Url);
        verifyInclusion({ ...anchored, leaf: hashLeaf(bytes), index: logged.index, proof });
      });
      const said =
        pack.attested && signed.outcome === "holds"
          ? { ...signed, reason: attestedBy(pack.attested) }
          : signed;
      return [said, proven];
    }),
  );
  return { told, checks: [log, ...checks.flat()] };
}

/** By when the chain had each pack, by `numberOf`; what lies in no anchored checkpoint is judged elsewhere. */
function reachedOf(state: ChainState, shown: readonly Shown[]): ReadonlyMap<string, number> {
  const by = anchoredBy(state);
  const reached = new Map<string, number>();
  for (const { pack, logged } of shown) {
    const time = by(logged.index);
    const name = numberOf(pack);
    if (time < Infinity) reached.set(name, Math.max(time, reached.get(name) ?? 0));
  }
  return reached;
}

/** What a stranger's device says is for the reader to know, and no proof against goods that he never had there. */
const softened = (check: Check): Check =>
  check.outcome === "fails" && check.question !== "anchored"
    ? { ...check, outcome: "remark" }
    : check;

/** What the records of a trail say that its readings are judged by. */
export type Trail = {
  readonly dwellings: readonly Dwelling[];
  readonly lineage: ReadonlySet<Hex>;
  readonly steps: readonly Step[];
};

/** Judges the packs of a bundle: each for itself, then each watching device's series over the windows that matter. */
export async function judgeReadings(
  bundle: Bundle,
  state: ChainState,
  { dwellings, lineage, steps }: Trail,
): Promise<Check[]> {
  const { shown, checks: unread } = await packsOf(bundle);
  const { windows, checks: unasked } = windowsOf(state, dwellings, bundle.statements);
  const requireWatching = (device: Hex): void => {
    if (windows.has(device)) return;
    throw unasked.length > 0
      ? new TraceError("UNAVAILABLE", "the chain was not asked which devices watch these places")
      : new TraceError("NOT_ALLOWED", "the device watches none of these places");
  };
  const { told, checks: judged } =
    shown.length > 0
      ? await judgePacks(bundle, state, { shown, requireWatching })
      : { told: [], checks: [] };
  const byDevice = grouped(told, ({ keyId }) => keyId);
  const reached = reachedOf(state, shown);
  const witnesses = witnessesOf(lineage, steps, state);
  const counts = ({ watch, place }: Window): boolean => witnesses(place, watch.device);
  const judgedIn =
    (series: Series) =>
    (window: Window): Check[] => [
      ...judgeWindow(series, window),
      ...judgeLateness(series, window, reached, state.keys[series.device]?.until),
    ];
  const spoken = [...windows].flatMap(([device, own]) => {
    const { series, checks } = seriesOf(device, byDevice.get(device) ?? []);
    const ofPacks = [...judged.filter(({ subject }) => subject === device), ...checks];
    return [
      ...(own.some(counts) ? ofPacks : ofPacks.map(softened)),
      ...own.filter(counts).flatMap(judgedIn(series)),
      ...apart(own.filter((window) => !counts(window)))
        .flatMap(judgedIn(series))
        .map(softened),
    ];
  });
  const others = judged.filter(({ subject }) => subject === null || !windows.has(subject));
  const kept = [...windows.values()].flat().filter((window) => window.kept);
  const moved = [...judgeWhereabouts(state, windows), ...judgeCalibrations(bundle, kept)];
  return [...unread, ...unasked, ...others, ...spoken, ...moved];
}
