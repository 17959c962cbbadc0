import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a bench's file exports. */
type Bench = { readonly bench: (args: readonly string[]) => Promise<void>; readonly HELP: string };

const textOf = (entry: string): string =>
  entry.endsWith(".ts") ? readFileSync(join(import.meta.dirname, entry), "utf8") : "";

const [name = "", ...args] = process.argv.slice(2);
const file = join(import.meta.dirname, `${name}.ts`);

if (/^[a-z-]+$/.test(name) && name !== "main" && existsSync(file)) {
  const { bench, HELP } = (await import(file)) as Partial<Bench>;
  if (bench === undefined || HELP === undefined) throw new Error(`${file} exports no bench`);
  if (args.includes("--help")) console.log(HELP);
  else await bench(args);
} else {
  const names = readdirSync(import.meta.dirname)
    .filter((entry) => /^export async function bench\(/m.test(textOf(entry)))
    .map((entry) => entry.replace(/\.ts$/, ""));
  const usage = `usage: npm run --silent bench -- <${names.join(" | ")}> [--help]`;
  if (name === "--help") console.log(usage);
  else {
    console.error(name === "" ? usage : `There is no bench "${name}".\n\n${usage}`);
    process.exitCode = 2;
  }
}
