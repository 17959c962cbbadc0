/** Seconds since 1970 as ISO 8601 (UTC). What lies behind all calendars, as a stranger may write it, is the last second of theirs. */
export const isoOf = (seconds: number): string =>
  new Date(Math.min(seconds, 253_402_300_799) * 1000).toISOString();

/** Their day: `YYYY-MM-DD`. */
export const dayOf = (seconds: number): string => isoOf(seconds).slice(0, 10);

/** Their minute: `YYYY-MM-DDTHH:MMZ`. */
export const minuteOf = (seconds: number): string => `${isoOf(seconds).slice(0, 16)}Z`;
