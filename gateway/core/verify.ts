import { parseBundle, type Bundle, type Log } from "./bundle.ts";
import type { Hex } from "./bytes.ts";
import type { ChainState } from "./chain-state.ts";
import { idOf } from "./recording.ts";
import { TraceError } from "./trace-error.ts";
import { claimsOf } from "./verify/claims.ts";
import { judgeHistories } from "./verify/completeness.ts";
import { dwellingsOf, strangeNotes } from "./verify/dwellings.ts";
import { digestedOf, historiesOf, lineageOf, stepsAmong } from "./verify/histories.ts";
import type { Digested, Histories, Step } from "./verify/histories.ts";
import { originOf } from "./verify/origin.ts";
import { judgeNames } from "./verify/named.ts";
import { judgeProducts } from "./verify/products.ts";
import type { Trail } from "./verify/readings.ts";
import { check, outcomesOf, remark, type Check, type Report } from "./verify/report.ts";
import { requireAuthentic } from "./verify/signatures.ts";
import { requireFounder } from "./verify/registered.ts";
import { judgeCertificates, judgeRecalls, judgeRules, recordName } from "./verify/standing.ts";
import { judgeFreshness, judgeTimes } from "./verify/times.ts";
import { outOfTurn } from "./verify/turns.ts";

/** What the reader trusts: which lot was asked for, and what the chain said. Nothing in it comes from the bundle. */
export type Trust = {
  readonly lot: string; // canonical GS1 Digital Link URI, from the label
  readonly state: ChainState; // read under the deployment that the reader pinned
  readonly log: Log | null; // whose log may hold readings; null where the reader pinned none

  /** The reader's own clock, in seconds; absent where the state is one that was saved, and dated by its block. */
  readonly now?: number;
};

/** The bundle is about the lot and the contracts that the reader asked for. */
async function judgeSubject(bundle: Bundle, { lot, state, log }: Trust): Promise<Check[]> {
  const matter = { question: "authentic", record: "the bundle", subject: null } as const;
  return [
    await check(matter, () => {
      if (bundle.lot !== lot)
        throw new TraceError("OTHER_CHAIN", `it is about ${bundle.lot}, not about ${lot}`);
    }),
    await check(matter, () => {
      const [mine, theirs] = [state.deployment, bundle.deployment];
      for (const name of ["chainId", "parties", "lots", "certificates", "checkpoints"] as const)
        if (mine[name] !== theirs[name])
          throw new TraceError("OTHER_CHAIN", `its ${name} is ${theirs[name]}, not ${mine[name]}`);
    }),
    ...(log === null ? anyLog(bundle) : [await check(LOG, () => requireLog(bundle, log))]),
  ];
}

const LOG = { question: "anchored", record: "the log", subject: null } as const;

const anyLog = ({ packs }: Bundle): Check[] =>
  packs.length === 0
    ? []
    : [remark(LOG, "OTHER_CHAIN", "no log was pinned: any that governance opened would do")];

function requireLog({ log }: Bundle, pinned: Log): void {
  if (log.origin !== pinned.origin || log.publicKey !== pinned.publicKey)
    throw new TraceError("OTHER_CHAIN", `readings are in the log ${log.origin}, not in yours`);
}

/** Whether nothing rests on a statement: a note of others' goods, or a watch by a device of who had none of these, nor sponsors who had. */
function strangeTo(state: ChainState, steps: readonly Step[], histories: Histories) {
  const notes = strangeNotes(histories);
  const near = new Set<Hex | undefined>();
  for (const { digest, operation } of steps)
    if (!notes.has(digest)) near.add(operation.party).add(state.sponsors[operation.party]);
  return ({ recorded: { name, statement }, digest }: Digested): boolean =>
    name === "Watch" ? !near.has(state.keys[statement.device]?.party) : notes.has(digest);
}

/**
 * Signatures, signers and agreement of every statement; nothing is shown twice, and no key uses a number backwards. A party can end
 * its key for the past, so what a stranger signed (`isStrange`) is for the reader to know, and nothing against the goods.
 */
