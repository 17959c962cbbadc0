import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

import { expect } from "chai";

import { parseConfig } from "../../../gateway/config.ts";

const KEY = `0x${"5a".repeat(32)}`;
const LOGGER = resolve(import.meta.dirname, "../../../gateway/http/logger.ts");

describe("the log of the program", () => {
  it("hides keys, codes and salts, wherever they stand, and every secret of the settings", () => {
    const config = {
      ...parseConfig({
        DATABASE_URL: "postgres://plotline:SECRET@db/plotline",
        MQTT_URL: "mqtts://gateway:SECRET@broker",
        RPC_URL: "https://node.example/SECRET",
        PUBLIC_RPC_URL: "https://node.example",
        RELAYER_KEY: KEY,
        GOVERNANCE_KEY: KEY,
        LOG_KEY: "SECRET".padEnd(43, "0"),
      }),
      mqttTls: { key: "SECRET" },
    };
    const script = `
      import { createLogger } from ${JSON.stringify(LOGGER)};
      const log = createLogger("info");
      log.info({ config: ${JSON.stringify(config)} });
      log.info({ code: "SECRET1", config: { relayerKey: "SECRET2" }, a: { b: { salt: "SECRET3" } } });
      log.info({ lot: "DT26-001" }, "kept");
      log.debug({ lot: "too fine" });
      log.warn({ err: null }, "nothing was thrown");
      log.warn({ err: Object.assign(new Error("gone"), { code: "ECONNREFUSED" }) });
    `;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(stdout).not.to.contain("SECRET").and.not.to.contain(KEY);
    expect(lines).to.have.length(5);
    expect(lines[4]).to.have.nested.property("err.reason", "ECONNREFUSED");
    expect(lines[3]).to.include({ err: null, msg: "nothing was thrown" });
    expect(lines[2]).to.include({ lot: "DT26-001", msg: "kept", level: 30 });
  });
});
