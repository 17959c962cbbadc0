/** What only a trail with readings needs: one piece, which a reader's phone loads when it judges such a trail. */
export { anchorsOf } from "./chain-events.ts";
export { judgeReadings } from "./verify/readings.ts";
