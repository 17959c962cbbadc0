import type { Bundle } from "../bundle.ts";
import { toHex, type Hex } from "../bytes.ts";
import { calibrationEnd, calibrationIn, type Calibration } from "../calibration.ts";
import { contentHash } from "../canonical.ts";
import { TraceError } from "../trace-error.ts";
import { remark, type Check } from "./report.ts";
import type { Window } from "./windows.ts";

/**
 * Remarks on times in which a device watched the goods behind the last day of its calibration. One that never named any is not
 * judged by it; a later watch that names none makes it no longer.
 */
export function judgeCalibrations(bundle: Bundle, windows: readonly Window[]): Check[] {
  const shown = calibrationsShown(bundle);
  const newest = new Map<Hex, Calibration>();
  const inTurn = windows.toSorted((a, b) => a.watch.taken - b.watch.taken);
  return inTurn.flatMap(({ watch, place, until }) => {
    const calibration = shown.get(watch.content) ?? newest.get(watch.device);
    if (calibration !== undefined) newest.set(watch.device, calibration);
    if (calibration === undefined || until <= calibrationEnd(calibration)) return [];
    const { certificate, issuer } = calibration;
    const record = `device ${watch.device.slice(0, 10)}… at ${place}`;
    return remark(
      { question: "plausible", record, subject: watch.device },
      "NOT_CURRENT",
      `its calibration ${certificate} of ${issuer} ended with ${calibration.until}`,
    );
  });
}

/** By the hash that the chain has of a Watch's document: nobody can show a certificate that its owner did not sign. */
function calibrationsShown({ statements }: Bundle): ReadonlyMap<Hex, Calibration> {
  const found = new Map<Hex, Calibration>();
  for (const { name, document } of statements) {
    const calibration = name === "Watch" ? calibrationIn(document) : undefined;
    if (calibration === undefined || document === null) continue;
    try {
      found.set(toHex(contentHash(document)), calibration);
    } catch (failure) {
      // Not NFC, or no JSON: that it is not what was signed is said where signatures are judged.
      if (!(failure instanceof TraceError)) throw failure;
    }
  }
  return found;
}
