import { expect } from "chai";

import { viewOf } from "../../../../gateway/core/trail-view.ts";
import { lotCard } from "../../../../gateway/http/pages/trail/lot.ts";
import { contextIn } from "../../../../gateway/http/pages/trail/context.ts";
import { sampleBundle, START } from "../../sample-trail.ts";

describe("The best-before date on the page of a lot", () => {
  for (const [told, shown] of [
    ["2027-03-01", "1 Mar 2027"],
    ["2027-03-01T23:00:00+07:00", "1 Mar 2027"],
    ["2027-02-30", "2027-02-30"],
    ["2027-02-28T24:00:00Z", "2027-02-28T24:00:00Z"],
  ] as const)
    it(`is ${shown} where its maker wrote ${told}`, async () => {
      const view = viewOf(await sampleBundle(), { readings: [], now: START });
      const { html } = lotCard({ ...view, bestBefore: told }, contextIn("en"));
      expect(html).to.include(`<dd class="">${shown}</dd>`);
    });
});
