import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Fails unless the Solidity tests run every line and statement of contracts/. Hardhat counts no branches; that both
 * sides of every check matter is what `npm run test:mutants` shows.
 */
const ROOT = join(import.meta.dirname, "..");
const tests = readdirSync(join(ROOT, "test/contracts"))
  .filter((name) => name.endsWith(".t.sol") && !name.includes("Invariants"))
  .map((name) => `test/contracts/${name}`);
const hardhat = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [hardhat, "test", "solidity", "--coverage", ...tests],
  { cwd: ROOT, encoding: "utf8" },
);
if (status !== 0) throw new Error(`the tests fail:\n${stdout}${stderr}`);

const rows = [...stdout.matchAll(/║ (contracts\/\S+) +│ +([\d.]+) +│ +([\d.]+) +│ +(.*?) +║/g)];
const short = rows.filter(([, , lines, statements]) => +`${lines}` < 100 || +`${statements}` < 100);
for (const [, file, lines, statements, uncovered] of short)
  console.log(`${file}: ${lines} % of lines, ${statements} % of statements; not run: ${uncovered}`);
console.log(
  `${rows.length - short.length} of ${rows.length} sources are run to the last statement`,
);
process.exitCode = rows.length >= 12 && short.length === 0 ? 0 : 1;
