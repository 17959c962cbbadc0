import type { ComponentChildren } from "preact";

import type { Words } from "../../../../gateway/core/recording.ts";
import { wordsOf } from "../api.ts";
import { useSay } from "../language.ts";

/** A sentence that matters now. Colour never says it alone: each kind has its sign. */
export function Notice({ kind, children }: { kind: Kind; children: ComponentChildren }) {
  return (
    <div class={`notice ${kind}`} role={kind === "bad" ? "alert" : "status"}>
      <span class="sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <div>{children}</div>
    </div>
  );
}

type Kind = "good" | "bad" | "wait" | "tell";
const SIGNS: Readonly<Record<Kind, string>> = { good: "✓", bad: "!", wait: "…", tell: "i" };

/** Why something could not be read or done; nothing when it went well. */
export function Failure({ of }: { of: unknown }) {
  const say = useSay();
  if (of === undefined || of === null) return null;
  return <Notice kind="bad">{say(wordsOf(of))}</Notice>;
}

/** What stands where a list is empty. */
export const Empty = ({ words }: { words: Words }) => <p class="empty">{useSay()(words)}</p>;
