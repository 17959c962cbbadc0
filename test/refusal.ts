import { expect } from "chai";

import { TraceError } from "../gateway/core/trace-error.ts";
import type { TraceErrorCode } from "../gateway/core/trace-error.ts";

/** Runs what must be refused with `code`, and gives back the refusal for a closer look. */
export function expectRefusal(code: TraceErrorCode, run: () => unknown): TraceError {
  try {
    run();
  } catch (refusal) {
    if (!(refusal instanceof TraceError)) throw refusal;
    expect(refusal.code, refusal.message).to.equal(code);
    return refusal;
  }
  return expect.fail(`accepted what ${code} should refuse`);
}

/** `expectRefusal` for what is refused later. */
export async function expectRejection(
  code: TraceErrorCode,
  promise: Promise<unknown>,
): Promise<TraceError> {
  const outcome = await promise.then(
    () => undefined,
    (refusal: unknown) => ({ refusal }),
  );
  return expectRefusal(code, () => {
    if (outcome !== undefined) throw outcome.refusal;
  });
}
