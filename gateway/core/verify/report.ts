import type { Hex } from "../bytes.ts";
import { TraceError, type TraceErrorCode } from "../trace-error.ts";

/** The five questions of a verdict, in the order in which a reader asks them. */
export const QUESTIONS = ["authentic", "anchored", "complete", "current", "plausible"] as const;
export type Question = (typeof QUESTIONS)[number];

/** `remark`: it holds, and the reader should know this. `unchecked`: nothing can be said. */
export type Outcome = "holds" | "remark" | "unchecked" | "fails";

/** One check: which question it answers, of which record, and what came of it. */
export type Check = {
  readonly question: Question;
  readonly record: string; // "harvest 0x1234…", "device 0xab… pack 0/17", "lot https://…"
  readonly subject: Hex | null; // the digest, lot, certificate or key that is meant
  readonly outcome: Outcome;
  readonly code?: TraceErrorCode;
  readonly reason?: string;
};

/** A share of a lot's mass by origin: `grown` from harvests under a growing-area code, or declared at an intake. */
export type OriginShare = {
  readonly area: string;
  readonly grown: boolean;
  readonly share: number;
};

/** The share of a lot's mass that a claim covers: what was certified of it, and of what it was made from. */
export type ClaimShare = { readonly certificate: Hex; readonly share: number };

export type Report = {
  readonly lot: string;
  readonly outcome: Outcome; // the worst of the five
  readonly asOf: { readonly block: number; readonly hash: Hex; readonly time: number };
  readonly questions: Readonly<Record<Question, Outcome>>;
  readonly origin: readonly OriginShare[];
  readonly claims: readonly ClaimShare[];
  readonly checks: readonly Check[];
  /** Records of these lots that the chain has beyond those shown: the rest is as of an older block. */
  readonly newer?: number;
};

const ORDER: readonly Outcome[] = ["holds", "remark", "unchecked", "fails"];

/** The worst outcome; of nothing, `unchecked`: what was not asked was not answered. */
export const worst = (outcomes: readonly Outcome[]): Outcome =>
  outcomes.length === 0
    ? "unchecked"
    : (ORDER.findLast((outcome) => outcomes.includes(outcome)) ?? "unchecked");

/** Each question's outcome, and the whole's, by all checks. */
export function outcomesOf(checks: readonly Check[]): Pick<Report, "outcome" | "questions"> {
  const questions = Object.fromEntries(
    QUESTIONS.map((question) => [
      question,
      worst(checks.filter((found) => found.question === question).map(({ outcome }) => outcome)),
    ]),
  ) as Report["questions"];
  return { questions, outcome: worst(Object.values(questions)) };
}

/** The report with more checks, which come first. */
export function withChecks(report: Report, more: readonly Check[]): Report {
  const checks = [...more, ...report.checks];
  return { ...report, ...outcomesOf(checks), checks };
}

/** What a check is about. */
export type Matter = Pick<Check, "question" | "record" | "subject">;

/** Runs one check; what it throws becomes its failure, and anything but a TraceError is a bug that goes on up. */
export async function check(matter: Matter, run: () => unknown): Promise<Check> {
  try {
    await run();
    return { ...matter, outcome: "holds" };
  } catch (failure) {
    if (!(failure instanceof TraceError)) throw failure;
    const outcome = failure.code === "UNAVAILABLE" ? "unchecked" : "fails";
    return { ...matter, outcome, code: failure.code, reason: failure.message };
  }
}

/** What is found without anything thrown. */
const found =
  (outcome: Outcome) =>
  (matter: Matter, code: TraceErrorCode, reason: string): Check => ({
    ...matter,
    outcome,
    code,
    reason,
  });
export const remark = found("remark");
export const failure = found("fails");
export const unchecked = found("unchecked");
