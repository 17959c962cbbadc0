import { expect } from "chai";

import { TraceError } from "../../gateway/core/trace-error.ts";
import { cachedKeys } from "../../gateway/device-keys.ts";
import { deviceNamed } from "./samples.ts";

const KEY = deviceNamed("a sensor");
const content = deviceNamed("a document");
const MORE_THAN_FIT = 100_001;
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

describe("What the chain said of many keys", () => {
  it("stands for an enrolled device, however many strangers came by since", async () => {
    const device = deviceNamed("an honest device");
    let [away, time] = [false, 0];
    const keyOf = cachedKeys(
      async (keyId) => {
        if (away) throw new TraceError("UNAVAILABLE", "the chain does not answer");
        return keyId === device ? STATE : undefined;
      },
      () => time,
    );
    await keyOf(device);
    for (let i = 0; i < MORE_THAN_FIT; i++) await keyOf(`0x${i.toString(16).padStart(64, "0")}`);
    [away, time] = [true, 60_000];
    expect(await keyOf(device)).to.equal(STATE);
  });

  it("stands for the device that sends, when more are enrolled than fit", async () => {
    const device = deviceNamed("an honest device");
    let [away, time] = [false, 0];
    const keyOf = cachedKeys(
      async () => {
        if (away) throw new TraceError("UNAVAILABLE", "the chain does not answer");
        return STATE;
      },
      () => time,
    );
    await keyOf(device);
    for (let i = 0; i < MORE_THAN_FIT; i++) {
      if (i === 99_000) {
        time = 60_000;
        await keyOf(device);
      }
      await keyOf(`0x${i.toString(16).padStart(64, "0")}`);
    }
    [away, time] = [true, 120_000];
    expect(await keyOf(device)).to.equal(STATE);
    const oldest: unknown = await keyOf(`0x${"0".repeat(64)}`).catch((failure: unknown) => failure);
    expect(oldest).to.have.property("code", "UNAVAILABLE");
  });

  it("is asked for once in a while for a stranger who sends much", async () => {
    let [asked, time] = [0, 0];
    const keyOf = cachedKeys(
      async () => void (asked += 1),
      () => time,
    );
    for (time = 0; time < 2_000; time += 100) await keyOf(deviceNamed("a stranger"));
    expect(asked).to.equal(2);
  });

  it("is forgotten of a key that is enrolled no more", async () => {
    const device = deviceNamed("a device of a history that was undone");
    let [answer, time]: [typeof STATE | undefined, number] = [STATE, 0];
    const keyOf = cachedKeys(
      async () => answer,
      () => time,
    );
    await keyOf(device);
    [answer, time] = [undefined, 60_000];
    expect(await keyOf(device)).to.equal(undefined);
    expect(await keyOf(device)).to.equal(undefined);
  });
});
