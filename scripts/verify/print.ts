import type { Bundle } from "../../gateway/core/bundle.ts";
import type { Hex } from "../../gateway/core/bytes.ts";
import { isoOf } from "../../gateway/core/verify/days.ts";
import { grouped } from "../../gateway/core/verify/grouped.ts";
import {
  QUESTIONS,
  type Check,
  type Outcome,
  type Report,
} from "../../gateway/core/verify/report.ts";

export const SIGNS: Readonly<Record<Outcome, string>> = {
  holds: "holds",
  remark: "holds, with a remark",
  fails: "DOES NOT HOLD",
  unchecked: "could not be checked",
};

/** What is printed: the report, the bundle that it is of, by what it was judged, and whether every check is named. */
export type Judged = {
  readonly report: Report;
  readonly bundle: Bundle;
  readonly source: string;
  readonly all: boolean;
};

/** Text from a stranger without what would move a terminal's cursor, begin a line, colour it or turn its direction. */
export const plain = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\ufffd");

/** The verdict for a terminal: what holds by kind and number, what does not by name and reason. */
export function printed({ report, bundle, source, all }: Judged): string {
  const { block, hash, time } = report.asOf;
  const share = report.origin.map(
    ({ area, grown, share }) =>
      `${percent(share)} % ${area || "unknown"}${grown ? "" : " (declared)"}`,
  );
  const claims = report.claims.map(
    ({ certificate, share }) =>
      `${paperOf(certificate, bundle)} ${share < 0.01 ? "< 1" : Math.floor(share * 100 + 1e-9)} %`,
  );
  return [
    plain(report.lot),
    `as of block ${block} (${hash}), ${isoOf(time)}, ${source}`,
    `origin: ${share.join(", ") || "not shown"}`,
    ...(claims.length > 0 ? [`claims: ${claims.join(", ")}`] : []),
    "",
    ...QUESTIONS.flatMap((question) => {
      const checks = report.checks.filter((check) => check.question === question);
      const line = `${question.padEnd(10)} ${SIGNS[report.questions[question]]}`;
      return [line, ...(all ? checks.map(lineOf) : summaryOf(checks))];
    }),
    "",
    `${SIGNS[report.outcome]}: ${wordsOf(report)}`,
    "Not proven: that everything was recorded, and that the goods in hand are those of the records.",
    ...(all ? [] : ["Every check by name: --all; the whole report: --json."]),
  ].join("\n");
}

/** Nearly all is not all. */
const percent = (share: number): string =>
  (share < 1 - 1e-9 ? Math.min(99.9, share * 100) : 100).toFixed(1);

const lineOf = ({ outcome, record, reason, code }: Check): string =>
  plain(`  ${outcome.padEnd(9)} ${record}${reason === undefined ? "" : `: ${reason}`}`) +
  (outcome === "holds" || code === undefined ? "" : ` [${code}]`);

const MOST_ALIKE = 5;

/** One line for all that holds; of what does not, the first few of each kind and reason. */
function summaryOf(checks: readonly Check[]): readonly string[] {
  const holding = checks.filter(({ outcome }) => outcome === "holds");
  const kinds = [...grouped(holding, kindOf)].map(([kind, { length }]) =>
    plain(`${length} × ${kind}`),
  );
  const others = checks.filter(({ outcome }) => outcome !== "holds");
  const alike = grouped(others, (each) => `${each.outcome} ${each.code} ${kindOf(each)}`);
  return [
    ...(kinds.length > 0 ? [`  holds     ${kinds.join(", ")}`] : []),
    ...[...alike.values()].flatMap((group) => [
      ...group.slice(0, MOST_ALIKE).map(lineOf),
      ...(group.length > MOST_ALIKE
        ? [`            and ${group.length - MOST_ALIKE} more like these`]
        : []),
    ]),
  ];
}

/** What kind of thing a check is about: its record's name without what tells it from others of its kind. */
function kindOf({ record }: Check): string {
  if (/^device .* pack /.test(record)) return "pack";
  if (/^device .* at /.test(record)) return "device at a place";
  if (record.startsWith("packs[")) return "pack that cannot be read";
  if (record.startsWith("https://")) return "place";
  if (record.startsWith("sealed field ")) return "sealed field shown";
  return record.replace(/ (?:of (?:key )?)?(?:lot )?0x[0-9a-f]+….*$/, "").replace(/ of .*$/, "");
}

/** A certificate by its scheme and the number that its issuer gave it, where these are plain text; else by its id. */
function paperOf(id: Hex, { statements }: Bundle): string {
  const grant = statements.find(
    ({ name, statement }) => name === "Grant" && statement.certificate === id,
  );
  const { scheme, number } = grant?.document ?? {};
  const paper = `${String(scheme)} ${String(number)}`;
  return /^[\p{L}\p{N} ./_-]{1,80}$/u.test(paper) ? paper : id;
}

/** What the outcome means, in a sentence. */
function wordsOf({ outcome, questions, asOf, newer }: Report): string {
  if (newer !== undefined)
    return (
      `these records are older than the chain, which has ${newer} newer of these lots; ` +
      `they match it as of block ${asOf.block}, and say nothing of the present`
    );
  if (outcome === "unchecked") return "what could be checked of the records matches the chain";
  if (outcome !== "fails") return "the records match the chain";
  const others = QUESTIONS.filter((question) => question !== "current");
  return others.some((question) => questions[question] === "fails")
    ? "the records do not match the chain"
    : "the records match the chain, and say that a lot is recalled or that a certificate has ended";
}
