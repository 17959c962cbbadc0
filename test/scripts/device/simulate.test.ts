import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { expect } from "chai";

import { toHex } from "../../../gateway/core/bytes.ts";
import { sha256OfText } from "../../../gateway/core/hash.ts";
import { fingerprintOf } from "../../../gateway/core/key-id.ts";
import { PEOPLE } from "../../../scripts/season/cast.ts";
import { wish } from "../../../scripts/season/doors.ts";
import { makeDevices } from "../../../scripts/device/simulate.ts";
import { openGateway, type OpenGateway } from "../../gateway/open.ts";
import { openVillage } from "../../gateway/village.ts";

const DEVICE = resolve(import.meta.dirname, "../../../scripts/device.ts");

describe("The device command, before anybody has approved its key", function () {
  this.timeout(120_000);
  const { province } = PEOPLE;
  let [gateway, folder]: [OpenGateway, string] = [] as never;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "plotline-devices-"));
    const { vi, en } = province.words;
    const environment = { AUTHORITY_URI: province.uri, AUTHORITY_NAME: `${vi} | ${en}` };
    gateway = await openGateway({ environment });
    await openVillage(gateway);
  });
  after(async () => {
    await gateway.end();
    rmSync(folder, { recursive: true });
  });

  const run = (...args: readonly string[]): Promise<string> =>
    new Promise((done, fail) => {
      const places = ["-f", folder, "-g", gateway.url];
      execFile("node", [DEVICE, ...args, ...places], { timeout: 90_000 }, (failure, out) =>
        failure === null ? done(out) : fail(failure),
      );
    });

  it("prints the fingerprint that whoever approves will compare", async () => {
    const subject = { uri: province.uri, name: province.words };
    const codeHash = toHex(sha256OfText("DEVICECODE"));
    const code = { codeHash, subject, roles: ["device"], label: "shelf" };
    await wish(gateway, province, "/api/codes", code, Math.floor(Date.now() / 1_000));
    const [device] = makeDevices(folder, 1);
    expect(await run("enrol", "device-code")).to.contain(fingerprintOf(device?.keyId ?? "0x"));
  });

  it("ends after so many packs, and says that they wait for the approval", async () => {
    const said = await run("simulate", "-u", gateway.urls.mqtt, "-c", "2", "-r", "10");
    expect(said).to.contain("packs without a receipt: 2");
    expect(said).to.match(/wait for the key's approval.*: 2/);
  });
});
