import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Where other people's conformance vectors lie, or undefined where there are none. */
export const VECTORS: string | undefined = [
  process.env["PLOTLINE_VECTORS"],
  resolve(import.meta.dirname, "../../shared/vectors"),
].find((folder) => folder !== undefined && existsSync(folder));

/** Like `describe`, for tests that read vectors: skipped for all to see where the folder is absent. */
export function describeVectors(title: string, run: (folder: string) => void): void {
  if (VECTORS === undefined) describe.skip(`${title} (no folder of vectors)`, () => it("waits"));
  else describe(title, () => run(VECTORS));
}

/** A file of vectors as JSON, in the shape that the caller knows it to have. */
export const readVectors = <T>(folder: string, ...path: readonly string[]): T =>
  JSON.parse(readFileSync(join(folder, ...path), "utf8")) as T;