async function judgeStatements(
  digested: readonly Digested[],
  state: ChainState,
  isStrange: (each: Digested) => boolean,
) {
  const shown = new Set<Hex>();
  const odd = outOfTurn(digested);
  return Promise.all(
    digested.map(async (each): Promise<Check> => {
      const { recorded, digest } = each;
      const matter = {
        question: "authentic",
        record: recordName({ recorded, digest }),
        subject: digest,
      } as const;
      const twice = shown.has(digest);
      shown.add(digest);
      const judged = await check(matter, async () => {
        if (twice) throw new TraceError("REPLAYED", "this record is shown twice");
        await requireAuthentic(state, recorded, digest);
        const why = odd.get(each);
        if (why !== undefined) throw why;
      });
      return judged.code === "NOT_ALLOWED" && isStrange(each)
        ? { ...judged, outcome: "remark" }
        : judged;
    }),
  );
}

const judgeFounders = ({ founders }: Bundle, state: ChainState): Promise<Check[]> =>
  Promise.all(
    founders.map((founder) =>
      check(
        {
          question: "authentic",
          record: `party of key ${founder.key.slice(0, 10)}…`,
          subject: founder.key,
        },
        () => requireFounder(state, founder),
      ),
    ),
  );

/** The same piece for what was sealed, where something was, or is said to have been. */
async function judgeSealed(bundle: Bundle, digested: readonly Digested[]): Promise<Check[]> {
  const sealed = digested.some(({ recorded }) => recorded.document?.["plotline:sealed"]);
  if (!sealed && bundle.openings.length === 0) return [];
  const { judgeDisclosures } = await import("./sensors.ts");
  return judgeDisclosures(bundle, digested);
}

/** A reader's phone loads what takes packs apart when packs are shown, or should be. */
async function judgeSensors(bundle: Bundle, state: ChainState, trail: Trail): Promise<Check[]> {
  const unwatched = trail.dwellings.every(({ place }) => state.watches[idOf(place)]?.length === 0);
  if (unwatched && bundle.packs.length === 0) return [];
  const { judgeReadings } = await import("./sensors.ts");
  return judgeReadings(bundle, state, trail);
}

const NO_SHARES = { origin: [], claims: [] } as const;

function reportOf(
  checks: readonly Check[],
  { lot, state }: Trust,
  shares: Pick<Report, "origin" | "claims">,
): Report {
  const { number, hash, time } = state.block;
  const asOf = { block: number, hash, time };
  return { lot, asOf, ...outcomesOf(checks), ...shares, checks };
}

/**
 * Judges a bundle from a stranger by nothing but `trust`. Every check runs, so the reader sees all that is wrong;
 * no input makes it throw. Give it what `parseJson` made of the bundle's text.
 */
export async function verifyTrail(untrusted: unknown, trust: Trust): Promise<Report> {
  const { state } = trust;
  const parsed: { bundle?: Bundle } = {};
  const shape = await check({ question: "authentic", record: "the bundle", subject: null }, () => {
    parsed.bundle = parseBundle(untrusted);
  });
  const { bundle } = parsed;
  if (bundle === undefined) return reportOf([shape], trust, NO_SHARES);
  const digested = digestedOf(state.deployment, bundle.statements);
  const steps = stepsAmong(digested);
  const lot = idOf(trust.lot);
  const lineage = lineageOf(lot, steps);
  const histories = historiesOf(steps);
  const [misused, unlisted] = judgeProducts(digested);
  const dwellings = dwellingsOf(lineage, steps, state.lots, state.block.time);
  const checks = (
    await Promise.all([
      judgeSubject(bundle, trust),
      judgeStatements(digested, state, strangeTo(state, steps, histories)),
      judgeFounders(bundle, state),
      judgeNames(bundle, state),
      judgeSealed(bundle, digested),
      judgeHistories(state, steps, { lineage, histories }),
      judgeFreshness(trust),
      judgeRecalls(state, lineage),
      judgeCertificates(trust, digested),
      judgeRules(state, steps, lineage),
      misused,
      judgeTimes(state, steps),
      judgeSensors(bundle, state, { dwellings, lineage, steps }),
    ])
  ).flat();
  // Of records that are not the chain's no share can be told; and a stranger's could take for ever to add up.
  const proven =
    [...lineage].every((id) => state.lots[id] !== undefined) &&
    !checks.some(({ question, outcome }) =>
      question === "anchored" || question === "complete" ? outcome === "fails" : false,
    );
  const areaOf = (certificate: Hex) => state.certificates[certificate]?.area;
  const shares = () => ({
    origin: originOf(lot, steps, areaOf),
    claims: claimsOf(lot, steps).filter(
      ({ certificate }) => unlisted(certificate, [{ lot }]) === undefined,
    ),
  });
  return reportOf(checks, trust, proven ? shares() : NO_SHARES);
}
