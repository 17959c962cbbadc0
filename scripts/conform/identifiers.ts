import { canonicalUri } from "../../gateway/core/canonical-uri.ts";
import { same, tableOf } from "./suite.ts";
import type { Suite } from "./suite.ts";

interface Vector {
  readonly in: string;
  readonly out: string | null;
}

/** `{in, out}`: any URI, and its canonical Digital Link or null. */
export const identifiers: Suite = {
  summary: "CBV 2.0: any URI → canonical Digital Link, or null",
  cases: (file) =>
    tableOf<Vector>(file, "in", "out")?.map((vector) => ({
      name: vector.in,
      run: () => same(canonicalUri(vector.in), vector.out ?? undefined),
    })),
};
