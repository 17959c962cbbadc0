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
 * An uplink event of ChirpStack v4 in JSON (`integration.UplinkEvent`), with the object that the device profile's codec
 * decoded. Throws BAD_EVENT, BAD_ENCODING, CLOCK, TOO_LARGE.
 */
export function parseChirpStackUplink(bytes: Uint8Array, measures: Measures): Uplink {
  const event = parseObject(bytes);
  if (memberAt(event, "devEUI") !== undefined || memberAt(event, "applicationID") !== undefined)
    throw new TraceError("BAD_EVENT", "this is ChirpStack v3; version 4 is understood");
  const device = textAt(event, "deviceInfo.devEui").toLowerCase();
  const time = timeOf(textAt(event, "time"), "time");
  return {
    device,
    id: textAt(event, "deduplicationId"),
    readings: readingsIn(memberAt(event, "object"), measures, time),
    // A device that joins again has another address, and counts from 0.
    counter: { series: textAt(event, "devAddr"), value: countAt(event, "fCnt") },
  };
}
