import { parseBundle, type Bundle } from "./bundle.ts";
import type { Hex } from "./bytes.ts";
import type { ChainState } from "./chain-state.ts";
import { parseLotUri } from "./identifiers.ts";
import { digestOf } from "./operations.ts";
import { idOf } from "./recording.ts";
import { TraceError } from "./trace-error.ts";
import { judgeDisclosures } from "./verify/disclosures.ts";
import { dwellingsOf } from "./verify/dwellings.ts";
import { limitsIn } from "./verify/excursions.ts";
import { lineageOf, lotsOf, requireHistory, stepsOf, type Step } from "./verify/histories.ts";
import { originOf } from "./verify/origin.ts";
import { judgeReadings } from "./verify/readings.ts";
import { check, QUESTIONS, worst, type Check, type Report } from "./verify/report.ts";
import { requireAuthentic, requireFounder } from "./verify/signatures.ts";
import { judgeCertificates, judgeRecalls, judgeRules, stepName } from "./verify/standing.ts";

/** What the reader trusts: which lot was asked for, and what the chain said. Nothing in it comes from the bundle. */
export type Trust = {
  readonly lot: string; // GS1 Digital Link URI, from the label
  readonly state: ChainState; // read under the deployment that the reader pinned
};

/** The bundle is about the lot and the contracts that the reader asked for. */
async function judgeSubject(bundle: Bundle, { lot, state }: Trust): Promise<Check[]> {
  const matter = { question: "authentic", record: "the bundle", subject: null } as const;
  return [
    await check(matter, () => {
      parseLotUri(bundle.lot);
      if (bundle.lot !== lot)
        throw new TraceError("OTHER_CHAIN", `it is about ${bundle.lot}, not about ${lot}`);
    }),
    await check(matter, () => {
      const [mine, theirs] = [state.deployment, bundle.deployment];
      for (const name of ["chainId", "parties", "lots", "certificates", "checkpoints"] as const)
        if (mine[name] !== theirs[name])
          throw new TraceError("OTHER_CHAIN", `its ${name} is ${theirs[name]}, not ${mine[name]}`);
    }),
  ];
}

const nameOf = (bundle: Bundle, digest: Hex, at: number): string =>
  `${bundle.statements[at]?.name.toLowerCase() ?? "statement"} ${digest.slice(0, 10)}…`;

/** Signatures, signers and agreement of every statement; no key uses a number twice or backwards. */
async function judgeStatements(bundle: Bundle, state: ChainState, steps: readonly Step[]) {
  const names = new Map(steps.map((step) => [step.digest, stepName(step)]));
  const seen = new Map<Hex, number>();
  return Promise.all(
    bundle.statements.map((recorded, at) => {
      const { key, number } = recorded.statement;
      const digest = digestOf(state.deployment, recorded.name, recorded.statement);
      const matter = {
        question: "authentic",
        record: names.get(digest) ?? nameOf(bundle, digest, at),
        subject: digest,
      } as const;
      const last = recorded.name === "Operation" ? seen.get(key) : undefined;
      if (recorded.name === "Operation") seen.set(key, Math.max(number, last ?? 0));
      return check(matter, async () => {
        if (last !== undefined && number <= last)
          throw new TraceError("REPLAYED", `number ${number} comes after the key's ${last}`);
        await requireAuthentic(state, recorded);
      });
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

/** Each lot's records are exactly those on the chain, and no record is about something else. */
async function judgeHistories(
  state: ChainState,
  steps: readonly Step[],
  lineage: ReadonlySet<Hex>,
) {
  const checks: Check[] = [];
  for (const lot of lineage) {
    const own = steps.filter(({ operation }) => lotsOf(operation).includes(lot));
    const record = `history of lot ${lot.slice(0, 10)}…`;
    const found = await check({ question: "complete", record, subject: lot }, () =>
      requireHistory(lot, own, state.lots[lot]),
    );
    const anchored = found.code !== "OTHER_CHAIN";
    checks.push(
      anchored ? found : { question: "complete", record, subject: lot, outcome: "fails" },
    );
    const onChain = (step: Step): Check => ({
      ...(anchored
        ? { outcome: found.outcome === "fails" ? "unchecked" : found.outcome }
        : { ...found }),
      question: "anchored",
      record: stepName(step),
      subject: step.digest,
    });
    checks.push(...own.map(onChain));
  }
  const strays = steps.filter(
    ({ operation }) => !lotsOf(operation).some((lot) => lineage.has(lot)),
  );
  checks.push(
    ...strays.map((step): Check => ({
      question: "complete",
      record: stepName(step),
      subject: step.digest,
      outcome: "fails",
      code: "BAD_BUNDLE",
      reason: "the record is about none of the lots of this trail",
    })),
  );
  return checks;
}

function reportOf(
  checks: readonly Check[],
  { lot, state }: Trust,
  origin: Report["origin"],
): Report {
  const questions = Object.fromEntries(
    QUESTIONS.map((question) => [
      question,
      worst(checks.filter((found) => found.question === question).map(({ outcome }) => outcome)),
    ]),
  ) as Report["questions"];
  const { number, hash, time } = state.block;
  return {
    lot,
    outcome: worst(Object.values(questions)),
    asOf: { block: number, hash, time },
    questions,
    origin,
    checks,
  };
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
  if (bundle === undefined) return reportOf([shape], trust, []);
  const steps = stepsOf(state.deployment, bundle.statements);
  const lot = idOf(trust.lot);
  const lineage = lineageOf(lot, steps);
  const dwellings = dwellingsOf(lineage, steps, state.lots, state.block.time);
  const checks = await Promise.all([
    judgeSubject(bundle, trust),
    judgeStatements(bundle, state, steps),
    judgeFounders(bundle, state),
    judgeDisclosures(bundle),
    judgeHistories(state, steps, lineage),
    judgeRecalls(state, lineage),
    judgeCertificates(state, steps, bundle.statements),
    judgeRules(state, steps, lineage),
    judgeReadings(bundle, state, dwellings, limitsIn(bundle.statements)),
  ]);
  const areaOf = (certificate: Hex) => state.certificates[certificate]?.area;
  return reportOf(checks.flat(), trust, originOf(lot, steps, areaOf));
}
