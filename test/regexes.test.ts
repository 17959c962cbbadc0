import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect } from "chai";

const root = resolve(import.meta.dirname, "..");
const sources = globSync("{gateway,web/src/verify}/**/*.ts", { cwd: root });

const LITERAL = /(?<=[(,=:?|&[\s!])\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[\n])+)\/[a-z]*/g;

/** A regular expression that may begin anywhere and then repeats until the end: it costs the square of a long text. */
const isSquare = (body: string): boolean =>
  !body.startsWith("^") && /(?:[*+]|,\})\)?\$$/.test(body);

describe("What reads the text of strangers", () => {
  it("costs no more than the length of the text", () => {
    const found = sources.flatMap((path) =>
      [...readFileSync(join(root, path), "utf8").matchAll(LITERAL)]
        .filter(([, body = ""]) => isSquare(body))
        .map(([literal]) => `${path}: ${literal}`),
    );
    expect(found).to.deep.equal([]);
  });
});
