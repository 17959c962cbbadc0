import { fromHex, toHex, type Hex } from "./core/bytes.ts";
import type { KeyState } from "./core/chain-state.ts";
import { publicKeyOf, savePublicKey } from "./store/people.ts";
import type { Sql } from "./store/schema.ts";

/** Asks the chain for a key; undefined where nobody enrolled it. Rejects when the chain does not answer. */
export type KeyOf = (keyId: Hex) => Promise<KeyState | undefined>;

type Kept = { readonly state: KeyState | undefined; readonly at: number };

const FRESH = 10_000; // ms: how late a revocation may be noticed
const FRESH_UNKNOWN = 1_000;
const MOST = 100_000;

/**
 * The chain's word on keys, remembered for some seconds. While the chain does not answer, the last word
 * stands, so that a dead RPC does not stop sensors; readers judge by the chain again anyway.
 */
export function cachedKeys(keyOf: KeyOf, now: () => number): KeyOf {
  const kept = new Map<Hex, Kept>();
  const strangers = new Map<Hex, Kept>(); // apart: anybody can make up keys, and must push out no device's
  const asking = new Map<Hex, Promise<KeyState | undefined>>();

  const ask = async (keyId: Hex): Promise<KeyState | undefined> => {
    try {
      const state = await keyOf(keyId);
      kept.delete(keyId);
      putLast(state === undefined ? strangers : kept, keyId, { state, at: now() });
      return state;
    } catch (failure) {
      const last = kept.get(keyId);
      if (last?.state === undefined) throw failure;
      kept.set(keyId, { state: last.state, at: now() }); // or the next pack would wait for the same silence
      return last.state;
    } finally {
      asking.delete(keyId);
    }
  };

  return async (keyId) => {
    const last = kept.get(keyId) ?? strangers.get(keyId);
    const fresh = last?.state === undefined ? FRESH_UNKNOWN : FRESH;
    if (last !== undefined && Math.abs(now() - last.at) < fresh) return last.state;
    const question = asking.get(keyId) ?? ask(keyId);
    asking.set(keyId, question);
    return question;
  };
}

/** The points behind key ids. Strangers' are held in memory only; `keep` writes one down for good. */
export type PublicKeys = {
  readonly of: (keyId: Hex) => Promise<Uint8Array | undefined>;
  readonly learn: (keyId: Hex, publicKey: Uint8Array) => void;
  readonly keep: (keyId: Hex, publicKey: Uint8Array) => Promise<void>;
};

/** Public keys as devices show them and as the store remembers them. */
export function publicKeys(db: Sql): PublicKeys {
  const known = new Map<Hex, Uint8Array>();
  const kept = new Set<Hex>();
  const remember = (keyId: Hex, publicKey: Uint8Array): void => {
    putLast(known, keyId, new Uint8Array(publicKey)); // a copy: the caller's may be a view of much more
  };
  return {
    learn: remember,
    of: async (keyId) => {
      const point = known.get(keyId);
      if (point !== undefined) return point;
      const stored = await publicKeyOf(db, keyId);
      if (stored === undefined) return undefined;
      remember(keyId, fromHex(stored, 65));
      kept.add(keyId);
      return known.get(keyId);
    },
    keep: async (keyId, publicKey) => {
      if (kept.has(keyId)) return;
      await savePublicKey(db, keyId, toHex(publicKey));
      kept.add(keyId);
    },
  };
}

/** Puts it at the end of the map; of one that is full, the first goes. */
function putLast<T>(map: Map<Hex, T>, keyId: Hex, value: T): void {
  map.delete(keyId);
  const [oldest] = map.keys();
  if (map.size >= MOST && oldest !== undefined) map.delete(oldest);
  map.set(keyId, value);
}
