import type { Bundle } from "../bundle.ts";
import { toHex, type Hex } from "../bytes.ts";
import { calibrationEnd, calibrationIn, type Calibration } from "../calibration.ts";
import { contentHash } from "../canonical.ts";
import { TraceError } from "../trace-error.ts";
import { remark, type Check } from "./report.ts";
import type { Window } from "./windows.ts";

/** Remarks on times in which a device watched the goods behind the last day of its calibration. One that names none is not judged by it. */
export function judgeCalibrations(bundle: Bundle, windows: readonly Window[]): Check[] {
  const shown = calibrationsShown(bundle);
  return windows.flatMap(({ watch, place, until }) => {
    const calibration = shown.get(watch.content);
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
