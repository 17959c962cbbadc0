import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import { expect } from "chai";

const root = resolve(import.meta.dirname, "..");
const sources = globSync("{gateway,scripts,web/src}/**/*.{ts,tsx}", { cwd: root });

/** From the bottom up: a file may import from its own layer and from those before it. */
const LAYERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["core", /^gateway\/core\//],
  ["ground", /^gateway\/(config|default-secrets|ports|secrets|setting-forms|tls)\.ts$/],
  ["store or chain", /^gateway\/(store|chain)\//],
  [
    "the gateway's work",
    /^gateway\/((index|trail)\/|(?!main|ingest|receipts|mqtt-place)[\w-]+\.ts$)/,
  ],
  ["http or mqtt", /^gateway\/((http|mqtt)\/|(ingest|ingest-metrics|mqtt-place|receipts)\.ts$)/],
  ["main", /^gateway\/main\.ts$/],
];
const layerOf = (path: string): number => LAYERS.findIndex(([, pattern]) => pattern.test(path));

/** What a file imports: paths from the root for our own, names for packages. */
const IMPORT =
  /^(?:import|export)\b[^;"]*?from "([^"]+)"|^import "([^"]+)"|\bimport\(\s*"([^"]+)"/gm;
const importsOf = (path: string): readonly string[] =>
  [...readFileSync(join(root, path), "utf8").matchAll(IMPORT)].map(([, named, bare, late]) => {
    const found = named ?? bare ?? late ?? "";
    return found.startsWith(".") ? relative(root, resolve(root, dirname(path), found)) : found;
  });

const arrows = sources.flatMap((from) => importsOf(from).map((to) => ({ from, to })));
const ours = (path: string): boolean => /^(gateway|scripts|web|test)\//.test(path);
const told = (wrong: typeof arrows): string[] => wrong.map(({ from, to }) => `${from} → ${to}`);

describe("The import arrows", () => {
  it("point down inside the gateway", () => {
    const wrong = arrows.filter(
      ({ from, to }) => layerOf(from) >= 0 && ours(to) && layerOf(to) > layerOf(from),
    );
    expect(told(wrong)).to.deep.equal([]);
  });

  it("never lead from the gateway to the web, the scripts or the tests", () => {
    const wrong = arrows.filter(
      ({ from, to }) => layerOf(from) >= 0 && ours(to) && layerOf(to) < 0,
    );
    expect(told(wrong)).to.deep.equal([]);
  });

  it("lead from the web to nothing of ours but core", () => {
    const wrong = arrows.filter(
      ({ from, to }) =>
        from.startsWith("web/") && ours(to) && !/^(web\/src|gateway\/core)\//.test(to),
    );
    expect(told(wrong)).to.deep.equal([]);
  });

  it("lead from core to small pure packages only", () => {
    const allowed = /^(@noble\/(hashes|curves)\/|zod$|cborg$)/;
    const wrong = arrows.filter(
      ({ from, to }) => from.startsWith("gateway/core/") && !ours(to) && !allowed.test(to),
    );
    expect(told(wrong)).to.deep.equal([]);
  });
});

describe("The gateway", () => {
  const effects = /\bprocess\.env\b(?!\["\w+"\] = )|\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)/;
  it("reads environment, clock and chance in main alone", () => {
    const wrong = sources.filter(
      (path) =>
        path.startsWith("gateway/") &&
        path !== "gateway/main.ts" &&
        effects.test(readFileSync(join(root, path), "utf8")),
    );
    expect(wrong).to.deep.equal([]);
  });
});
