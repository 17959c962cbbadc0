import type { Hex } from "../../../gateway/core/bytes.ts";
import type { Words } from "../../../gateway/core/recording.ts";
import { nowSeconds } from "./clock.ts";
import { useAnswer } from "./kept.ts";
import { nameOf } from "./parts/lots.tsx";
import type { Party, Session } from "./session.ts";

type Allowed = {
  readonly party: Hex;
  readonly uri: string | null;
  readonly name: Words | null;
  readonly until: number; // seconds
};
type Answer = { readonly agents: readonly Allowed[]; readonly principals: readonly Allowed[] };

export type Permission = Party & { readonly until: number };

/** Who may record for this device's own party now, and for whom it may; undefined until that is known. */
export function useAgents(session: Session) {
  const own = session.agent ?? session.party;
  const { value, failure } = useAnswer<Answer>(`/api/parties/${own.id}/agents`);
  const open = (all: readonly Allowed[] = []): readonly Permission[] =>
    all.flatMap(({ party: id, uri, name, until }) =>
      uri === null || until <= nowSeconds()
        ? []
        : [{ id, uri, name: nameOf({ party: id, name }), until }],
    );
  return {
    agents: open(value?.agents),
    principals: open(value?.principals),
    known: value !== undefined,
    failure,
  };
}
