import { expect } from "chai";

import { utf8ToBytes } from "../../../gateway/core/bytes.ts";
import type { TraceErrorCode } from "../../../gateway/core/trace-error.ts";
import { parseChirpStackUplink } from "../../../gateway/core/uplink-chirpstack.ts";
import { parseMappedUplink, type Mapping } from "../../../gateway/core/uplink-mapping.ts";
import { parseThingsStackUplink } from "../../../gateway/core/uplink-things-stack.ts";
import { timeOf, USUAL, type Measures } from "../../../gateway/core/uplink.ts";
import { expectRefusal } from "../../refusal.ts";
import { bytesOf, CHIRPSTACK, DEV_EUI, THINGS_STACK } from "./uplink-messages.ts";

const at = (text: string): number => Date.parse(text);
const SENTINELS = [327.67, -327.68, 3276.7, -3276.8, -127, -999, 6553.5];

describe("An uplink of ChirpStack v4", () => {
  const parse = (change: object, measures: Measures = USUAL) =>
    parseChirpStackUplink(bytesOf({ ...CHIRPSTACK, ...change }), measures);

  it("says what its codec decoded, at the server's time in whole milliseconds", () => {
    const time = at("2026-03-02T07:59:30.123Z");
    expect(parse({})).to.deep.equal({
      device: DEV_EUI,
      id: CHIRPSTACK.deduplicationId,
      readings: [
        { name: "temperature", unit: "Cel", value: 28.1, time },
        { name: "humidity", unit: "%RH", value: 57.5, time },
      ],
      counter: { series: "01a3f2c4", value: 41 },
    });
  });

  it("rounds its time to the millisecond, up from the half", () => {
    const [reading] = parse({ time: "2026-03-02T07:59:30.1235Z" }).readings;
    expect(reading?.time).to.equal(at("2026-03-02T07:59:30.124Z"));
  });

  it("counts from 0, which ChirpStack leaves out", () => {
    const { fCnt: _, ...first } = CHIRPSTACK;
    expect(parseChirpStackUplink(bytesOf(first), USUAL).counter?.value).to.equal(0);
  });

  it("has no reading where there is no codec, and none that nobody maps", () => {
    expect(parse({ object: undefined }).readings).to.deep.equal([]);
    expect(parse({}, {}).readings).to.deep.equal([]);
    expect(parse({}, { ...USUAL, humidity: null }).readings).to.have.length(1);
  });

  it("finds a value on a path, and scales it", () => {
    const measures = { "probe.t": { name: "temperature", unit: "Cel", scale: 0.1 } };
    const [reading] = parse({ object: { probe: { t: 283 } } }, measures).readings;
    expect(reading?.value).to.equal(28.3);
  });

  for (const value of SENTINELS)
    it(`takes ${value} for "no probe"`, () => {
      expect(parse({ object: { temperature: value } }).readings).to.deep.equal([]);
    });

  it('takes "no probe" for what it is before and after scaling', () => {
    const measures = { t: { name: "temperature", unit: "Cel", scale: 0.01 } };
    expect(parse({ object: { t: 32767 } }, measures).readings).to.deep.equal([]);
    expect(parse({ object: { t: -999 } }, measures).readings).to.deep.equal([]);
  });

  for (const value of ["28.1", null, true, { v: 1 }])
    it(`reads nothing from ${JSON.stringify(value)}`, () => {
      expect(parse({ object: { temperature: value } }).readings).to.deep.equal([]);
    });

  for (const [damage, code, change] of [
    ["comes from version 3", "BAD_EVENT", { devEUI: "JOEkE21Kewk=" }],
    ["names no device", "BAD_EVENT", { deviceInfo: {} }],
    ["has no deduplication id", "BAD_EVENT", { deduplicationId: "" }],
    ["has no time", "BAD_EVENT", { time: undefined }],
    ["has a time without its offset", "BAD_ENCODING", { time: "2026-03-02T07:59:30" }],
    ["counts in fractions", "BAD_EVENT", { fCnt: 1.5 }],
    ["has no address", "BAD_EVENT", { devAddr: 7 }],
  ] as const satisfies readonly (readonly [string, TraceErrorCode, object])[])
    it(`is refused when it ${damage}`, () => {
      expectRefusal(code, () => parse(change));
    });

  for (const [damage, bytes] of [
    ["is no JSON", utf8ToBytes("up")],
    ["is no object", utf8ToBytes("[1]")],
    ["names a member twice", utf8ToBytes('{"time":"a","time":"b"}')],
    ["is no UTF-8", Uint8Array.of(0x7b, 0xff)],
  ] as const)
    it(`is refused when it ${damage}`, () => {
      expectRefusal("BAD_ENCODING", () => parseChirpStackUplink(bytes, USUAL));
    });
});

