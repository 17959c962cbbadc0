import {
  requireCheckDigit,
  requireCheckPair,
  requireCompanyPrefix,
} from "../../gateway/core/check-digit.ts";
import { judge, tableOf } from "./suite.ts";
import type { Suite } from "./suite.ts";

interface Vector {
  readonly linter: string;
  readonly value: string;
  readonly valid: boolean;
}

// How far into a value the company prefix stands, by the name of the linter.
const LINTERS: Readonly<Record<string, (value: string) => void>> = {
  csum: requireCheckDigit,
  csumalpha: requireCheckPair,
  key: requireCompanyPrefix,
  keyoff1: (value) => requireCompanyPrefix(value.slice(1)),
  gcppos1: requireCompanyPrefix,
  gcppos2: (value) => requireCompanyPrefix(value.slice(1)),
};

/** `{linter, value, valid}`: check digits, check pairs and company prefixes. */
export const checkDigits: Suite = {
  summary: "GS1 General Specifications: check digits, check pairs, company prefixes",
  cases: (file) =>
    tableOf<Vector>(file, "linter", "value", "valid")?.map(({ linter, value, valid }) => ({
      name: `${linter} "${value}"`,
      run: () => {
        const lint = LINTERS[linter];
        if (lint === undefined) throw new Error(`no linter is called ${linter}`);
        judge(valid, () => lint(value));
      },
    })),
};
