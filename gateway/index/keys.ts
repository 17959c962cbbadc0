import type { Hex } from "../core/bytes.ts";
import { idOf, type Words } from "../core/recording.ts";
import type { Role } from "../core/operations.ts";
import type { Sql } from "../store/schema.ts";
import { enrolmentOf } from "../store/people.ts";
import { highestSeen } from "../store/views.ts";
import type { ChainView } from "./chain-view.ts";
import { directoryOf, partyOf, rolesOf } from "./people.ts";

/** What its owner's app wants to know of a key: whose it is, what it may do, and the next number to use. Seconds. */
export type KeyEntry = {
  readonly keyId: Hex;
  readonly state: "unknown" | "pending" | "enrolled";
  readonly party: Hex | null;
  readonly partyUri: string | null;
  readonly name: Words | null;
  readonly roles: readonly Role[];
  readonly from: number;
  readonly until: number;
  readonly next: number;
};

/** A key by what the chain says of it, else by the code that it came with. */
export async function keyEntry(sql: Sql, chain: ChainView, keyId: Hex): Promise<KeyEntry> {
  const [state] = await chain.keys([keyId]);
  const next = Math.max(state?.number ?? 0, await highestSeen(sql, keyId)) + 1;
  if (state !== undefined && state.until !== 0) {
    const { party, roles, from, until } = state;
    const person = (await directoryOf(sql)).get(party);
    const [partyUri, name] = [person?.uri ?? null, person?.name ?? null];
    return {
      keyId,
      state: "enrolled",
      party,
      partyUri,
      name,
      roles: rolesOf(roles),
      from,
      until,
      next,
    };
  }
  const pending = await enrolmentOf(sql, keyId);
  const none = { keyId, from: 0, until: 0, next };
  if (pending === undefined)
    return { ...none, state: "unknown", party: null, partyUri: null, name: null, roles: [] };
  const { uri, name } = partyOf(pending.code.subject);
  const roles = rolesOf(pending.code.roles);
  return { ...none, state: "pending", party: idOf(uri), partyUri: uri, name, roles };
}
