import type { Hex } from "./core/bytes.ts";
import type { Trouble } from "./relayer-parts.ts";
import type { Anchored } from "./relayer-plans.ts";

/** What a running relayer knows besides its books. A restart loses it, and learns it again from the chain. */
export type Memory = {
  /** Statements whose call failed without a reason in a batch: they go alone. */
  readonly suspects: Set<Hex>;
  /** By nonce, the hash of the block whose outcome is in the books. */
  readonly applied: Map<number, Hex>;
  /** By nonce, the block at which it was first seen used without a receipt of ours. */
  readonly missing: Map<number, number>;
  /** By an attempt's hash, the newest block when it was last broadcast. */
  readonly offered: Map<Hex, number>;
  /** By nonce, the newest block when its newest attempt was first broadcast. */
  readonly since: Map<number, number>;
  /** Nonces whose statements are in the books as the chain has them. */
  readonly looked: Set<number>;
  started: boolean;
  anchored: Anchored | undefined;
  lastAnchor: number; // ms
  /** What keeps the log, and nothing else, from being anchored. */
  hindrance: Trouble | undefined;
};

export const emptyMemory = (): Memory => ({
  suspects: new Set(),
  applied: new Map(),
  missing: new Map(),
  offered: new Map(),
  since: new Map(),
  looked: new Set(),
  started: false,
  hindrance: undefined,
  anchored: undefined,
  lastAnchor: -Infinity,
});

/** A nonce that is settled for good needs no memory. */
export function forget(
  memory: Memory,
  nonce: number,
  attempts: readonly { readonly hash: Hex }[],
): void {
  for (const known of [memory.applied, memory.missing, memory.since, memory.looked])
    known.delete(nonce);
  for (const { hash } of attempts) memory.offered.delete(hash);
}
