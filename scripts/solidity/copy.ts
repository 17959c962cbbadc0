import { spawnSync } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const GOVERNED_BY = ["@openzeppelin/contracts/access/manager/AccessManager.sol"];
const ROOT = join(import.meta.dirname, "../..");

/** A copy of contracts and their Solidity tests, in a folder of its own that goes with the process. */
export type SolidityCopy = {
  readonly folder: string;
  readonly read: (file: string) => string;
  readonly write: (file: string, text: string) => void;
  /** What `hardhat test solidity` says of test files. */
  readonly test: (files: readonly string[], ...flags: readonly string[]) => Verdict;
};

export type Verdict = { readonly passed: boolean; readonly said: string };

/** How the copy is built: as it is deployed, or as fast as can be; and how often its tests try. */
export type Build = {
  readonly optimizer: boolean;
  readonly runs: number; // of a fuzz test, and as many of an invariant
};

const configOf = ({ optimizer, runs }: Build, npm: readonly string[]): string => `
import { fileURLToPath } from "node:url";
import { defineConfig } from "hardhat/config";
export default defineConfig({
  solidity: {
    version: "0.8.37",
    path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
    settings: { evmVersion: "osaka", viaIR: true, optimizer: { enabled: ${optimizer} } },
    splitTestsCompilation: true,
    npmFilesToBuild: ${JSON.stringify(npm)},
  },
  test: { solidity: { fuzz: { runs: ${runs} }, invariant: { runs: ${runs}, depth: 64 } } },
});
`;

/** Copies `contracts/` and `test/contracts/*.sol` of a folder, by default of this project; or only some of its files. */
export function copySolidity(
  build: Build,
  { from = ROOT, files }: { readonly from?: string; readonly files?: readonly string[] } = {},
): SolidityCopy {
  const folder = mkdtempSync(join(tmpdir(), "plotline-solidity-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const all = globSync(["contracts/**/*.sol", "test/contracts/*.sol"], { cwd: from });
  for (const file of files ?? all) write(file, readFileSync(join(from, file), "utf8"));
  cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const npm = all.includes("contracts/Checkpoints.sol") && files === undefined ? GOVERNED_BY : [];
  write("hardhat.config.ts", configOf(build, npm));
  return {
    folder,
    read: (file) => readFileSync(join(folder, file), "utf8"),
    write,
    test: (files, ...flags) => {
      const hardhat = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
      const paths = files.map((name) => `test/contracts/${name}`);
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [hardhat, "test", "solidity", ...flags, ...paths],
        { cwd: folder, encoding: "utf8", env: withoutHardhat(process.env) },
      );
      return { passed: status === 0, said: `${stdout}${stderr}` };
    },
  };
}

/** A run of Hardhat hands its own options on by the environment: they are not for a copy. */
const withoutHardhat = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("HARDHAT_")));
