import { expect } from "chai";

import type { Report } from "../../../gateway/core/verify/report.ts";
import { stateOf } from "../../../web/src/verify/strip.ts";

type Check = Report["checks"][number];
const fails = (record: string, code: Check["code"]): Check =>
  ({ question: "current", record, outcome: "fails", code, reason: "" }) as Check;
const RECALLED = fails("lot 0x01", "NOT_CURRENT");
const REVOKED = fails("certificate 0x02", "NOT_CURRENT");
const ALTERED = fails("harvest 0x03", "BAD_SIGNATURE");

describe("The strip on top of a lot's page", () => {
  for (const [what, checks, state] of [
    ["nothing that fails", [], "match"],
    ["a certificate that has ended", [REVOKED], "certificate"],
    ["altered records", [ALTERED], "mismatch"],
    ["altered records, whatever has ended besides", [REVOKED, ALTERED], "mismatch"],
    ["a recall, whatever else there is", [ALTERED, REVOKED, RECALLED], "recalled"],
  ] as const)
    it(`says "${state}" for ${what}`, () => {
      expect(stateOf({ checks, questions: {} } as unknown as Report)).to.equal(state);
    });
});
