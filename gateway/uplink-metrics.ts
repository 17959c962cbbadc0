import { Counter, type Metric } from "prom-client";

import type { TraceErrorCode } from "./core/trace-error.ts";

/** Counts what becomes of network servers' messages, for somebody's registry. */
export type UplinkCounts = {
  readonly taken: (server: string, fate: string, lost: number) => void;

  /** How many of this kind there were. */
  readonly refused: (server: string, code: TraceErrorCode) => number;
  readonly metrics: readonly Metric[];
};

const registers: [] = [];

export function uplinkCounts(): UplinkCounts {
  const uplinks = new Counter({
    name: "plotline_uplinks_total",
    help: "Messages of network servers that became a pack (new), came again (duplicate) or held no reading (empty)",
    labelNames: ["server", "fate"],
    registers,
  });
  const lost = new Counter({
    name: "plotline_uplinks_lost_total",
    help: "Messages that are known to be missing, by the devices' counters",
    labelNames: ["server"],
    registers,
  });
  const refused = new Counter({
    name: "plotline_uplinks_refused_total",
    help: "Messages of network servers that were turned down for good, by reason",
    labelNames: ["server", "code"],
    registers,
  });
  const times = new Map<string, number>();
  return {
    taken: (server, fate, missing) => {
      uplinks.inc({ server, fate });
      lost.inc({ server }, missing);
    },
    refused: (server, code) => {
      refused.inc({ server, code });
      const count = (times.get(`${server} ${code}`) ?? 0) + 1;
      times.set(`${server} ${code}`, count);
      return count;
    },
    metrics: [uplinks, lost, refused],
  };
}
