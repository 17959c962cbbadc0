import type { Reading } from "../envelope.ts";
import { minuteOf } from "./days.ts";
import {
  excursionsOf,
  isComparable,
  isQuantity,
  type Excursion,
  type Limit,
} from "./excursions.ts";
import { failure, remark, type Check, type Matter } from "./report.ts";

/** So many gaps, silences or excursions from one limit of one window are told: more of them say nothing new. */
export const MOST_TOLD = 20;

/** What is shown cannot be held to limits that are not. */
export const withoutLimits = (matter: Matter, readings: readonly Reading[]): Check =>
  readings.length === 0
    ? remark(matter, "WITHHELD", "no reading is shown to judge by")
    : failure(matter, "WITHHELD", "the limits that the device's owner signed are not shown");

/** The same matter, of the quantity that a limit is about. */
export const mattersTo = (limit: Limit | undefined, matter: Matter): Matter =>
  limit === undefined ? matter : { ...matter, quantity: limit.name };

export const rangeOf = ({ min, max }: Limit): string =>
  `limits ${min ?? "none"} to ${max ?? "none"}`;

/** How far an excursion went. */
const beyond = ({ peak, limit: { min = peak, max = peak } }: Excursion): number =>
  Math.max(min - peak, peak - max);

/** Remarks on readings outside the limits, of each the farthest, and on those that cannot be compared with them. */
export function judgeValues(
  matter: Matter,
  readings: readonly Reading[],
  limits: readonly Limit[],
): Check[] {
  const excursions = limits.flatMap((limit) => {
    const found = excursionsOf(readings, [limit]).toSorted((a, b) => beyond(b) - beyond(a));
    const told = found
      .slice(0, MOST_TOLD)
      .map(({ peak, start, end }) =>
        remark(
          mattersTo(limit, matter),
          "RULE_BROKEN",
          `${limit.name} reached ${peak} ${limit.unit} (${rangeOf(limit)}) ` +
            `from ${minuteOf(start / 1000)} to ${minuteOf(end / 1000)}`,
        ),
      );
    const more = found.length - told.length;
    if (more > 0)
      told.push(
        remark(
          mattersTo(limit, matter),
          "RULE_BROKEN",
          `${limit.name} left its ${rangeOf(limit)} ${more} times more`,
        ),
      );
    return told;
  });
  const incomparable = limits.flatMap((limit) => {
    const odd = readings.find(
      (one) => isQuantity(one.name, limit.name) && !isComparable(one, limit),
    );
    return odd === undefined
      ? []
      : [
          remark(
            mattersTo(limit, matter),
            "RULE_BROKEN",
            `${limit.name} is measured in ${odd.unit ?? "nothing"}, its limits are in ${limit.unit}`,
          ),
        ];
  });
  return [...excursions, ...incomparable];
}
