/** Whether a line about this is due. */
export type Telling = (about: string) => boolean;

const PAUSE = 5 * 60_000; // ms
const MOST = 1_000; // strangers choose their names, and must not fill the memory

/** A log that says the same every second hides the rest: it hears of each matter once in five minutes. `now`: ms. */
export function telling(now: () => number): Telling {
  const told = new Map<string, number>();
  return (about) => {
    const at = now();
    const last = told.get(about);
    if (last !== undefined && Math.abs(at - last) < PAUSE) return false;
    told.delete(about); // the newest is the last in the map
    const [oldest] = told.keys();
    if (told.size >= MOST && oldest !== undefined) told.delete(oldest);
    told.set(about, at);
    return true;
  };
}
