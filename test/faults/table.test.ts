import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

describe("The table of faults", () => {
  const table = readFileSync(join(import.meta.dirname, "README.md"), "utf8");
  const named = [...table.matchAll(/\]\(([^)]+)\)/g)].map(([, path = ""]) => path);

  it("names tests that there are", () => {
    expect(named.filter((path) => !existsSync(join(import.meta.dirname, path)))).to.deep.equal([]);
  });

  it("names every test beside it", () => {
    const tests = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".test.ts"));
    expect(named).to.include.members(tests.filter((file) => file !== "table.test.ts"));
  });

  it("names settings that some test reads", () => {
    const sources = readdirSync(import.meta.dirname)
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(join(import.meta.dirname, file), "utf8"))
      .join("");
    const settings = [...table.matchAll(/`(PLOTLINE_[A-Z]+)=/g)].map(([, name = ""]) => name);
    expect(settings.filter((name) => !sources.includes(`"${name}"`))).to.deep.equal([]);
  });
});