describe("An uplink of The Things Stack v3", () => {
  const parse = (message: object, change: object = {}) =>
    parseThingsStackUplink(
      bytesOf({
        ...THINGS_STACK,
        uplink_message: { ...THINGS_STACK.uplink_message, ...message },
        ...change,
      }),
      USUAL,
    );

  it("says what its formatter decoded, at the network server's time; the missing probe is silent", () => {
    const time = at("2026-03-02T07:59:41.737Z");
    expect(parse({})).to.deep.equal({
      device: "kho-3",
      id: "AY4Hn0cRk1g3xZ2mB4n7pQ==/1834",
      readings: [
        { name: "temperature", unit: "Cel", value: 27.63, time },
        { name: "humidity", unit: "%RH", value: 60.3, time },
      ],
      counter: { series: "AY4Hn0cRk1g3xZ2mB4n7pQ==", value: 1834 },
    });
  });

  it("is the same uplink under other correlation ids", () => {
    expect(parse({}, { correlation_ids: ["as:up:other"] })).to.deep.equal(parse({}));
  });

  it("is refused when somebody made it in the console", () => {
    expectRefusal("NOT_ALLOWED", () => parse({}, { simulated: true }));
  });

  for (const [damage, message, change] of [
    ["is a join", {}, { uplink_message: undefined, join_accept: {} }],
    ["names no session", { session_key_id: undefined }, {}],
    ["names no device", {}, { end_device_ids: {} }],
    ["says no time of the network server", { received_at: undefined }, {}],
  ] as const)
    it(`is refused when it ${damage}`, () => {
      expectRefusal("BAD_EVENT", () => parse(message, change));
    });
});

describe("Plain JSON by a mapping", () => {
  const mapping: Mapping = { device: { level: 1 }, time: "at", counter: "n" };
  const measures = { "air.t": { name: "temperature", unit: "Cel" } };
  const message = { at: 1_772_438_400, n: 7, air: { t: 24.5 } };
  const parse = (change: object, how: Partial<Mapping> = {}, topic = "farm/kho-4/state") =>
    parseMappedUplink(bytesOf({ ...message, ...change }), topic, {
      mapping: { ...mapping, ...how },
      measures,
    });

  it("takes the device from a level of the topic, or from a member", () => {
    expect(parse({}).device).to.equal("kho-4");
    expect(parse({ who: { id: 12 } }, { device: { member: "who.id" } }).device).to.equal("12");
  });

  it("says its values, its count, and one name for the same bytes", () => {
    const { readings, counter, id } = parse({});
    expect(readings).to.deep.equal([
      { name: "temperature", unit: "Cel", value: 24.5, time: 1_772_438_400_000 },
    ]);
    expect(counter).to.deep.equal({ series: "", value: 7 });
    expect(parse({}).id).to.equal(id);
    expect(parse({ n: 8 }).id).to.not.equal(id);
    expect(parse({ uid: "a" }, { id: "uid" }).id).to.equal("a");
  });

  for (const [told, time] of [
    ["2026-03-02T15:00:00.4567+07:00", 1_772_438_400_457],
    [1_772_438_400, 1_772_438_400_000],
    [1_772_438_400.4566, 1_772_438_400_457],
    [1_772_438_400_457, 1_772_438_400_457],
  ] as const)
    it(`reads ${told} as a time in whole milliseconds`, () => {
      expect(timeOf(told, "at")).to.equal(time);
    });

  for (const [damage, code, run] of [
    ["has no time", "BAD_EVENT", () => parse({ at: undefined })],
    ["has a time of the local clock", "BAD_ENCODING", () => parse({ at: "2026-03-02T15:00:00" })],
    ["counts its seconds since its boot", "BAD_EVENT", () => parse({ at: 3_600 })],
    ["has no such level", "BAD_EVENT", () => parse({}, { device: { level: 9 } })],
    ["names no device", "BAD_EVENT", () => parse({}, { device: { member: "who" } })],
    ["does not count", "BAD_EVENT", () => parse({ n: "7" })],
  ] as const satisfies readonly (readonly [string, TraceErrorCode, () => unknown])[])
    it(`is refused when it ${damage}`, () => {
      expectRefusal(code, run);
    });
});
