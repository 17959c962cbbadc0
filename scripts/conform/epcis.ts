import { resolve, sep } from "node:path";

import { parseJson } from "../../gateway/core/canonical.ts";
import { parseEpcis } from "../../gateway/core/epcis.ts";
import { judge } from "./suite.ts";
import type { Suite } from "./suite.ts";

/** A document each; those below a folder called `invalid` must be refused, all others accepted. */
export const epcis: Suite = {
  summary: "EPCIS 2.0 documents: folders valid and invalid",
  cases: (file) => {
    const folders = resolve(file.path).toLowerCase().split(sep).slice(0, -1);
    const valid = folders.findLast((name) => name === "valid" || name === "invalid") !== "invalid";
    const run = () => judge(valid, () => parseEpcis(parseJson(file.text)));
    return [{ name: valid ? "accepted" : "refused", run }];
  },
};
