import { existsSync } from "node:fs";
import { relative } from "node:path";

import { checkDigits } from "./conform/check-digits.ts";
import { digitalLinks } from "./conform/digital-link.ts";
import { epcis } from "./conform/epcis.ts";
import { eventHashes } from "./conform/event-hash.ts";
import { ecdsa } from "./conform/ecdsa.ts";
import { identifiers } from "./conform/identifiers.ts";
import { jcs } from "./conform/jcs.ts";
import { merkleConsistency, merkleInclusion, merkleTree } from "./conform/merkle.ts";
import { senml } from "./conform/senml.ts";
import { vectorFiles } from "./conform/suite.ts";
import type { Case, Suite } from "./conform/suite.ts";

const SUITES: Readonly<Record<string, Suite>> = {
  "check-digits": checkDigits,
  "digital-link": digitalLinks,
  epcis,
  "event-hash": eventHashes,
  ecdsa,
  identifiers,
  jcs,
  "merkle-consistency": merkleConsistency,
  "merkle-inclusion": merkleInclusion,
  "merkle-tree": merkleTree,
  senml,
};

const USAGE = `usage: npm run --silent conform -- <suite> <file or folder>

Runs other people's vectors through our code. Prints each failure with its reason and closes with
"N passed, N failed"; exits 0 when all pass, 1 when one fails, 2 when nothing could be run.

suites:
${Object.entries(SUITES)
  .map(([name, { summary }]) => `  ${name.padEnd(20)} ${summary}`)
  .join("\n")}`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) return say(USAGE, 0);
  const [name, path, ...more] = args;
  if (name === undefined || path === undefined || more.length > 0) return say(USAGE, 2);
  const suite = Object.hasOwn(SUITES, name) ? SUITES[name] : undefined;
  if (suite === undefined) return say(`There is no suite "${name}".\n\n${USAGE}`, 2);
  if (!existsSync(path)) return say(`There is no file or folder "${path}".`, 2);
  const cases = vectorFiles(path).flatMap((file) =>
    (suite.cases(file) ?? []).map(({ name, run }) => ({
      name: `${relative(path, file.path) || file.path}: ${name}`,
      run,
    })),
  );
  if (cases.length === 0) return say(`"${path}" holds no vectors of the suite ${name}.`, 2);
  return report(cases);
}

async function report(cases: readonly Case[]): Promise<number> {
  let failed = 0;
  for (const { name, run } of cases) {
    try {
      await run();
    } catch (failure) {
      failed++;
      console.log(`FAILED ${name}\n  ${failure instanceof Error ? failure.message : failure}`);
    }
  }
  return say(`${cases.length - failed} passed, ${failed} failed`, failed === 0 ? 0 : 1);
}

function say(text: string, code: number): number {
  if (code === 2) console.error(text);
  else console.log(text);
  return code;
}
