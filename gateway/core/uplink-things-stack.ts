import { TraceError } from "./trace-error.ts";
import {
  countAt,
  memberAt,
  parseObject,
  readingsIn,
  textAt,
  timeOf,
  type Measures,
  type Uplink,
} from "./uplink.ts";

/**
 * An uplink message of The Things Stack v3 in JSON (`ApplicationUp`), with what its payload formatter decoded. The time is when the
 * network server had it. Throws BAD_EVENT, NOT_ALLOWED (made in the console, not by a device), BAD_ENCODING, CLOCK, TOO_LARGE.
 */
export function parseThingsStackUplink(bytes: Uint8Array, measures: Measures): Uplink {
  const up = parseObject(bytes);
  if (memberAt(up, "simulated") === true)
    throw new TraceError("NOT_ALLOWED", "somebody made this message by hand; no device sent it");
  const message = memberAt(up, "uplink_message");
  if (message === undefined) throw new TraceError("BAD_EVENT", "there is no uplink_message");
  const session = textAt(message, "session_key_id");
  const value = countAt(message, "f_cnt");
  const time = timeOf(textAt(message, "received_at"), "uplink_message.received_at");
  return {
    device: textAt(up, "end_device_ids.device_id"),
    // Keys of a session never serve for a count twice; correlation ids change on the way.
    id: `${session}/${value}`,
    readings: readingsIn(memberAt(message, "decoded_payload"), measures, time),
    counter: { series: session, value },
  };
}
