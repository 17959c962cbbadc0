import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { expect } from "chai";

import { conform } from "../../scripts/conform/run.ts";
import { describeVectors } from "../vectors.ts";

const SUITES = {
  "check-digits": "digital-link/check-digits.json",
  "digital-link": "digital-link/parse.json",
  ecdsa: "ecdsa",
  epcis: "epcis",
  "event-hash": "event-hash",
  identifiers: "event-hash/identifiers.json",
  jcs: "jcs",
  "merkle-inclusion": "merkle",
  "merkle-tree": "merkle/tree.json",
  senml: "senml",
};

describe("the conformance command", () => {
  describeVectors("over other people's vectors", (folder) => {
    for (const [suite, path] of Object.entries(SUITES))
      it(`agrees with all of ${suite}`, async function () {
        this.timeout(60_000);
        const { code, lines } = await conform([suite, join(folder, path)]);
        expect(lines.join("\n")).to.match(/^[1-9][0-9]* passed, 0 failed$/);
        expect(code).to.equal(0);
      });
  });

  describe("over vectors of our own", () => {
    let folder = "";
    const write = (name: string, content: unknown): string => {
      const path = join(folder, name);
      mkdirSync(join(path, ".."), { recursive: true });
      writeFileSync(path, JSON.stringify(content));
      return path;
    };
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "conform-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it("names what it does not agree with, with the reason, and counts it", async () => {
      const path = write("vectors.json", {
        vectors: [
          { linter: "csum", value: "09520123456788", valid: true },
          { linter: "csum", value: "09520123456789", valid: true },
          { linter: "csum", value: "09520123456788", valid: false },
          { linter: "none", value: "1", valid: true },
        ],
      });
      const { code, lines } = await conform(["check-digits", path]);
      expect(code).to.equal(1);
      expect(lines).to.have.length(4);
      expect(lines[0]).to.include("09520123456789").and.include("should be 8");
      expect(lines.at(-1)).to.equal("1 passed, 3 failed");
    });

    it("wants documents below a folder called invalid to be refused, and others accepted", async () => {
      write("valid/a.json", {});
      write("invalid/deeper/a.json", {});
      const { code, lines } = await conform(["epcis", folder]);
      expect(code).to.equal(1);
      expect(lines[0]).to.include(join("valid", "a.json"));
      expect(lines.at(-1)).to.equal("1 passed, 1 failed");
    });

    it("says so where a folder holds no vectors of the suite", async () => {
      write("vectors.json", { vectors: [{ in: "a", out: null }] });
      for (const suite of ["jcs", "digital-link", "merkle-tree"])
        expect((await conform([suite, folder])).code).to.equal(2);
    });
  });

  it("tells a stranger what it can do", async () => {
    const { code, lines } = await conform(["--help"]);
    expect(code).to.equal(0);
    for (const suite of [...Object.keys(SUITES), "merkle-consistency"])
      expect(lines.join("\n")).to.include(`\n  ${suite} `);
  });

  for (const [damage, args] of [
    ["nothing", []],
    ["no path", ["jcs"]],
    ["too much", ["jcs", "a", "b"]],
    ["an unknown suite", ["sha3", "."]],
    ["a suite that objects inherit", ["constructor", "."]],
    ["a file that is not there", ["jcs", "nowhere.json"]],
  ] as const)
    it(`refuses ${damage}, and is not to be mistaken for a failed vector`, async () =>
      expect((await conform(args)).code).to.equal(2));

  it("ends as a process with the code of its outcome", () => {
    const script = resolve(import.meta.dirname, "../../scripts/conform.ts");
    const run = (...args: string[]) => spawnSync(process.execPath, [script, ...args]);
    expect(run("--help").status).to.equal(0);
    const misused = run("sha3", ".");
    expect(misused.status).to.equal(2);
    expect(String(misused.stderr)).to.include("sha3");
  }).timeout(20_000);
});
