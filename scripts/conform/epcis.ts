import { basename, dirname, resolve } from "node:path";

import { parseJson } from "../../gateway/core/canonical.ts";
import { parseEpcis } from "../../gateway/core/epcis.ts";
import { judge } from "./suite.ts";
import type { Suite } from "./suite.ts";

/** A document each; those in a folder called `invalid` must be refused, all others accepted. */
export const epcis: Suite = {
  summary: "EPCIS 2.0 documents: folders valid and invalid",
  cases: (file) => {
    const valid = basename(dirname(resolve(file.path))).toLowerCase() !== "invalid";
    const run = () => judge(valid, () => parseEpcis(parseJson(file.text)));
    return [{ name: valid ? "accepted" : "refused", run }];
  },
};
