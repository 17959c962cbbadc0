import type { Hex } from "./core/bytes.ts";
import { TraceError } from "./core/trace-error.ts";
import { codeHashOf } from "./founding.ts";
import type { Store } from "./store/open.ts";
import { codeByHash, useCode, type Code } from "./store/people.ts";
import type { Sql } from "./store/schema.ts";

/**
 * Asks in a key's name that it be enrolled, by a code that somebody handed out; the key then waits for approval. Throws
 * NOT_ALLOWED for an unknown code (or one of other roles than `roles`), REPLAYED for one that another key has used.
 */
export const askToEnrol = (store: Store, { code, roles, ...key }: Asking): Promise<Code> =>
  store.write(async (transaction) => {
    const known = await knownOf(transaction, spellingsOf(code.slice(0, MOST_CODE)).map(codeHashOf));
    if (roles !== undefined && known.roles !== roles)
      throw new TraceError("NOT_ALLOWED", "this code was handed out for another role");
    return useCode(transaction, { ...key, codeHash: known.codeHash });
  });

type Asking = {
  readonly code: string;
  readonly roles?: number;
  readonly keyId: Hex;
  readonly publicKey: Hex;
  readonly at: number; // ms
};

const MOST_CODE = 200;

/** How people type what they were told: as it was, or in small letters, or without the dashes. */
const spellingsOf = (code: string): readonly string[] => {
  const upper = code.trim().toUpperCase();
  return [...new Set([code, code.trim(), upper, upper.replaceAll(/[\s-]/g, "")])];
};

/** The first of these codes that somebody handed out. Throws NOT_ALLOWED. */
async function knownOf(sql: Sql, hashes: readonly Hex[]): Promise<Code> {
  for (const hash of hashes) {
    const code = await codeByHash(sql, hash);
    if (code !== undefined) return code;
  }
  throw new TraceError("NOT_ALLOWED", "nobody handed out this code");
}
