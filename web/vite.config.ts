/**
 * What runs in browsers, built three times over and apart: `app`, for the people who record; `verify`, which
 * judges a trail on the consumer's page and loads no piece of the app; and `file`, the same verifier as one
 * script with nothing to fetch, for the file that anyone can keep. gateway/http/assets.ts reads what comes out.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { defineConfig, type EnvironmentOptions, type Plugin } from "vite";

import { wordsApart } from "./words-apart.ts";

const ENTRIES = {
  app: "src/app/main.tsx",
  verify: "src/verify/page.ts",
  file: "src/verify/file.ts",
} as const;
type Entry = keyof typeof ENTRIES;

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const built = (name: Entry): EnvironmentOptions => ({
  consumer: "client",
  build: {
    outDir: here(`dist/${name}`),
    emptyOutDir: true,
    manifest: true,
    modulePreload: false,
    target: "es2022",
    rolldownOptions: {
      input: { [name]: here(ENTRIES[name]) },
      output: name === "file" ? { codeSplitting: false } : {},
      checks: { pluginTimings: false },
    },
  },
});

/** Late pieces are plain imports: without style sheets to fetch before them, Vite's own loader is a kB for nothing. */
const plainImports = (): Plugin => ({
  name: "plain-imports",
  enforce: "pre",
  load: {
    filter: { id: /vite\/preload-helper/ },
    handler: () => "export const __vitePreload = (load) => load();",
  },
});

export default defineConfig({
  root: here("."),
  plugins: [plainImports(), wordsApart()],
  base: "/",
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // Vite always has an environment of the name `client`: it is the app's.
  environments: { client: built("app"), verify: built("verify"), file: built("file") },
  builder: {
    buildApp: async (builder) => {
      for (const [name, entry] of Object.entries(ENTRIES)) {
        const environment = builder.environments[name === "app" ? "client" : name];
        if (environment !== undefined && existsSync(here(entry))) await builder.build(environment);
      }
    },
  },
});
