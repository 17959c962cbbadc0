import { TraceError } from "./trace-error.ts";

const FORM =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * Milliseconds since 1970 of a date-time with its offset (RFC 3339, 5.6), rounded half up at the fourth
 * decimal as CBV 2.0, 8.9 wants it. Throws BAD_ENCODING, also for a day or an hour that there is not.
 */
export function parseTimestamp(text: string): number {
  const found = FORM.exec(text);
  if (found === null) throw notATime(text);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map(Number);
  const [fraction = "", sign, ahead = "0", minutes = "0"] = found.slice(7);
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  const offset = Number(ahead) * 60 + Number(minutes);
  const exists =
    month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (!exists || year < 1 || hour > 23 || minute > 59 || second > 59) throw notATime(text);
  if (Number(ahead) > 23 || Number(minutes) > 59) throw notATime(text);
  const millis =
    Number(fraction.slice(0, 3).padEnd(3, "0")) + (Number(fraction.charAt(3)) >= 5 ? 1 : 0);
  return local + millis - (sign === "-" ? -offset : offset) * 60_000;
}

/** `2026-03-01T07:30:00.000Z`: the one text of a time in milliseconds since 1970. */
export const timestampText = (time: number): string => new Date(time).toISOString();

const notATime = (text: string): TraceError =>
  new TraceError("BAD_ENCODING", `"${text.slice(0, 60)}" is not a date-time with its offset`);
