import { isObject, type Document } from "./statement.ts";
import { TraceError } from "./trace-error.ts";

/**
 * What the owner of a device signed of its calibration, in the document of its Watch: the certificate's number, the laboratory
 * that issued it, and its last day (`YYYY-MM-DD`, UTC).
 */
export type Calibration = {
  readonly certificate: string;
  readonly issuer: string;
  readonly until: string;
};

const LONGEST = 200;

/** Throws BAD_OPERATION for a calibration that nobody could look up. */
export function requireCalibration(value: unknown): void {
  const { certificate, issuer, until } = isObject(value) ? value : {};
  for (const text of [certificate, issuer])
    if (typeof text !== "string" || text.trim() === "" || text.length > LONGEST)
      throw new TraceError("BAD_OPERATION", "a calibration names its certificate and its issuer");
  if (typeof until !== "string" || endOf(until) === undefined)
    throw new TraceError("BAD_OPERATION", "a calibration's last day is written YYYY-MM-DD");
}

/** The calibration that a Watch's document names; undefined where it names none, or none that holds. */
export function calibrationIn(document: Document | null): Calibration | undefined {
  const value = document?.["calibration"];
  try {
    requireCalibration(value);
    return value as Calibration;
  } catch (failure) {
    if (failure instanceof TraceError) return undefined;
    throw failure;
  }
}

/** When (seconds) a calibration is over: with the end of its last day. */
export const calibrationEnd = ({ until }: Calibration): number => endOf(until) ?? 0;

function endOf(day: string): number | undefined {
  const start = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : NaN;
  // A day that is in no calendar, such as the 30th of February, becomes another one.
  if (Number.isNaN(start) || !new Date(start).toISOString().startsWith(day)) return undefined;
  return start / 1_000 + 86_400;
}
