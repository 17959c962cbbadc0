import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { expect } from "chai";
import * as fc from "fast-check";
import { createBuilder } from "vite";

import { verifyTrail, type Trust } from "../../../gateway/core/verify.ts";
import type { Report } from "../../../gateway/core/verify/report.ts";
import { bags, cashewWorld, PLACES } from "../../gateway/core/cashew.ts";
import { damageTo } from "../../gateway/core/verify/damage.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

/** Builds `verifyTrail` into a folder in the way in which the page's verifier is built. */
async function builtInto(outDir: string): Promise<typeof verifyTrail> {
  const input = { verify: join(ROOT, "gateway/core/verify.ts") };
  const builder = await createBuilder({
    configFile: join(ROOT, "web/vite.config.ts"),
    logLevel: "silent",
    environments: {
      verify: {
        build: { outDir, rolldownOptions: { input, preserveEntrySignatures: "strict" } },
      },
    },
  });
  const { verify } = builder.environments;
  if (verify === undefined) throw new Error("the web's build knows no verifier");
  await builder.build(verify);
  writeFileSync(join(outDir, "package.json"), '{"type":"module"}');
  const script = readdirSync(join(outDir, "assets")).find((name) => name.startsWith("verify"));
  return (
    (await import(join(outDir, "assets", script ?? ""))) as { verifyTrail: typeof verifyTrail }
  ).verifyTrail;
}

const withoutWords = ({ checks, ...report }: Report) => ({
  ...report,
  checks: checks.map((check) =>
    Object.fromEntries(Object.entries(check).filter(([name]) => name !== "reason")),
  ),
});

describe("The verifier as it is built for the page", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "plotline-built-"));
  let built: typeof verifyTrail;
  let honest: unknown;
  let trust: Trust;
  before(async () => {
    built = await builtInto(folder);
    const world = await cashewWorld();
    honest = JSON.parse(JSON.stringify(await world.bundleOf(bags.lot)));
    trust = world.trustOf(bags.lot, PLACES);
  });
  after(() => rmSync(folder, { recursive: true }));

  it("finds in any damaged bundle what the sources find, without their words", async () => {
    expect((await built(honest, trust)).outcome).to.equal("holds");
    await fc.assert(
      fc.asyncProperty(damageTo(honest), async ({ what, value }) => {
        const found = withoutWords(await verifyTrail(value, trust));
        expect(await built(value, trust), what).to.deep.equal(found);
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 100) },
    );
  });

  it("says no sentence of its own", () => {
    for (const file of readdirSync(join(folder, "assets")).filter(
      (name) => !/noble|curve/.test(name),
    ))
      expect(readFileSync(join(folder, "assets", file), "utf8"), file).not.to.match(
        /\b(?:is|was|are) (?:not|no|shown|another)\b/,
      );
  });
});
