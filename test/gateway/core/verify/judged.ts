import { expect } from "chai";

import type { Bundle, Recorded } from "../../../../gateway/core/bundle.ts";
import type { Hex } from "../../../../gateway/core/bytes.ts";
import { parseJson } from "../../../../gateway/core/canonical.ts";
import { digestOf, KINDS, type Kind } from "../../../../gateway/core/operations.ts";
import { idOf } from "../../../../gateway/core/recording.ts";
import type { TraceErrorCode } from "../../../../gateway/core/trace-error.ts";
import { verifyTrail, type Trust } from "../../../../gateway/core/verify.ts";
import type { Check, Outcome, Question, Report } from "../../../../gateway/core/verify/report.ts";
import { PLACES, rawA } from "../cashew.ts";
import { DEPLOYMENT, type World } from "../trails.ts";

/** What the reader is told of a bundle that came as JSON. */
export const judge = async (bundle: Bundle, trust: Trust): Promise<Report> =>
  verifyTrail(parseJson(JSON.stringify(bundle), { length: 1 << 28 }), trust);

export const judgeWorld = async (world: World, lot: string): Promise<Report> =>
  judge(await world.bundleOf(lot), world.trustOf(lot, PLACES));

/** What is remarked on of the lot in the yard, as one text. */
export async function remarksOf(world: World): Promise<string> {
  const report = await judgeWorld(world, rawA.lot);
  expect(report.checks.filter((check) => check.outcome === "fails")).to.deep.equal([]);
  return report.checks.flatMap((check) => check.reason ?? []).join("\n");
}

export const digest = ({ name, statement }: Recorded): Hex => digestOf(DEPLOYMENT, name, statement);

type Wanted = {
  readonly question: Question;
  readonly code: TraceErrorCode;
  readonly subject?: Hex | null;
  readonly outcome?: Outcome;
};

/** The question came out so, for this reason, and this record is named. Gives the checks that say it. */
export function expectSaid(report: Report, wanted: Wanted): readonly Check[] {
  const { question, code, subject, outcome = "fails" } = wanted;
  const odd = report.checks.filter((check) => check.outcome !== "holds");
  const found = odd.filter(
    (check) =>
      check.question === question &&
      check.code === code &&
      check.outcome === outcome &&
      (subject === undefined || check.subject === subject),
  );
  expect(found, `${question} ${code}\n${JSON.stringify(odd, null, 1)}`).not.to.deep.equal([]);
  expect(report.questions[question]).to.equal(outcome);
  if (outcome === "fails") expect(report.outcome).to.equal("fails");
  return found;
}

/** These questions and no others are red. */
export function expectRed(report: Report, ...questions: readonly Question[]): void {
  const red = Object.entries(report.questions).filter(([, outcome]) => outcome === "fails");
  expect(red.map(([question]) => question)).to.have.members(questions);
}

/** The first operation of this kind that names the lot. */
export function the(bundle: Bundle, kind: Kind, lot: string): Recorded {
  const found = bundle.statements.find(
    ({ name, statement }) =>
      name === "Operation" &&
      statement.kind === KINDS[kind] &&
      [...statement.inputs, ...statement.outputs].some((portion) => portion.lot === idOf(lot)),
  );
  if (found === undefined) throw new Error(`no ${kind} of ${lot}`);
  return found;
}

/** The first statement of this name of which that holds. */
export function statementOf(
  bundle: Bundle,
  name: Recorded["name"],
  holds: (recorded: Recorded) => boolean = () => true,
): Recorded {
  const found = bundle.statements.find((recorded) => recorded.name === name && holds(recorded));
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

/** The bundle with other statements in the place of one; none: it is left out. */
export const replaced = (bundle: Bundle, old: Recorded, ...next: readonly Recorded[]): Bundle => ({
  ...bundle,
  statements: bundle.statements.flatMap((recorded) => (recorded === old ? next : [recorded])),
});
