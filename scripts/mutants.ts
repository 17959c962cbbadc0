import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { MUTANTS, TESTS, type Mutant } from "./mutants/list.ts";

const ROOT = join(import.meta.dirname, "..");

/** The Solidity tests on a build without optimiser, because only what the contracts decide is judged here. */
const CONFIG = `import { fileURLToPath } from "node:url";
import { defineConfig } from "hardhat/config";
export default defineConfig({
  solidity: {
    version: "0.8.37",
    path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
    settings: { evmVersion: "osaka", viaIR: true, optimizer: { enabled: false } },
    splitTestsCompilation: true,
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
  },
  test: { solidity: { fuzz: { runs: 64 }, invariant: { runs: 48, depth: 64 } } },
});
`;

/** Every check of a source: what is left of it when one `require` or one `restricted` is deleted. */
function withoutChecks(file: string, source: string): Mutant[] {
  const mutants: Mutant[] = [];
  for (const { index, 0: found } of source.matchAll(/\brequire\(| restricted\b/g)) {
    const end = found.startsWith("require") ? endOfCall(source, index) : index + found.length;
    const line = source.slice(0, index).split("\n").length;
    mutants.push({
      file,
      name: `line ${line} deleted`,
      find: source.slice(index, end),
      put: "",
      at: index,
    });
  }
  return mutants;
}

/** Where the statement that begins with a call at `from` ends, its semicolon included. */
function endOfCall(source: string, from: number): number {
  let depth = 0;
  for (let i = from; i < source.length; i++) {
    if (source[i] === "(") depth++;
    if (source[i] === ")" && --depth === 0) return i + 2;
  }
  throw new Error("a call without an end");
}

function applied(source: string, { file, name, find, put, at }: Mutant): string {
  const from = at ?? source.indexOf(find);
  if (from < 0 || (at === undefined && source.includes(find, from + 1)))
    throw new Error(`${file}: "${name}" does not name one place`);
  return source.slice(0, from) + put + source.slice(from + find.length);
}

const folder = mkdtempSync(join(tmpdir(), "plotline-mutants-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
cpSync(join(ROOT, "contracts"), join(folder, "contracts"), { recursive: true });
mkdirSync(join(folder, "test/contracts"), { recursive: true });
for (const name of readdirSync(join(ROOT, "test/contracts")).filter((n) => n.endsWith(".sol")))
  cpSync(join(ROOT, "test/contracts", name), join(folder, "test/contracts", name));
cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "hardhat.config.ts"), CONFIG);

/** What the tests in `files` said. */
function test(files: readonly string[]): { readonly passed: boolean; readonly said: string } {
  const hardhat = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
  const paths = files.map((name) => `test/contracts/${name}`);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [hardhat, "test", "solidity", ...paths],
    { cwd: folder, encoding: "utf8" },
  );
  return { passed: status === 0, said: `${stdout}${stderr}` };
}

const only = new RegExp(process.argv[2] ?? "");
const started = Date.now();
const whole = test([]);
if (!whole.passed) throw new Error(`the tests fail without any mutant:\n${whole.said}`);

// Read once, from the copy: somebody may go on working meanwhile.
const sources = Object.keys(TESTS).map(
  (file) => [file, readFileSync(join(folder, file), "utf8")] as const,
);
const sourceOf = new Map(sources);
const mutants = [...MUTANTS, ...sources.flatMap(([file, text]) => withoutChecks(file, text))];
let [died, survived] = [0, 0];
for (const mutant of mutants.filter(({ file, name }) => only.test(`${file} ${name}`))) {
  const source = sourceOf.get(mutant.file) ?? "";
  writeFileSync(join(folder, mutant.file), applied(source, mutant));
  const { passed, said } = test(mutant.by?.files ?? TESTS[mutant.file] ?? []);
  const red =
    /\d+ failing/.test(said) && (mutant.by === undefined || said.includes(`) ${mutant.by.name}`));
  if (!passed && red) died++;
  else {
    survived++;
    const why = passed ? "nothing failed" : red ? "" : said.slice(-600);
    console.log(`SURVIVED ${basename(mutant.file)}, ${mutant.name}: ${mutant.find}\n${why}`);
  }
  writeFileSync(join(folder, mutant.file), source);
}
const seconds = Math.round((Date.now() - started) / 1000);
console.log(`${died} mutants died, ${survived} survived, in ${seconds} s`);
process.exitCode = survived === 0 && died > 0 ? 0 : 1;
