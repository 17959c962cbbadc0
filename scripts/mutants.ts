import { fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";

import type { Answer, Question } from "./mutants/judge.ts";
import { LIBRARIES, LIBRARY_TESTS, MUTANTS, TESTS, type Mutant } from "./mutants/list.ts";
import { MUTANT, MUTANT_SOURCE, placeOf, weave, type Numbered } from "./mutants/weave.ts";
import { copySolidity, type SolidityCopy } from "./solidity/copy.ts";

if (process.argv.includes("--help")) {
  console.log(
    "usage: npm run test:mutants [-- PATTERN]\n\n" +
      "Changes the contracts in a copy, one place at a time, and wants a test to turn red each time.\n" +
      "PATTERN, a regular expression, chooses by `file name` of a mutant.",
  );
  process.exit();
}

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

const only = new RegExp(process.argv[2] ?? "");

// Without optimiser, because only what the contracts decide is judged here. Read once, from the copy: somebody may go
// on working meanwhile.
const BUILD = { optimizer: false, runs: 48 };
const copy = copySolidity(BUILD);
const sources = new Map(Object.keys(TESTS).map((file) => [file, copy.read(file)]));
const sourceOf = (file: string): string => sources.get(file) ?? "";
const mutants = [...MUTANTS, ...[...sources].flatMap(([file, text]) => withoutChecks(file, text))]
  .filter(({ file, name }) => only.test(`${file} ${name}`))
  .map((mutant, i) => ({ ...mutant, number: i + 1 }));

copy.write(MUTANT, MUTANT_SOURCE);
const woven = [...sources].flatMap(([file, source]) => {
  const own = mutants.filter((mutant) => mutant.file === file);
  const result = weave(file, source, own);
  copy.write(file, result.text);
  return result.woven;
});
const alone = mutants.filter((mutant) => !woven.includes(mutant));

/** A process that judges in a copy, one question after another. */
function openJudge({ folder }: SolidityCopy) {
  const child = fork(join(import.meta.dirname, "mutants/judge.ts"), {
    cwd: folder,
    stdio: ["ignore", "ignore", "ignore", "ipc"], // the compiler warns of what mutants leave unused
  });
  const ask = async (mutant: number, names: readonly string[], build = false): Promise<Answer> => {
    const files = names.map((name) => join(folder, "test/contracts", name));
    const answered = async (): Promise<Answer> => {
      child.send({ mutant, files, build } satisfies Question);
      const [answer] = (await once(child, "message")) as [Answer];
      return answer;
    };
    const answer = await answered();
    // Judges of one build now and then take a file of Hardhat's cache from under each other: that is no answer.
    return typeof answer === "string" ? answered() : answer;
  };
  return { ask, close: () => child.disconnect() };
}

const started = Date.now();
const elapsed = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
let [died, survived] = [0, 0];

function report({ file, name, find, by }: Numbered, answer: Answer): void {
  const failed = typeof answer === "string" ? [] : answer.failed;
  const red = failed.some((test) => by === undefined || test.startsWith(by.name));
  if (red) died++;
  else survived++;
  if (!red)
    console.log(
      `SURVIVED ${basename(file)}, ${name}: ${find}\n${typeof answer === "string" ? answer : failed}`,
    );
  if ((died + survived) % 20 === 0)
    console.log(`${died + survived} of ${mutants.length} in ${elapsed()}`);
}

const testsOf = ({ file, by }: Mutant): readonly string[] => by?.files ?? TESTS[file] ?? [];

/** What no function can be asked for, such as a constant, is changed and built anew, in a copy of the libraries alone. */
async function judgeAlone(): Promise<void> {
  const files = [...LIBRARIES, ...LIBRARY_TESTS.map((name) => `test/contracts/${name}`)];
  const copy = copySolidity(BUILD, { files });
  const { ask, close } = openJudge(copy);
  for (const mutant of alone) {
    const tests = testsOf(mutant).filter((name) => LIBRARY_TESTS.includes(name));
    const source = sourceOf(mutant.file);
    const at = placeOf(source, mutant);
    if (tests.length === 0) throw new Error(`${mutant.file}: "${mutant.name}" is in no function`);
    const changed = source.slice(0, at) + mutant.put + source.slice(at + mutant.find.length);
    copy.write(mutant.file, changed);
    report(mutant, await ask(0, tests, true));
    copy.write(mutant.file, source);
  }
  close();
}

console.log(`${mutants.length} mutants, ${woven.length} of them built at once; some minutes`);
const first = openJudge(copy);
const whole = await first.ask(0, [], true);
if (typeof whole === "string" || whole.failed.length > 0)
  throw new Error(`the tests fail without any mutant: ${JSON.stringify(whole)}`);
console.log(`${whole.tests} tests pass without any, in ${elapsed()}`);

// All judges share one build, and each takes the next mutant when it is done with one.
const more = Math.min(3, availableParallelism() - 1);
const judges = [first, ...Array.from({ length: more }, () => openJudge(copy))];
const queue = woven.values();
await Promise.all([
  judgeAlone(),
  ...judges.map(async ({ ask, close }) => {
    for (const mutant of queue) report(mutant, await ask(mutant.number, testsOf(mutant)));
    close();
  }),
]);
console.log(`${died} mutants died, ${survived} survived, in ${elapsed()}`);
process.exitCode = survived === 0 && died > 0 ? 0 : 1;
