import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { canonicalize, parseJson } from "../../gateway/core/canonical.ts";
import { judge, readJson, same } from "./suite.ts";
import type { Case, Suite, VectorFile } from "./suite.ts";

/** Numbers as `[IEEE 754 in hex, text or null]`, or `input/x.json` beside `output/x.json`. */
export const jcs: Suite = {
  summary: "RFC 8785: input/*.json beside output/*.json, and numbers.json",
  cases: (file) => numbers(file) ?? document(file),
};

function numbers(file: VectorFile): readonly Case[] | undefined {
  const vectors = (readJson(file) as { vectors?: unknown } | null)?.vectors;
  if (!Array.isArray(vectors) || !vectors.every(Array.isArray)) return undefined;
  return (vectors as [string, string | null][]).map(([bits, text]) => ({
    name: bits,
    run: () => {
      const number = Buffer.from(bits.padStart(16, "0"), "hex").readDoubleBE();
      if (text === null) judge(false, () => canonicalize(number));
      else same(canonicalize(number), text);
    },
  }));
}

function document(file: VectorFile): readonly Case[] | undefined {
  const output = join(dirname(dirname(file.path)), "output", basename(file.path));
  if (basename(dirname(file.path)) !== "input" || !existsSync(output)) return undefined;
  const wanted = readFileSync(output, "utf8").trim();
  return [
    { name: basename(file.path), run: () => same(canonicalize(parseJson(file.text)), wanted) },
  ];
}
