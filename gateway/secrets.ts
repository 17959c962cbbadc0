import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/**
 * The secret at `path`: what was given, or what was kept there, or a new one that is on the disk, readable by us alone,
 * before it is used. Losing it would be losing the log.
 */
export function keepSecret(
  path: string,
  { given, make }: { readonly given: string | undefined; readonly make: () => string },
): string {
  if (given !== undefined) return given;
  if (existsSync(path)) return readFileSync(path, "utf8").trim();
  const secret = make();
  writeDurably(path, `${secret}\n`, 0o600);
  return secret;
}

/** Writes a whole file or none of it: to the side, synced, renamed, and the folder synced. */
export function writeDurably(path: string, text: string, mode = 0o644): void {
  const aside = `${path}.new`;
  const file = openSync(aside, "w", mode);
  try {
    writeFileSync(file, text); // all of it, or it throws
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameDurably(aside, path);
}

/** Renames within a folder, and syncs the folder: after a power cut the file has the new name, and no earlier file comes back. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  const folder = openSync(dirname(to), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
