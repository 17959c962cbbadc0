import { expect } from "chai";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { holdFolder } from "../../gateway/store/folder.ts";

const SCRIPTS = resolve(import.meta.dirname, "../../scripts");
const NOBODY = "http://127.0.0.1:9";

describe("The commands, asked for what cannot be", function () {
  this.timeout(30_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "plotline-refusals-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** How a command ends in a folder without anything, and all that it says. */
  const run = (script: string, ...args: string[]) => runOn(join(folder, "none"), script, ...args);
  const runOn = (
    dataDir: string,
    script: string,
    ...args: string[]
  ): Promise<{ code: unknown; text: string }> =>
    new Promise((done) => {
      const env = { ...process.env, DATA_DIR: dataDir };
      execFile(
        "node",
        [join(SCRIPTS, script), ...args],
        { cwd: folder, env },
        (failure, out, err) => done({ code: failure?.code ?? 0, text: out + err }),
      );
    });

  for (const [what, code, [script, ...args], words] of [
    [
      "simulating without a gateway",
      1,
      ["device.ts", "simulate", "-g", NOBODY],
      `${NOBODY}: start one`,
    ],
    ["a gateway that is no URL", 1, ["device.ts", "enrol", "X", "-g", "here"], '"here"'],
    ["a rate of nothing", 1, ["device.ts", "simulate", "-r", "0"], "--rate <packs>' argument '0'"],
    ["no device at all", 1, ["device.ts", "keys", "-n", "0"], "At least one is needed"],
    ["a form that nobody speaks", 1, ["device.ts", "simulate", "--form", "xml"], "cose, jws"],
    ["a new key for no device", 1, ["device.ts", "rotate", "7"], "there is no device 7"],
    ["checking where no gateway ran", 2, ["fsck.ts"], "no gateway has ever run on "],
    ["a slip of the keys at fsck", 2, ["fsck.ts", "--of"], "unknown option '--of'"],
    [
      "a saved state and a chain",
      2,
      ["verify.ts", "x", "--state", "y", "--rpc", "z"],
      "cannot be used with",
    ],
    ["an unknown bench", 2, ["bench/main.ts", "speed"], 'no bench "speed"'],
  ] as const)
    it(`end with ${code} and in words for ${what}`, async () => {
      const ended = await run(script, ...args);
      expect(ended.text)
        .to.include(words)
        .and.not.to.match(/^ +at /m);
      expect(ended.code).to.equal(code);
    });

  it("forget no data that a run is still at work on, and nothing that no run has made", async () => {
    const held = join(folder, "held");
    const { release } = holdFolder(held);
    const busy = await runOn(held, "demo.ts", "--fresh", "--once");
    release();
    expect(busy).to.deep.equal({
      code: 1,
      text: `${held} is in use by process ${process.pid}\n`,
    });
    const own = mkdtempSync(join(folder, "own-"));
    writeFileSync(join(own, "letters.txt"), "mine");
    const strange = await runOn(own, "demo.ts", "--fresh", "--once");
    expect(strange).to.deep.equal({
      code: 1,
      text: `no run has made ${own}: it is not emptied\n`,
    });
    expect([held, own].flatMap((path) => readdirSync(path))).to.include.members([
      "lock",
      "letters.txt",
    ]);
  });

  it("make no folder where they only read", async () => {
    await run("fsck.ts");
    expect(existsSync(join(folder, "none"))).to.equal(false);
  });

  for (const bench of ["append", "gas", "idle", "ingest", "restart", "verify"])
    it(`say what the bench ${bench} measures, and measure nothing`, async () => {
      const { code, text } = await run("bench/main.ts", bench, "--help");
      expect(text.startsWith(`npm run bench -- ${bench}`)).to.equal(true);
      expect(code).to.equal(0);
    });
});
