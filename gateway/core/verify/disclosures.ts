import type { Bundle } from "../bundle.ts";
import { requireSealed, sealOf, sealsIn } from "../sealed.ts";
import { grouped } from "./grouped.ts";
import type { Digested } from "./histories.ts";
import { check, remark, type Check } from "./report.ts";
import { recordName } from "./standing.ts";

const partyOf = ({ recorded }: Digested) => recorded.statement.party;

/**
 * What was disclosed is what was sealed; what was not (kept back or erased) is named by its record, and breaks nothing.
 * A seal that another party copied is told of both: the order of a bundle does not say whose it was.
 */
export async function judgeDisclosures(
  { openings }: Bundle,
  digested: readonly Digested[],
): Promise<Check[]> {
  const sealed = new Map<string, readonly Digested[]>(); // at most two
  for (const record of digested)
    for (const seal of sealsIn(record.recorded.document)) {
      const [first = record] = sealed.get(seal) ?? [];
      if (first === record) sealed.set(seal, [record]);
      else if (partyOf(first) !== partyOf(record)) sealed.set(seal, [first, record]);
    }
  const seals = new Set(sealed.keys());
  const opened = new Set<string>();
  const checks = await Promise.all(
    openings.map(async (opening) => {
      const field = `sealed field "${opening.name}"`;
      const judged = await check({ question: "authentic", record: field, subject: null }, () =>
        requireSealed(opening, seals),
      );
      if (judged.outcome !== "holds") return judged;
      const seal = sealOf(opening);
      opened.add(seal);
      const holders = sealed.get(seal) ?? [];
      const record = `${field} of ${holders.map(recordName).join(" and ")}`;
      const of = { ...judged, record, subject: holders[0]?.digest ?? null };
      return holders.length > 1
        ? remark(of, "REPLAYED", "two parties have this seal: one of them copied it")
        : of;
    }),
  );
  const closed = grouped(
    [...sealed].flatMap(([seal, holders]) =>
      opened.has(seal) ? [] : holders.map((record) => [seal, record] as const),
    ),
    ([, record]) => record,
  );
  const kept = [...closed].map(([record, seals]): Check => ({
    question: "authentic",
    record: `sealed fields of ${recordName(record)}`,
    subject: record.digest,
    outcome: "holds",
    reason: `${seals.length} kept back or erased: ${seals.map(([seal]) => `${seal.slice(0, 10)}…`).join(", ")}`,
  }));
  return [...checks, ...kept];
}
