import { readdirSync } from "node:fs";
import { join } from "node:path";

import { measureCoverage } from "./solidity/measure.ts";
import { copySolidity } from "./solidity/copy.ts";

if (process.argv.includes("--help")) {
  console.log(
    "usage: npm run test:coverage\nFails where a line of contracts/, or a side of a branch, is not run.",
  );
  process.exit();
}

/** Fails unless the Solidity tests run every line of contracts/ and every condition to both its outcomes. */
const tests = readdirSync(join(import.meta.dirname, "../test/contracts")).filter(
  (name) => name.endsWith(".t.sol") && !name.includes("Invariants"),
);
console.log("Unfolding, building and testing a copy of contracts/: some minutes");
const copy = copySolidity({ optimizer: false, runs: 256 });
const { lines, branches, missed } = measureCoverage(copy, tests);
for (const miss of missed) console.log(miss);
console.log(`${missed.length} misses in ${lines} lines and ${branches} branches of contracts/`);
process.exitCode = lines > 300 && branches > 100 && missed.length === 0 ? 0 : 1;
