import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/**
 * The secret `name` of a data folder: what was given, or what was kept there, or a new one that is on the disk,
 * readable by us alone, before it is used. Losing it would be losing the account or the log.
 */
export function keepSecret(
  dataDir: string,
  name: string,
  { given, make }: { readonly given: string | undefined; readonly make: () => string },
): string {
  if (given !== undefined) return given;
  const folder = join(dataDir, "keys");
  const path = join(folder, name);
  if (existsSync(path)) return readFileSync(path, "utf8").trim();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secret = make();
  writeDurably(path, `${secret}\n`, 0o600);
  return secret;
}

/** Writes a whole file or none of it: to the side, synced, renamed, and the folder synced. */
export function writeDurably(path: string, text: string, mode = 0o644): void {
  const aside = `${path}.new`;
  const file = openSync(aside, "w", mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(aside, path);
  const folder = openSync(join(path, ".."), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
