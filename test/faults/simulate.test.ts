import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { expect } from "chai";

import type { SaidOutcome } from "./simulate.ts";
import { SABOTAGE } from "./simulation/sabotage.ts";

const SEEDS = 50;
const PROGRAM = join(import.meta.dirname, "simulate.ts");

/** What the command says, outcome by outcome. */
async function simulate(...options: readonly string[]): Promise<readonly SaidOutcome[]> {
  const child = spawn(process.execPath, ["--no-warnings", PROGRAM, "--json", ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [said, complained] = ["", ""];
  child.stdout.on("data", (text: Buffer) => (said += text.toString()));
  child.stderr.on("data", (text: Buffer) => (complained += text.toString()));
  await once(child, "close");
  const lines = said.split("\n").filter((line) => line.startsWith("{"));
  if (lines.length === 0) throw new Error(complained);
  return lines.map((line) => JSON.parse(line) as SaidOutcome);
}

describe("Devices, gateway and chain under faults, in virtual time", function () {
  this.timeout(600_000);
  // Two processes for two cores; the seed in the middle is run by both.
  const half = SEEDS / 2;
  let first: readonly SaidOutcome[];
  let second: readonly SaidOutcome[];
  before(async () => {
    [first, second] = await Promise.all([
      simulate("--from", "1", "--seeds", String(half)),
      simulate("--from", String(half), "--seeds", String(half + 1)),
    ]);
  });

  it(`keep what they promised, ${SEEDS} times`, () => {
    const outcomes = [...first, ...second.slice(1)];
    expect(outcomes.map(({ seed }) => seed)).to.deep.equal(
      Array.from({ length: SEEDS }, (_, i) => i + 1),
    );
    expect(outcomes.filter(({ violations }) => violations.length > 0)).to.deep.equal([]);
    for (const { counts } of outcomes) expect(counts.packs).to.be.above(20);
  });

  it("do the same again for the same seed, in another process and after other seeds", () => {
    expect(second[0]).to.deep.equal(first.at(-1));
  });
});

describe("The simulation", function () {
  this.timeout(600_000);
  let outcomes: readonly SaidOutcome[];
  before(async () => {
    outcomes = await simulate("--sabotage", "all", "--from", "2");
  });

  for (const [name, { breaks }] of Object.entries(SABOTAGE))
    it(`sees ${name}: ${breaks}`, () => {
      const outcome = outcomes.find(({ sabotage }) => sabotage === name);
      const broken = outcome?.violations.map(({ invariant }) => invariant);
      expect(broken).to.include(breaks);
    });
});
