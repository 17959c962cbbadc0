/** Builds the pages where a source is newer than what was built: a gateway that comes back after a power cut does not wait for it. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

import { createBuilder } from "vite";

const ROOT = resolve(import.meta.dirname, "..");
const SOURCES = [
  "web/src",
  "web/vite.config.ts",
  "web/words-apart.ts",
  "gateway/core",
  "package-lock.json",
];
const BUILT = ["app", "verify", "file"].map((name) => `web/dist/${name}/.vite/manifest.json`);

const timeOf = (path: string): number => statSync(join(ROOT, path)).mtimeMs;

/** A folder's own time tells of a file that was taken away. */
const within = (path: string): readonly string[] =>
  statSync(join(ROOT, path)).isDirectory()
    ? [
        path,
        ...readdirSync(join(ROOT, path), { recursive: true }).map((name) =>
          join(path, String(name)),
        ),
      ]
    : [path];

const isFresh =
  BUILT.every((path) => existsSync(join(ROOT, path))) &&
  Math.min(...BUILT.map(timeOf)) > Math.max(...SOURCES.flatMap(within).map(timeOf));

if (!isFresh) {
  const configFile = join(ROOT, "web/vite.config.ts");
  const builder = await createBuilder({ configFile, logLevel: "warn" });
  await builder.buildApp();
}
