/** By how much this device's clock runs ahead of the gateway's, in ms; a chain takes no time that is still to come. */
let ahead = 0;
/** A gateway that is behind by more has lost its clock itself: nothing is dated years back on its word. */
const MOST_AHEAD = 86_400_000;

/** Learns from the `Date` of an answer (RFC 9110, 6.6.1). */
export function heardDate(date: string | null): void {
  const theirs = Date.parse(date ?? "");
  if (Number.isFinite(theirs))
    ahead = Math.min(MOST_AHEAD, Math.max(0, Date.now() - theirs - 1000));
}

const SLACK = 5; // seconds: blocks may be as much older than the gateway's clock

/** When something is done: now, in seconds, never ahead of the gateway as far as it was heard. */
export const nowSeconds = (): number => Math.floor((Date.now() - ahead) / 1000) - SLACK;

const VIETNAM = 7 * 3_600_000;

/** The day in Viet Nam as yyyy-mm-dd; `time` in ms. */
export const dayOf = (time: number): string => new Date(time + VIETNAM).toISOString().slice(0, 10);

/** A time on a day of Viet Nam (yyyy-mm-dd), in seconds: now, where it is today; noon of another day. NaN where it is no day. */
export const secondsOn = (day: string): number =>
  day === dayOf(Date.now()) ? nowSeconds() : startOfDay(day) + 43_200;

/** Midnight in Viet Nam at the start of a day (yyyy-mm-dd), in seconds. */
export const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00+07:00`) / 1000;
