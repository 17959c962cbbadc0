import { existsSync, readFileSync } from "node:fs";

import type { Hex } from "./core/bytes.ts";
import { TraceError } from "./core/trace-error.ts";
import { writeDurably } from "./secrets.ts";
import type { Floor } from "./sequencer.ts";

/** The newest checkpoint that left this machine, remembered apart from the store: who lost more than that must not sign. */
export type LogHead = {
  /** Throws BAD_ENCODING where the file is damaged. */
  readonly read: () => Floor | undefined;
  /** Returns when it is on the disk. */
  readonly keep: (head: { readonly size: number; readonly root: Hex }) => void;
};

/** The head in a file of one line, `size root`. */
export const fileHead = (path: string): LogHead => ({
  read: () => {
    if (!existsSync(path)) return undefined;
    const [, size = "", root = ""] =
      /^(\d{1,15}) (0x[0-9a-f]{64})\n$/.exec(readFileSync(path, "utf8")) ?? [];
    if (size === "")
      throw new TraceError(
        "BAD_ENCODING",
        `${path} is damaged: restore it with its store, or remove it`,
      );
    return { size: Number(size), root: root as Hex };
  },
  keep: ({ size, root }) => writeDurably(path, `${size} ${root}\n`),
});
