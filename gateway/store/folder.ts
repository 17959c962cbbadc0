import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { TraceError } from "../core/trace-error.ts";

/**
 * Makes this process the only one on a data folder until `release` or its death, however it dies.
 * The lock is the kernel's, on a file of its own, so none can be left behind and a recycled process
 * id deceives nobody; the id beside it is only for the message. Throws UNAVAILABLE naming the holder.
 */
export function holdFolder(folder: string): { readonly release: () => void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(folder, "lock"), { timeout: 0 });
  const holder = join(folder, "lock.pid");
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    if ((cause as { errcode?: unknown }).errcode !== SQLITE_BUSY) throw cause;
    throw new TraceError("UNAVAILABLE", `${folder} is in use by process ${readId(holder)}`, {
      cause,
    });
  }
  writeFileSync(holder, `${process.pid}\n`);
  return { release: () => lock.close() };
}

const SQLITE_BUSY = 5;

function readId(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "(unknown: it is just starting)";
  }
}
