import { globSync } from "node:fs";

import type { SolidityCopy } from "./copy.ts";
import { BRANCHES, sideAt, unfold } from "./unfold.ts";

/** What the tests of a copy left out: lines and sides of branches that they never ran, in words. */
export type Coverage = {
  readonly lines: number;
  readonly branches: number;
  readonly missed: readonly string[];
};

/** Runs test files over an unfolded copy of the contracts. Throws if one fails. */
export function measureCoverage(copy: SolidityCopy, files: readonly string[]): Coverage {
  const names = globSync("contracts/**/*.sol", { cwd: copy.folder }).toSorted();
  const { text, branches } = unfold(new Map(names.map((name) => [name, copy.read(name)])));
  for (const [file, source] of text) copy.write(file, source);
  const { passed, said } = copy.test(files, "--coverage");
  if (!passed) throw new Error(`the tests fail:\n${said}`);

  const counts = readLcov(copy.read("coverage/lcov.info"));
  const lines = counts.filter(({ file }) => file !== BRANCHES);
  const sides = counts.flatMap(({ file, line, count }) => {
    const found = file === BRANCHES ? sideAt(line) : null;
    return found === null ? [] : [{ ...found, count }];
  });
  if (sides.length !== 2 * branches.length) throw new Error(`${sides.length} sides were counted`);
  const missed = [
    ...lines.filter(({ count }) => count === 0).map(({ file, line }) => `${file}:${line} not run`),
    ...sides.flatMap(({ branch, side, count }) => {
      const where = branches[branch];
      if (count > 0 || where === undefined) return [];
      return [`${where.file}:${where.line} never ${side}: ${where.condition}`];
    }),
  ];
  return { lines: lines.length, branches: branches.length, missed };
}

/** How often each line was run, from a report in lcov's format. */
function readLcov(text: string) {
  let file = "";
  return text.split("\n").flatMap((row) => {
    file = /^SF:(.*)$/.exec(row)?.[1] ?? file;
    const [, line, count] = /^DA:(\d+),(\d+)$/.exec(row) ?? [];
    return line === undefined ? [] : [{ file, line: Number(line), count: Number(count) }];
  });
}
