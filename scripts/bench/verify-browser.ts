import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

import { chromium, type Page } from "playwright-core";
import { build, createBuilder } from "vite";

const ROOT = resolve(import.meta.dirname, "../..");
const CHROMIUM = "/usr/bin/chromium";

export const zipped = (text: string): number => gzipSync(text, { level: 9 }).length;

/**
 * Bytes of gzip: what the lot's page loads at once, what a trail with sensors loads beside it, what shows the exact words of what
 * failed (a second copy, with its own sensors), and what only a browser without WebCrypto loads.
 */
export type Sizes = Readonly<Record<"page" | "sensors" | "words" | "fallback", number>>;

/** Where the consumer page's verifier lies when it is built. */
export const VERIFIER = join(ROOT, "web/dist/verify");

/** The sizes of the pieces in a folder of Vite's, by its manifest. */
export function sizesIn(folder: string): Sizes {
  const chunks = JSON.parse(readFileSync(join(folder, ".vite/manifest.json"), "utf8")) as Chunks;
  const sum = (those: (source: string) => boolean): number =>
    Object.entries(chunks)
      .filter(([source]) => those(source))
      .reduce((total, [, { file }]) => total + zipped(readFileSync(join(folder, file), "utf8")), 0);
  const kinds = {
    words: (source: string) => source.includes("worded"),
    fallback: (source: string) => /noble|curve/.test(source),
    sensors: (source: string) => source.endsWith("/sensors.ts"),
  };
  const late = Object.values(kinds);
  return {
    page: sum((source) => !late.some((is) => is(source))),
    sensors: sum(kinds.sensors),
    words: sum(kinds.words),
    fallback: sum(kinds.fallback),
  };
}

type Chunks = Readonly<Record<string, { readonly file: string }>>;

/** The consumer page's verifier, built anew. */
export async function verifierSizes(): Promise<Sizes> {
  const configFile = join(ROOT, "web/vite.config.ts");
  const builder = await createBuilder({ configFile, logLevel: "silent" });
  const { verify } = builder.environments;
  if (verify === undefined) throw new Error("the web's build knows no verifier");
  await builder.build(verify);
  return sizesIn(VERIFIER);
}

/** A module of ours as one script for a browser. */
async function scriptOf(path: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    root: ROOT,
    build: { write: false, rolldownOptions: { input: path, output: { codeSplitting: false } } },
  });
  const [first] = Array.isArray(built) ? built : [built];
  const chunk = first !== undefined && "output" in first ? first.output[0] : undefined;
  if (chunk === undefined || chunk.type !== "chunk") throw new Error(`${path} was not built`);
  return chunk.code;
}

/** A headless Chromium's page, in a secure context so that there is WebCrypto; null where the machine has no Chromium. */
export async function openPage(): Promise<{ page: Page; close: () => Promise<void> } | null> {
  if (!existsSync(CHROMIUM)) return null;
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const page = await browser.newPage();
  const script = await scriptOf(join(import.meta.dirname, "verify-page.ts"));
  await page.route("https://bench.example/", (route) =>
    route.fulfill({
      contentType: "text/html; charset=utf-8",
      body: `<script type="module">${script.replaceAll("</script", "<\\/script")}</script>`,
    }),
  );
  await page.goto("https://bench.example/");
  await page.waitForFunction("typeof timeTrail === 'function'");
  return { page, close: () => browser.close() };
}
