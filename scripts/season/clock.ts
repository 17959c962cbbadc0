/** A clock that the season drives and that joins the wall's when the season is over. Milliseconds since 1970. */
export type SeasonClock = {
  readonly now: () => number;
  readonly advanceTo: (time: number) => void;
  readonly join: () => void;
};

/** Starts at `start` (ms) and stands still until it is told; it never goes back. `wall` is the machine's clock. */
export function seasonClock(start: number, wall: () => number): SeasonClock {
  let [time, offset] = [start, Number.NaN];
  const now = (): number => (Number.isNaN(offset) ? time : wall() + offset);
  return {
    now,
    advanceTo: (next) => (time = Math.max(time, next)),
    // A machine whose clock is behind the season's goes on from the season's end.
    join: () => (offset = Math.max(0, time - wall())),
  };
}
