import { expect } from "chai";

import { ROLES } from "../../gateway/core/operations.ts";
import { cachedKeys } from "../../gateway/device-keys.ts";
import { TraceError } from "../../gateway/core/trace-error.ts";
import { deviceNamed } from "./samples.ts";

const KNOWN = {
  party: deviceNamed("a cooperative"),
  roles: ROLES.device,
  from: 0,
  until: 2 ** 40,
  number: 0,
  content: deviceNamed("an enrolment"),
};
const MORE_THAN_FIT = 100_001;

describe("What the chain said of keys", () => {
  it("stands for an enrolled device, however many strangers came by since", async () => {
    const device = deviceNamed("an honest device");
    let [away, time] = [false, 0];
    const keyOf = cachedKeys(
      async (keyId) => {
        if (away) throw new TraceError("UNAVAILABLE", "the chain does not answer");
        return keyId === device ? KNOWN : undefined;
      },
      () => time,
    );
    await keyOf(device);
    for (let i = 0; i < MORE_THAN_FIT; i++) await keyOf(`0x${i.toString(16).padStart(64, "0")}`);
    [away, time] = [true, 60_000];
    expect(await keyOf(device)).to.equal(KNOWN);
  });

  it("stands for the device that sends, when more are enrolled than fit", async () => {
    const device = deviceNamed("an honest device");
    let [away, time] = [false, 0];
    const keyOf = cachedKeys(
      async () => {
        if (away) throw new TraceError("UNAVAILABLE", "the chain does not answer");
        return KNOWN;
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
    expect(await keyOf(device)).to.equal(KNOWN);
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
    let [answer, time]: [typeof KNOWN | undefined, number] = [KNOWN, 0];
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
