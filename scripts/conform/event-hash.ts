import { eventHash, preHash } from "../../gateway/core/event-hash.ts";
import type { CbvVersion } from "../../gateway/core/event-hash.ts";
import { same, tableOf } from "./suite.ts";
import type { Suite } from "./suite.ts";

interface Vector {
  readonly name?: string;
  readonly eventIndex?: number;
  readonly cbvVersion?: CbvVersion;
  readonly context: unknown;
  readonly event: unknown;
  readonly prehash: string;
  readonly hashId: string;
}

/** `{context, event, prehash, hashId}`, in the version that the row or the end of its hash names. */
export const eventHashes: Suite = {
  summary: "CBV 2.0 and 2.1 event hash with its pre-hash text, as of 2026",
  cases: (file) =>
    tableOf<Vector>(file, "context", "event", "prehash", "hashId")?.map((vector) => {
      const version = vector.cbvVersion ?? (vector.hashId.endsWith("CBV2.1") ? "CBV2.1" : "CBV2.0");
      return {
        name: `${vector.name ?? "event"} ${vector.eventIndex ?? ""} ${version}`,
        run: () => {
          same(preHash(vector.event, vector.context, version), vector.prehash);
          same(eventHash(vector.event, vector.context, version), vector.hashId);
        },
      };
    }),
};
