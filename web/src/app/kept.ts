import { useCallback, useEffect, useState } from "preact/hooks";

import { ask, Refused } from "./api.ts";
import { database } from "./database.ts";

export async function kept<T>(name: string): Promise<T | undefined> {
  return (await (await database()).get("kept", name))?.value as T | undefined;
}

export const keep = async (name: string, value: unknown): Promise<unknown> =>
  (await database()).put("kept", { name, value, at: Date.now() });

/** What a page knows of an answer: perhaps an old one, perhaps none yet. */
export type Known<T> = {
  readonly value: T | undefined;
  readonly at: number | undefined; // ms, when it was read
  readonly failure: unknown;
  readonly refresh: () => void;
};

/** The gateway's answer for `path`, the one from last time until it comes; null asks for nothing. */
export function useAnswer<T>(path: string | null): Known<T> {
  const [known, setKnown] = useState<Omit<Known<T>, "refresh"> & { readonly path: string | null }>({
    path,
    ...NOTHING_YET,
  });
  const [turn, setTurn] = useState(0);
  const refresh = useCallback(() => setTurn((turn) => turn + 1), []);
  useEffect(() => {
    if (path === null) return undefined;
    let wanted = true;
    const show = (value: Omit<Known<T>, "refresh">) => wanted && setKnown({ path, ...value });
    void readAnswer<T>(path, show);
    return () => {
      wanted = false;
    };
  }, [path, turn]);
  useEffect(() => {
    const again = () => document.visibilityState === "visible" && refresh();
    window.addEventListener("online", again);
    document.addEventListener("visibilitychange", again);
    window.addEventListener(CHANGED, again);
    return () => {
      window.removeEventListener("online", again);
      document.removeEventListener("visibilitychange", again);
      window.removeEventListener(CHANGED, again);
    };
  }, [refresh]);
  return { ...(known.path === path ? known : NOTHING_YET), refresh };
}

/** Tells all pages that the gateway knows more now than when it was last asked. */
export const announceChange = (): boolean => window.dispatchEvent(new Event(CHANGED));

const CHANGED = "plotline-changed";
const NOTHING_YET = { value: undefined, at: undefined, failure: undefined } as const;

async function readAnswer<T>(
  path: string,
  show: (known: Omit<Known<T>, "refresh">) => void,
): Promise<void> {
  const old = await (await database()).get("kept", path);
  const before = { value: old?.value as T | undefined, at: old?.at };
  if (old !== undefined) show({ ...before, failure: undefined });
  try {
    const value = await ask<T>(path);
    show({ value, at: Date.now(), failure: undefined });
    await keep(path, value);
  } catch (failure) {
    const gone = failure instanceof Refused && !failure.passing;
    show({ ...(gone ? NOTHING_YET : before), failure });
  }
}
