import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

import { expect } from "chai";

const LOGGER = resolve(import.meta.dirname, "../../../gateway/http/logger.ts");

describe("the log of the program", () => {
  it("hides keys, codes and salts, wherever they stand", () => {
    const script = `
      import { createLogger } from ${JSON.stringify(LOGGER)};
      const log = createLogger("info");
      log.info({ code: "SECRET1", config: { relayerKey: "SECRET2" }, a: { b: { salt: "SECRET3" } } });
      log.info({ lot: "DT26-001" }, "kept");
      log.debug({ lot: "too fine" });
    `;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(stdout).not.to.contain("SECRET");
    expect(lines).to.have.length(2);
    expect(lines[1]).to.include({ lot: "DT26-001", msg: "kept", level: 30 });
  });
});
