import { elementString, parseDigitalLink } from "../../gateway/core/digital-link.ts";
import { judge, same, tableOf } from "./suite.ts";
import type { Suite } from "./suite.ts";

interface Vector {
  readonly uri: string;
  readonly valid: boolean;
  readonly elementString?: string;
  readonly flags?: object;
}

/** `{uri, valid, elementString}`; a row with `flags` wants another parser than the default one. */
export const digitalLinks: Suite = {
  summary: "GS1 Digital Link: URI → valid or not, and its element string",
  cases: (file) =>
    tableOf<Vector>(file, "uri", "valid")
      ?.filter(({ flags }) => flags === undefined)
      .map(({ uri, valid, elementString: wanted }) => ({
        name: uri,
        run: () => {
          judge(valid, () => parseDigitalLink(uri));
          if (valid) same(elementString(parseDigitalLink(uri)), wanted);
        },
      })),
};
