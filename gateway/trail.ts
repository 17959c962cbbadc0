import type { Bundle, Recorded } from "./core/bundle.ts";
import { toBase64Url, type Hex } from "./core/bytes.ts";
import type { LotState, Watching } from "./core/chain-state.ts";
import { parseLotUri } from "./core/identifiers.ts";
import type { Deployment } from "./core/operations.ts";
import { idOf } from "./core/recording.ts";
import { TraceError } from "./core/trace-error.ts";
import { dwellingsOf } from "./core/verify/dwellings.ts";
import { stepsOf } from "./core/verify/histories.ts";
import { spansAt, withSigned } from "./core/verify/watched.ts";
import { witnessesOf } from "./core/verify/witnesses.ts";
import type { ChainView } from "./index/chain-view.ts";
import type { LogSigner } from "./log-signer.ts";
import type { Store } from "./store/open.ts";
import type { StoredStatement } from "./store/statements.ts";
import { confirmedAbout } from "./store/views.ts";
import { recordsOf, withWatches } from "./trail/records.ts";
import { readingsOf } from "./trail/readings.ts";
import { explains, standing } from "./trail/strangers.ts";

export type TrailParts = {
  readonly store: Store;
  readonly chain: ChainView;
  readonly deployment: Deployment;
  readonly signer: Pick<LogSigner, "origin" | "publicKey" | "id">;
};

/** So many watches of who can fail nothing are shown, the oldest: no crowd of them makes a trail too long to be judged. */
const MOST_STRANGERS = 200;

/** Builds the bundle of a lot, as of now. Throws BAD_IDENTIFIER, NOT_FOUND. */
export async function buildBundle(parts: TrailParts, lotUri: string): Promise<Bundle> {
  parseLotUri(lotUri);
  const { store, chain, deployment, signer } = parts;
  const { records, states } = await wholeRecords(parts, idOf(lotUri));
  const recorded = records.statements.map(recordedOf);
  const { time } = await chain.block();
  const lineage = new Set(records.lineage);
  const steps = stepsOf(deployment, recorded);
  const dwellings = dwellingsOf(lineage, steps, states, time);
  const places = [...new Set(dwellings.map(({ place }) => idOf(place)))];
  const answers = await chain.watches(places);
  const watches = new Map(places.map((place, i) => [place, answers[i] ?? []] as const));
  const onChain = (await confirmedAbout(store.db, places, ["place"])).filter(isOn(watches));
  const { size } = await chain.anchor(signer.id);
  const devices = [...watches.values()].flat().map(({ device }) => device);
  const movers = devices.length === 0 ? [] : steps.map(({ operation }) => operation.party);
  const [keys, sponsors] = await Promise.all([
    answersBy(devices, chain.keys),
    answersBy(movers, chain.sponsors),
  ]);
  const witnesses = witnessesOf(lineage, steps, { keys, sponsors });
  const uris = new Map(dwellings.map(({ place }) => [idOf(place), place]));
  const counts = ({ signed: { name, statement } }: StoredStatement): boolean =>
    name === "Watch" && witnesses(uris.get(statement.place) ?? "", statement.device);
  let strangers = 0;
  const watched = onChain.filter((watch) => counts(watch) || ++strangers <= MOST_STRANGERS);
  const whole = await withWatches(store.db, records, watched);
  const signers = whole.statements.map(({ signed: { statement } }) => statement.key);
  const people = { ...keys, ...(await answersBy(signers, chain.keys)) };
  const holds = standing(whole.statements, people);
  const kept = watched.filter((watch) => counts(watch) || holds(watch));
  const all = kept.length === watched.length ? whole : await withWatches(store.db, records, kept);
  const statements = all.statements.filter((each) => explains(each, people)).map(recordedOf);
  const signedFor = withSigned(statements);
  const windows = dwellings.flatMap((dwelling) => {
    const { place } = dwelling;
    const spans = spansAt(dwelling, signedFor(place, watches.get(idOf(place)) ?? []));
    return spans.map(({ watch: { device }, from, until }) => {
      const ended = keys[device]?.until ?? Infinity;
      return { device, from, until, ended, counts: witnesses(place, device) };
    });
  });
  const readings = await readingsOf(store.db, windows, size);
  return {
    format: "plotline-trail",
    version: 1,
    lot: lotUri,
    deployment,
    log: { origin: signer.origin, publicKey: toBase64Url(signer.publicKey) },
    statements,
    founders: all.founders,
    ...readings,
    openings: [], // a person's data is not for everybody who scans a code: http/openings.ts
  };
}

/** What the chain answers about each of these, by id. */
async function answersBy<T>(
  ids: readonly Hex[],
  ask: (ids: readonly Hex[]) => Promise<readonly T[]>,
): Promise<Record<Hex, T>> {
  const each = [...new Set(ids)];
  const answers = await ask(each);
  return Object.fromEntries(each.map((id, i) => [id, answers[i]])) as Record<Hex, T>;
}

const recordedOf = ({ signed, block }: StoredStatement): Recorded => ({
  ...signed,
  time: block?.time ?? 0,
});

/** Whether the chain holds this very watch: not one that began anew in the same words, nor the end of one. */
const isOn =
  (watches: ReadonlyMap<Hex, readonly Watching[]>) =>
  ({ signed: { name, statement }, block }: StoredStatement): boolean =>
    name === "Watch" &&
    (watches.get(statement.place) ?? []).some(
      ({ device, content, from, taken }) =>
        device === statement.device &&
        content === statement.content &&
        from === statement.from &&
        taken === block?.time,
    );

const TRIES = 20;
const PAUSE = 100;

/**
 * The records of a lot as complete as the chain's. The chain is ahead of our books for the blink in which a receipt is read;
 * a bundle made in it would look as if something was withheld.
 */
async function wholeRecords({ store, chain }: TrailParts, lot: Hex) {
  for (let tries = 1; ; tries++) {
    const records = await recordsOf(store.db, lot);
    if (records.statements.length === 0)
      throw new TraceError("NOT_FOUND", `nothing is recorded about lot ${lot}`);
    const answers = await chain.lots(records.lineage);
    const states: Record<Hex, LotState> = {};
    for (const [i, id] of records.lineage.entries()) {
      const state = answers[i];
      if (state !== undefined) states[id] = state;
    }
    if (tries === TRIES || isWhole(records, states)) return { records, states };
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** As many records of each lot as the chain has counted. */
function isWhole(
  { lineage, statements }: Awaited<ReturnType<typeof recordsOf>>,
  states: Readonly<Record<Hex, LotState>>,
): boolean {
  const counts = new Map<Hex, number>();
  for (const { signed } of statements)
    if (signed.name === "Operation")
      for (const { lot } of [...signed.statement.inputs, ...signed.statement.outputs])
        counts.set(lot, (counts.get(lot) ?? 0) + 1);
  return lineage.every((lot) => (counts.get(lot) ?? 0) === states[lot]?.count);
}
