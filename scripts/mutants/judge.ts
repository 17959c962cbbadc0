import { config, tasks } from "hardhat";

/** What a judge is asked: to run test files as a mutant (0: as none), built anew or not. */
export type Question = {
  readonly mutant: number;
  readonly files: readonly string[];
  readonly build: boolean;
};

/** The names of the tests that failed, and of how many; or why there is no answer. */
export type Answer = { readonly failed: readonly string[]; readonly tests: number } | string;

type Suite = { readonly testResults: readonly { name: string; status: string }[] };
type Result = { readonly value?: unknown; readonly error?: unknown };

/** Answers its parent's questions one after another, in the folder of a copy. */
process.on("message", async (question: Question) => process.send?.(await answer(question)));

async function answer({ mutant, files, build }: Question): Promise<Answer> {
  const profile: { coinbase?: string } = config.test.solidity.profiles.default as object;
  profile.coinbase = `0x${mutant.toString(16).padStart(40, "0")}`;
  try {
    const task = tasks.getTask(["test", "solidity"]);
    const { value, error } = (await task.run({
      testFiles: [...files],
      noCompile: !build,
    })) as Result;
    const { suiteResults } = (value ?? error) as { suiteResults: readonly Suite[] };
    const results = suiteResults.flatMap((suite) => suite.testResults);
    const failed = results.filter(({ status }) => status === "Failure").map(({ name }) => name);
    return { failed, tests: results.length };
  } catch (failure) {
    return String(failure);
  }
}
