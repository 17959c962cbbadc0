/** What few trails need, those with readings or sealed fields: one piece, which a reader's phone loads when it judges such a trail. */
export { anchorsOf } from "./chain-events.ts";
export { judgeDisclosures } from "./verify/disclosures.ts";
export { judgeReadings } from "./verify/readings.ts";
