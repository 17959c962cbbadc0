import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { expect } from "chai";

import type { Bundle } from "../../gateway/core/bundle.ts";
import type { Report } from "../../gateway/core/verify/report.ts";
import { bags, cashewWorld, kernels, PLACES } from "../gateway/core/cashew.ts";

const SCRIPT = resolve(import.meta.dirname, "../../scripts/verify.ts");

describe("The verify command without any network", function () {
  this.timeout(30_000);
  let folder: string;
  let bundle: Bundle;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "plotline-verify-"));
    const world = await cashewWorld();
    bundle = await world.bundleOf(bags.lot);
    write("state.json", world.trustOf(bags.lot, PLACES).state);
    write("trail.json", bundle);
    write("pinned.json", { ...bundle.deployment, log: bundle.log });
  });
  after(() => rmSync(folder, { recursive: true }));

  const write = (name: string, value: unknown): void =>
    writeFileSync(join(folder, name), typeof value === "string" ? value : JSON.stringify(value));

  /** What the command says, and how it ends; nothing that it could ask is there. */
  const run = (...args: readonly string[]): Promise<{ code: number; text: string }> =>
    new Promise((done) => {
      const options = { cwd: folder, env: { PATH: process.env["PATH"], DATA_DIR: folder } };
      execFile(process.execPath, [SCRIPT, ...args], options, (failure, stdout, stderr) =>
        done({ code: Number(failure?.code ?? 0), text: stdout + stderr }),
      );
    });

  it("judges by a saved state, and says as of when", async () => {
    const { code, text } = await run("trail.json", "--state", "state.json");
    expect(text).to.match(/as of block 1000 \(0x(0b)+\), 2026-.*, as saved/);
    expect(text).to.include("Not proven");
    expect(code, text).to.equal(0);
    const { asOf, questions } = JSON.parse(
      (await run(..."trail.json --state state.json --deployment pinned.json --json".split(" ")))
        .text,
    ) as { asOf: { block: number }; questions: Record<string, string> };
    expect(asOf.block).to.equal(1000);
    expect(Object.values(questions)).to.deep.equal(Array.from({ length: 5 }, () => "holds"));
  });

  it("says by kind and number what holds, and by name what does not, or all with --all", async () => {
    const { text } = await run("trail.json", "--state", "state.json");
    expect(text.split("\n").length).to.be.lessThan(25);
    expect(text)
      .to.match(/^ {2}holds {5}.*2 × harvest/m)
      .and.not.to.match(/holds +harvest 0x/);
    expect(text).to.match(/remark {4}the log: no log was pinned/);
    expect(text).to.include("claims: gi gi-1 ");
    const all = (await run("trail.json", "--state", "state.json", "--all")).text;
    expect(all.match(/^ {2}holds +harvest 0x/gm)).to.have.length.greaterThan(2);
  });

  it("ends with 1 for what does not hold, with every reason", async () => {
    write("lie.json", { ...bundle, statements: bundle.statements.slice(0, -1) });
    const { code, text } = await run("lie.json", "--state", "state.json");
    expect(code).to.equal(1);
    expect(text)
      .to.match(/complete +DOES NOT HOLD/)
      .and.to.include("[WITHHELD]");
    expect((await run("trail.json", "--state", "state.json", "--lot", kernels.lot)).code).to.equal(
      1,
    );
  });

  it("lets nothing in a bundle write over what the terminal shows", async () => {
    const name = "\u001b[2J\u001b[Hauthentic  holds\nforged line\u001bP";
    const opening = { name, value: 1, salt: "AAAAAAAAAAAAAAAAAAAAAA" };
    write("escapes.json", { ...bundle, openings: [opening] });
    const plain = await run("trail.json", "--state", "state.json");
    const lines = plain.text.split("\n").length;
    for (const args of [[], ["--all"]]) {
      const { text } = await run("escapes.json", "--state", "state.json", ...args);
      expect(text)
        .not.to.include("\u001b")
        .and.not.to.match(/^forged line/m);
      if (args.length === 0) expect(text.split("\n").length).to.equal(lines + 1);
    }
    write("odd.json", { ...bundle, format: name });
    expect((await run("odd.json", "--state", "state.json")).text).not.to.include("\u001b");
    const verdict = "\nholds: the records match the chain";
    for (const odd of [{ lot: `${bags.lot}${verdict}` }, { [verdict]: 1 }]) {
      write("odd.json", { ...bundle, ...odd });
      const { code, text } = await run("odd.json", "--state", "state.json");
      expect(code).to.equal(1);
      expect(text).not.to.match(/^holds/m);
    }
  });

  it("judges by no saved state of contracts that the reader did not pin", async () => {
    const other = { ...bundle.deployment, parties: `0x${"ee".repeat(20)}` };
    write("others.json", other);
    const by = (...args: string[]) => run("trail.json", "--state", "state.json", ...args);
    const { code, text } = await by("--deployment", "others.json");
    expect(code).to.equal(2);
    expect(text).to.include("[OTHER_CHAIN]");
    expect((await by()).text).to.include("contracts that you did not pin");
    const { questions } = JSON.parse((await by("--json")).text) as Report;
    expect(questions.authentic).to.equal("remark");
    expect((await by("--deployment", "pinned.json")).text).not.to.include("did not pin");
    write("deployment.json", other);
    expect((await by()).code).to.equal(2);
    rmSync(join(folder, "deployment.json"));
  });

  for (const [what, text] of [
    ["JSON that names a key twice", '{"format":"plotline-trail","format":"plotline-trail"}'],
    ["no bundle", "[]"],
  ] as const)
    it(`ends with 1 for ${what}`, async () => {
      write("odd.json", text);
      expect((await run("odd.json", "--state", "state.json")).code).to.equal(1);
    });

  it("ends with 2 for a download that was cut off, and says so", async () => {
    write("odd.json", JSON.stringify(bundle).slice(0, 5_000));
    const { code, text } = await run("odd.json", "--state", "state.json");
    expect([code, text]).to.deep.equal([2, text]);
    expect(text).to.include("odd.json is no JSON (5000 characters): was it cut off?");
  });

  it("ends with 2 for a slip of the keys", async () => {
    expect((await run()).code).to.equal(2);
    expect((await run("trail.json", "--bogus")).code).to.equal(2);
    expect((await run("--help")).code).to.equal(0);
  });

  it("ends with 2 where it broke down itself, which says nothing of the records", async () => {
    for (const address of [[], ["nowhere"]]) {
      const { code, text } = await run(
        "trail.json",
        "--state",
        "state.json",
        "--audit",
        ...address,
      );
      expect(code, text).to.equal(2);
    }
  });

  it("ends with 2 for an address that answers without an end, or breaks off", async () => {
    const endless = createServer((_, answer) => {
      const more = (): void => {
        while (!answer.destroyed && answer.write(" ".repeat(1 << 20)));
      };
      answer.on("drain", more);
      more();
    });
    const broken = createServer((_, answer) => {
      answer.writeHead(200, { "content-length": 100 });
      answer.write("{", () => answer.destroy());
    });
    for (const [server, code] of [
      [endless, "TOO_LARGE"],
      [broken, "UNAVAILABLE"],
    ] as const) {
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      const { port } = server.address() as AddressInfo;
      try {
        const said = await run(`http://127.0.0.1:${port}/trail.json`, "--state", "state.json");
        expect(said.text).to.include(`[${code}]`);
        expect(said.code).to.equal(2);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    }
  });

  it("says what to name where no deployment is at hand", async () => {
    const { code, text } = await run("trail.json");
    expect(code).to.equal(2);
    expect(text)
      .to.include(`no ${join(folder, "deployment.json")}`)
      .and.to.include("--deployment <file or URL>");
  });

  it("ends with 2 where it could not check: no chain, no state, no state that can be believed", async () => {
    expect((await run("trail.json")).code).to.equal(2);
    expect((await run("trail.json", "--state", "nothing.json")).code).to.equal(2);
    write("half.json", { block: 1 });
    expect((await run("trail.json", "--state", "half.json")).code).to.equal(2);
    write("evidence.json", { header: "0x", accounts: {} });
    const anybodys = await run(
      ..."trail.json --state state.json --evidence evidence.json".split(" "),
    );
    expect(anybodys.code).to.equal(2);
    expect(anybodys.text).to.include("[UNAVAILABLE]").and.to.include("--deployment");
    const unproven = await run(
      "trail.json",
      "--state",
      "state.json",
      "--evidence",
      "evidence.json",
      "--deployment",
      "pinned.json",
    );
    expect(unproven.code).to.equal(2);
    expect(unproven.text).to.include("BAD_PROOF");
    write("deployment.json", { ...bundle.deployment, rpc: ["http://127.0.0.1:9/"] });
    const silent = await run("trail.json", "--rpc", "http://127.0.0.1:9/");
    expect(silent.code).to.equal(2);
    expect(silent.text).to.include("UNAVAILABLE");
  });
});
