import type { Bundle } from "../bundle.ts";
import { requireSealed, sealOf, sealsIn } from "../sealed.ts";
import { check, type Check } from "./report.ts";

/** What was disclosed is what was sealed; what was not (kept back or erased) is counted, and breaks nothing. */
export async function judgeDisclosures({ openings, statements }: Bundle): Promise<Check[]> {
  const seals = new Set(statements.flatMap(({ document }) => sealsIn(document)));
  const checks = await Promise.all(
    openings.map((opening) =>
      check(
        { question: "authentic", record: `sealed field "${opening.name}"`, subject: null },
        () => requireSealed(opening, seals),
      ),
    ),
  );
  if (checks.every(({ outcome }) => outcome === "holds"))
    for (const opening of openings) seals.delete(sealOf(opening));
  return seals.size === 0
    ? checks
    : [
        ...checks,
        {
          question: "authentic",
          record: "sealed fields",
          subject: null,
          outcome: "holds",
          reason: `${seals.size} sealed or erased, not shown`,
        },
      ];
}
