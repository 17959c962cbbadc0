import { toHex, type Hex } from "../../gateway/core/bytes.ts";
import { parsePack, type Reading } from "../../gateway/core/envelope.ts";
import { sha256 } from "../../gateway/core/hash.ts";
import type { Refusal } from "../../gateway/core/refusal.ts";
import { REFUSED } from "../../gateway/core/verify/series.ts";
import type { Unsent } from "./outbox.ts";

/**
 * What a device says under the number of a pack that the log refused, or nothing where it does not agree. The log's word alone
 * is not enough: whoever has the log's key could have every reading that he dislikes taken back. So the device answers only
 * about a clock that ran ahead, of what it did sign, and only where its own clock, set right by now, says so too.
 * It takes no reading back: all stand again, moved together so that the last is now, behind a record that says what is replaced.
 */
export function correctionOf(
  { bytes }: Unsent,
  { device, content, code }: Refusal,
  { keyId, now }: { readonly keyId: Hex; readonly now: number },
): readonly Reading[] | undefined {
  const { signed, records } = parsePack(bytes);
  const ahead = Math.max(...records.map(({ time }) => time)) - now;
  if (device !== keyId || code !== "CLOCK" || ahead <= 0) return undefined;
  if (toHex(sha256(signed)) !== content) return undefined;
  return [
    { name: REFUSED, value: `${code} ${content}`, time: now },
    ...records.map((reading) => ({ ...reading, time: reading.time - ahead })),
  ];
}
