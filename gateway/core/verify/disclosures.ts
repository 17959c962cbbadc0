import type { Bundle } from "../bundle.ts";
import type { Hex } from "../bytes.ts";
import { requireSealed, sealOf, sealsIn } from "../sealed.ts";
import { grouped } from "./grouped.ts";
import type { Digested } from "./histories.ts";
import { check, type Check } from "./report.ts";
import { recordName } from "./standing.ts";

/** What was disclosed is what was sealed; what was not (kept back or erased) is named by its record, and breaks nothing. */
export async function judgeDisclosures(
  { openings }: Bundle,
  digested: readonly Digested[],
): Promise<Check[]> {
  const sealed = new Map<string, Digested>();
  for (const record of digested)
    for (const seal of sealsIn(record.recorded.document))
      if (!sealed.has(seal)) sealed.set(seal, record);
  const seals = new Set(sealed.keys());
  const opened = new Set<string>();
  const checks = await Promise.all(
    openings.map(async (opening) => {
      const found: { subject: Hex | null; record: string } = { subject: null, record: "" };
      const judged = await check({ question: "authentic", record: "", subject: null }, () => {
        requireSealed(opening, seals);
        const seal = sealOf(opening);
        const holder = sealed.get(seal);
        if (holder === undefined) return;
        opened.add(seal);
        found.subject = holder.digest;
        found.record = ` of ${recordName(holder)}`;
      });
      return { ...judged, ...found, record: `sealed field "${opening.name}"${found.record}` };
    }),
  );
  const closed = grouped(
    [...sealed].filter(([seal]) => !opened.has(seal)),
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
