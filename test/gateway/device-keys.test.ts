import { expect } from "chai";

import { cachedKeys } from "../../gateway/device-keys.ts";
import { deviceNamed } from "./samples.ts";

const KEY = deviceNamed("a sensor");
const content = deviceNamed("a document");
const STATE = { party: content, roles: 64, from: 0, until: 9, number: 0, content };

describe("The chain's word on a key", () => {
  let [now, asked, away] = [0, 0, false];
  const keyOf = cachedKeys(
    async () => {
      asked += 1;
      if (away) throw new Error("no node answers");
      return STATE;
    },
    () => now,
  );

  it("is asked for again after ten seconds, and not before", async () => {
    for (const [at, questions] of [
      [0, 1],
      [9_999, 1],
      [10_000, 2],
    ] as const) {
      now = at;
      expect(await keyOf(KEY)).to.equal(STATE);
      expect(asked).to.equal(questions);
    }
  });

  it("stands while the chain is away, which is asked no more often for that", async () => {
    away = true;
    now = 20_000;
    for (let pack = 0; pack < 5; pack++) expect(await keyOf(KEY)).to.equal(STATE);
    expect(asked).to.equal(3);
  });

  it("is none on a key that it never spoke of", async () => {
    const failure = await keyOf(deviceNamed("another")).catch((error: unknown) => error);
    expect(failure).to.be.an("error").with.property("message", "no node answers");
  });
});
