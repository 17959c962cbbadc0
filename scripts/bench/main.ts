import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What a bench's file exports. */
type Bench = { readonly bench: (args: readonly string[]) => Promise<void> };

const [name = "", ...args] = process.argv.slice(2);
const file = join(import.meta.dirname, `${name}.ts`);

if (/^[a-z-]+$/.test(name) && name !== "main" && existsSync(file)) {
  const { bench } = (await import(file)) as Partial<Bench>;
  if (bench === undefined) throw new Error(`${file} exports no bench`);
  await bench(args);
} else {
  const names = readdirSync(import.meta.dirname).filter((entry) => entry.endsWith(".ts"));
  console.error(`usage: npm run --silent bench -- <name>, with a name of scripts/bench: ${names}`);
  process.exitCode = 2;
}
