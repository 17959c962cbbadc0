import { existsSync } from "node:fs";
import { relative } from "node:path";

import { checkDigits } from "./check-digits.ts";
import { digitalLinks } from "./digital-link.ts";
import { epcis } from "./epcis.ts";
import { eventHashes } from "./event-hash.ts";
import { ecdsa } from "./ecdsa.ts";
import { identifiers } from "./identifiers.ts";
import { jcs } from "./jcs.ts";
import { merkleConsistency, merkleInclusion, merkleTree } from "./merkle.ts";
import { senml } from "./senml.ts";
import { vectorFiles } from "./suite.ts";
import type { Case, Suite } from "./suite.ts";

/** What a run says, line by line: code 0 all agree, 1 some do not, 2 nothing could be run. */
export interface Outcome {
  readonly code: 0 | 1 | 2;
  readonly lines: readonly string[];
}

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

Runs other people's vectors through our code, in the formats that they are published in. Prints each failure with its
reason and closes with "N passed, N failed"; exits 0 when all pass, 1 when one fails, 2 when nothing could be run.

They are on GitHub: transparency-dev/merkle, C2SP/wycheproof (ecdsa), openepcis/openepcis-test-resources (epcis),
RalphTro/epcis-event-hash-generator (event-hash, identifiers), gs1/gs1-syntax-engine (digital-link, check-digits),
cyberphone/json-canonicalization (jcs), core-wg/senml-spec (senml).

suites:
${Object.entries(SUITES)
  .map(([name, { summary }]) => `  ${name.padEnd(20)} ${summary}`)
  .join("\n")}`;

/** Runs `<suite> <file or folder>` and reports; never throws for what was asked wrongly. */
export async function conform(args: readonly string[]): Promise<Outcome> {
  if (args.includes("--help") || args.includes("-h")) return { code: 0, lines: [USAGE] };
  const [name, path, ...more] = args;
  if (name === undefined || path === undefined || more.length > 0) return misused(USAGE);
  const suite = Object.hasOwn(SUITES, name) ? SUITES[name] : undefined;
  if (suite === undefined) return misused(`There is no suite "${name}".\n\n${USAGE}`);
  if (!existsSync(path)) return misused(`There is no file or folder "${path}".`);
  const cases = vectorFiles(path).flatMap((file) =>
    (suite.cases(file) ?? []).map(({ name, run }) => ({
      name: `${relative(path, file.path) || file.path}: ${name}`,
      run,
    })),
  );
  if (cases.length === 0) return misused(`"${path}" holds no vectors of the suite ${name}.`);
  return report(cases);
}

async function report(cases: readonly Case[]): Promise<Outcome> {
  const failures: string[] = [];
  for (const { name, run } of cases) {
    try {
      await run();
    } catch (failure) {
      const reason = failure instanceof Error ? failure.message : String(failure);
      failures.push(`FAILED ${name}\n  ${reason}`);
    }
  }
  const total = `${cases.length - failures.length} passed, ${failures.length} failed`;
  return { code: failures.length === 0 ? 0 : 1, lines: [...failures, total] };
}

const misused = (line: string): Outcome => ({ code: 2, lines: [line] });
