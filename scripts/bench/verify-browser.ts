import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

import { chromium, type Page } from "playwright-core";
import { build, createBuilder } from "vite";

const ROOT = resolve(import.meta.dirname, "../..");
const CHROMIUM = "/usr/bin/chromium";

export const zipped = (text: string): number => gzipSync(text, { level: 9 }).length;

/**
 * Bytes of gzip: what the page loads at once, what a trail with sensors loads beside it, with passkeys' signatures, for the exact
 * words below what failed, and what only a browser without WebCrypto loads.
 */
export type Sizes = Readonly<
  Record<"page" | "sensors" | "passkeys" | "words" | "fallback", number>
>;

/** The consumer page's verifier as it is built. */
export async function verifierSizes(): Promise<Sizes> {
  const configFile = join(ROOT, "web/vite.config.ts");
  const builder = await createBuilder({ configFile, logLevel: "silent" });
  const { verify } = builder.environments;
  if (verify === undefined) throw new Error("the web's build knows no verifier");
  await builder.build(verify);
  const folder = join(ROOT, "web/dist/verify/assets");
  const files = readdirSync(folder).filter((name) => name.endsWith(".js"));
  const sum = (names: RegExp): number =>
    files
      .filter((name) => names.test(name))
      .reduce((total, name) => total + zipped(readFileSync(join(folder, name), "utf8")), 0);
  return {
    page: sum(/^(?!readings|chain-events|webauthn|.*(?:messages|noble|curve))/), // all that does not wait
    sensors: sum(/^(?:readings|chain-events)-/),
    passkeys: sum(/^webauthn-/),
    words: sum(/messages/),
    fallback: sum(/noble|curve/),
  };
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
