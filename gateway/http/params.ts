import { fromHex, type Hex } from "../core/bytes.ts";
import { parseTimestamp } from "../core/timestamp.ts";
import { TraceError } from "../core/trace-error.ts";

/** A 32-byte id out of a path, with or without its 0x. Throws BAD_ENCODING. */
export function idParam(text: string | undefined): Hex {
  const id = text?.startsWith("0x") === false ? `0x${text}` : (text ?? "");
  fromHex(id, 32);
  return id as Hex;
}

/** A time in ms out of a query: a date-time with its offset, or milliseconds since 1970. Throws BAD_ENCODING. */
export function timeParam(value: unknown, fallback: number): number {
  if (value === undefined || value === "") return fallback;
  const text = String(value);
  const time = /^\d+$/.test(text) ? Number(text) : parseTimestamp(text);
  if (!Number.isSafeInteger(time))
    throw new TraceError("BAD_ENCODING", `"${text.slice(0, 40)}" is not a time`);
  return time;
}
