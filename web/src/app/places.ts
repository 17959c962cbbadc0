import type { Place } from "../../../gateway/core/recording.ts";
import { useAnswer } from "./kept.ts";
import type { Session } from "./session.ts";

/** Where the party itself is: the place of everything that happens in its own house. */
export const partyPlace = ({ party }: Session): Place => ({ uri: party.uri, name: party.name });

/** The places that sensors watch. */
export const usePlaces = (): readonly Place[] =>
  useAnswer<readonly Place[]>("/api/places").value ?? [];
