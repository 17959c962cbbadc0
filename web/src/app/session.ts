import { useCallback, useEffect, useState } from "preact/hooks";

import type { Hex } from "../../../gateway/core/bytes.ts";
import type { Words } from "../../../gateway/core/recording.ts";
import { ask, type DeploymentInfo, type KeyInfo } from "./api.ts";
import type { StoredKey } from "./database.ts";
import { keep, kept } from "./kept.ts";
import { storedKey, usedUpTo } from "./keys.ts";
import { PEOPLE, type Person } from "./roles.ts";

/** Somebody in whose name things are recorded. */
export type Party = { readonly id: Hex; readonly uri: string; readonly name: Words };

/** Somebody who may sign on this device. */
export type Session = {
  readonly person: Person;
  readonly key: StoredKey;
  readonly deployment: DeploymentInfo;
  /** In whose name. */
  readonly party: Party;
  /** Whose key it is, where that is another party, which `party` allowed to record for it. */
  readonly agent?: Party;
};

/** The same person, recording in the name of `party`. */
export const inNameOf = (session: Session, party: Party): Session => ({
  ...session,
  party,
  agent: session.agent ?? session.party,
});

export type Standing =
  | { readonly state: "starting" }
  | { readonly state: "new" } // no key here, or no code handed in with it
  | { readonly state: "waiting"; readonly key: StoredKey } // for the cooperative
  | { readonly state: "other-role"; readonly info: KeyInfo } // enrolled, but not for this page
  | { readonly state: "ready"; readonly session: Session };

/** How the person of this page stands, from the last time first; asked again while a cooperative may approve. */
export function useStanding(person: Person): { standing: Standing; look: () => void } {
  const [standing, setStanding] = useState<Standing>({ state: "starting" });
  const [turn, setTurn] = useState(0);
  const look = useCallback(() => setTurn((turn) => turn + 1), []);
  useEffect(() => {
    let wanted = true;
    void standingOf(person, (standing) => wanted && setStanding(standing));
    return () => {
      wanted = false;
    };
  }, [person, turn]);
  useEffect(() => {
    if (standing.state !== "waiting") return undefined;
    const timer = setInterval(look, 2000);
    return () => clearInterval(timer);
  }, [standing.state, look]);
  return { standing, look };
}

type Facts = { readonly info: KeyInfo; readonly deployment: DeploymentInfo };

async function standingOf(person: Person, show: (standing: Standing) => void): Promise<void> {
  const key = await storedKey(person);
  if (key === undefined) return show({ state: "new" });
  const name = `facts of ${key.keyId}`;
  const old = await kept<Facts>(name);
  if (old !== undefined) show(judge(person, key, old));
  try {
    const [info, deployment] = await Promise.all([
      ask<KeyInfo>(`/api/keys/${key.keyId}`),
      ask<DeploymentInfo>("/api/deployment"),
    ]);
    await keep(name, { info, deployment } satisfies Facts);
    await usedUpTo(person, info.next - 1);
    show(judge(person, key, { info, deployment }));
  } catch {
    // Without a network what was known last stands; who never had an answer is told to wait.
    if (old === undefined) show(key.asked ? { state: "waiting", key } : { state: "new" });
  }
}

function judge(person: Person, key: StoredKey, { info, deployment }: Facts): Standing {
  if (info.state === "pending") return { state: "waiting", key };
  const { party, partyUri, roles } = info;
  if (info.state !== "enrolled" || party === null || partyUri === null) return { state: "new" };
  if (!roles.includes(PEOPLE[person].role)) return { state: "other-role", info };
  const name = info.name ?? { vi: partyUri, en: partyUri };
  return {
    state: "ready",
    session: { person, key, deployment, party: { id: party, uri: partyUri, name } },
  };
}
