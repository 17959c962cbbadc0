import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { TraceError } from "../../gateway/core/trace-error.ts";

/** A file of vectors: where it lies, and what it says. */
export interface VectorFile {
  readonly path: string;
  readonly text: string;
}

/** One vector; `run` throws, in words for a person, when we do not agree with it. */
export interface Case {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/** What one kind of file asks of us; undefined for a file of another kind. */
export interface Suite {
  readonly summary: string;
  readonly cases: (file: VectorFile) => readonly Case[] | undefined;
}

/** The file, or all JSON files below the folder, in the order of their names. Throws where there is neither. */
export function vectorFiles(path: string): readonly VectorFile[] {
  if (!statSync(path).isDirectory()) return [{ path, text: readFileSync(path, "utf8") }];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.json(?:ld)?$/.test(name))
    .toSorted()
    .map((name) => ({ path: join(path, name), text: readFileSync(join(path, name), "utf8") }));
}

/** The file's `vectors` when it has them and each has all of these keys. */
export function tableOf<T>(
  file: VectorFile,
  ...keys: readonly (keyof T & string)[]
): T[] | undefined {
  const vectors: unknown = (readJson(file) as { vectors?: unknown } | null)?.vectors;
  return arrayOf<T>(vectors, ...keys);
}

/** The value as an array whose members have all of these keys, or undefined. */
export function arrayOf<T>(
  value: unknown,
  ...keys: readonly (keyof T & string)[]
): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const whole = value.every(
    (row: unknown) => typeof row === "object" && row !== null && keys.every((key) => key in row),
  );
  return whole ? (value as T[]) : undefined;
}

/** The file as JSON; null where it is none. */
export function readJson(file: VectorFile): unknown {
  try {
    return JSON.parse(file.text) as unknown;
  } catch {
    return null;
  }
}

/** Demands that two texts are the same, and shows from where they differ. */
export function same(found: string | undefined, wanted: string | undefined): void {
  if (found === wanted) return;
  const at = [...(wanted ?? "")].findIndex((character, i) => character !== found?.[i]);
  const from = Math.max(0, (at < 0 ? (wanted ?? "").length : at) - 40);
  const show = (text?: string) =>
    text === undefined ? "nothing" : `${from > 0 ? "…" : ""}"${text.slice(from, from + 160)}"`;
  throw new Error(`found ${show(found)}, wanted ${show(wanted)}`);
}

/** Demands that `run` accepts or refuses as `valid` says; a bug is not a refusal. */
export function judge(valid: boolean, run: () => unknown): void {
  if (valid) run();
  else {
    try {
      run();
    } catch (refusal) {
      if (refusal instanceof TraceError) return;
      throw refusal;
    }
    throw new Error("accepted, and should have been refused");
  }
}
