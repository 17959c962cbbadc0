import { expect } from "chai";

import { parseSources } from "../../../gateway/core/sources.ts";
import { coversFilter, isFilter, matchesFilter } from "../../../gateway/core/topics.ts";
import { expectRefusal } from "../../refusal.ts";
import { APPLICATION, DEV_EUI } from "./uplink-messages.ts";

const chirpstack = {
  name: "loc-ninh",
  kind: "chirpstack",
  application: APPLICATION,
  user: "chirpstack",
  password: "a long password",
  devices: { [DEV_EUI]: { code: "AB-CD" } },
};
const file = (...servers: readonly object[]) => ({ servers });

describe("A sources file", () => {
  it("says where each server speaks, and may write", () => {
    const devices = { a: {} };
    const [cs, tts, open, sp, mapped] = parseSources(
      file(
        chirpstack,
        { name: "tts", kind: "things-stack", application: "kho", tenant: "htx", devices },
        { name: "tts2", kind: "things-stack", application: "kho", devices },
        { name: "sp", kind: "sparkplug", group: "Loc Ninh", devices: { "n/d": {} } },
        { name: "m", kind: "mapped", topics: ["a/+/b"], device: { level: 1 }, time: "t", devices },
      ),
    );
    expect(cs?.topics).to.deep.equal([`application/${APPLICATION}/device/+/event/up`]);
    expect(cs?.rights).to.deep.equal([`application/${APPLICATION}/#`]);
    expect(tts?.topics).to.deep.equal(["v3/kho@htx/devices/+/up"]);
    expect(open?.topics).to.deep.equal(["v3/kho/devices/+/up"]);
    expect(sp?.topics).to.deep.equal(["spBv1.0/Loc Ninh/#"]);
    expect(mapped?.rights).to.deep.equal(["a/+/b"]);
  });

  it("maps the usual names, what a server adds and what a device changes", () => {
    const readings = { co2: { name: "co2", unit: "ppm" } };
    const devices = { [DEV_EUI]: { readings: { humidity: null } } };
    const [server] = parseSources(file({ ...chirpstack, readings, devices }));
    const measures = server?.devices.get(DEV_EUI)?.measures;
    expect(measures).to.deep.include({ humidity: null, co2: readings.co2 });
    expect(measures?.["temperature"]).to.deep.equal({ name: "temperature", unit: "Cel" });
  });

  for (const [damage, path, change] of [
    ["a kind that nobody knows", "servers[0].kind", { kind: "lora" }],
    ["a member that nobody knows", "servers[0]", { aplication: "x" }],
    ["no application", "servers[0].application", { application: undefined }],
    ["a wildcard for an application", "servers[0].application", { application: "+" }],
    ["an EUI of another length", "servers[0].devices.24e1", { devices: { "24e1": {} } }],
    ["a short password", "servers[0].password", { password: "short" }],
    ["a password without a user", "servers[0]", { user: undefined }],
    ["a user without a password", "servers[0]", { password: undefined }],
    ["a user that is a device", "servers[0].user", { user: "ab".repeat(32) }],
    ["a filter that is none", "servers[0].topics[0]", { topics: ["a/#/b"] }],
    [
      "a shared subscription for a topic",
      "servers[0].topics[0]",
      { topics: ["$share/plotline/spBv1.0/#"] },
    ],
    [
      "a unit that SenML has not",
      "servers[0].readings.t.unit",
      { readings: { t: { name: "temperature", unit: "Celsius" } } },
    ],
    [
      "no unit, of one device",
      `servers[0].devices.${DEV_EUI}.readings.t.unit`,
      { devices: { [DEV_EUI]: { readings: { t: { name: "level", unit: "" } } } } },
    ],
    [
      "a name that SenML has not",
      "servers[0].readings.t.name",
      { readings: { t: { name: "nhiệt độ", unit: "Cel" } } },
    ],
  ] as const)
    it(`is refused for ${damage}, with the path to it`, () => {
      const { message } = expectRefusal("BAD_ENCODING", () =>
        parseSources(file({ ...chirpstack, ...change })),
      );
      expect(message.split("\n").map((line) => line.split(": ")[0])).to.include(path);
    });

  for (const [written, meant] of [
    ["Celsius", "Cel"],
    ["°C", "Cel"],
    ["% RH", "%RH"],
    ["percent", "/100"],
    ["", "/"],
  ] as const)
    it(`is refused for the unit "${written}", with what to write: "${meant}"`, () => {
      const readings = { t: { name: "x", unit: written } };
      const { message } = expectRefusal("BAD_ENCODING", () =>
        parseSources(file({ ...chirpstack, readings })),
      );
      expect(message).to.contain(`"${meant}"`);
    });

  for (const unit of ["Cel", "%RH", "/", "ppm", "hPa", "S/m"])
    it(`may map to ${unit}`, () => {
      const readings = { t: { name: "x", unit } };
      expect(parseSources(file({ ...chirpstack, readings }))).to.have.length(1);
    });

  it("is refused when two servers share a name or a user", () => {
    const other = { ...chirpstack, name: "other" };
    expectRefusal("BAD_ENCODING", () => parseSources(file(chirpstack, other)));
    expectRefusal("BAD_ENCODING", () =>
      parseSources(file(chirpstack, { ...chirpstack, user: "other" })),
    );
  });
});

describe("A topic filter of MQTT", () => {
  for (const [filter, topic, matches] of [
    ["a/+/c", "a/b/c", true],
    ["a/+/c", "a/b/d", false],
    ["a/+", "a/b/c", false],
    ["a/#", "a/b/c", true],
    ["a/#", "a", true],
    ["a/b", "a/b", true],
    ["+/b", "$SYS/b", false],
    ["#", "$SYS/b", false],
    ["+", "a", true],
    ["a/b", "a/b/", false],
  ] as const)
    it(`${filter} ${matches ? "is" : "is not"} ${topic}`, () => {
      expect(matchesFilter(filter, topic)).to.equal(matches);
    });

  for (const [filter, other, covers] of [
    ["site/+", "site/#", false],
    ["+", "#", false],
    ["site/+", "site/+", true],
    ["site/+", "site/a", true],
    ["site/a", "site/+", false],
    ["site/+", "site/a/b", false],
    ["site/+/b", "site/+/+", false],
    ["site/#", "site/#", true],
    ["site/#", "site", true],
    ["site/#", "site/+/b/#", true],
    ["site/a/#", "site/#", false],
    ["site/+/#", "site/#", false],
    ["site/#", "site/a#", false],
    ["#", "#", true],
    ["#", "$SYS/#", false],
    ["+/a", "$SYS/a", false],
  ] as const)
    it(`${filter} ${covers ? "covers" : "does not cover"} ${other}`, () => {
      expect(coversFilter(filter, other)).to.equal(covers);
    });

  for (const text of ["a/#/b", "a#", "a/b+", "\0"])
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(isFilter(text)).to.equal(false);
    });
});
