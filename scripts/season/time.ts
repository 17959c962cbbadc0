/** The season begins on 2 February 2026, 00:00 in Binh Phuoc (UTC+7). Seconds since 1970. */
export const START = Date.UTC(2026, 1, 1, 17) / 1000;

/** Seconds since 1970 of an hour on a day of the season; its first day is 1. */
export const on = (day: number, hour: number, minute = 0): number =>
  START + (day - 1) * 86_400 + hour * 3_600 + minute * 60;
