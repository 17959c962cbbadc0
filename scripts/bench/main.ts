import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a bench's file exports. */
type Bench = { readonly bench: (args: readonly string[]) => Promise<void> };

const textOf = (entry: string): string =>
  entry.endsWith(".ts") ? readFileSync(join(import.meta.dirname, entry), "utf8") : "";

const [name = "", ...args] = process.argv.slice(2);
const file = join(import.meta.dirname, `${name}.ts`);

if (/^[a-z-]+$/.test(name) && name !== "main" && existsSync(file)) {
  const { bench } = (await import(file)) as Partial<Bench>;
  if (bench === undefined) throw new Error(`${file} exports no bench`);
  await bench(args);
} else {
  const names = readdirSync(import.meta.dirname)
    .filter((entry) => /^export async function bench\(/m.test(textOf(entry)))
    .map((entry) => entry.replace(/\.ts$/, ""));
  console.error(`usage: npm run --silent bench -- <${names.join(" | ")}> [--help]`);
  process.exitCode = name === "--help" ? 0 : 2;
}
