import { Counter, Gauge, Histogram, type Metric } from "prom-client";

import { PackRefusal, type PackIntake } from "./capture-pack.ts";
import { packsPending } from "./store/packs.ts";
import type { Sql } from "./store/schema.ts";

/** An intake whose outcomes are counted, and what counts them, for somebody's registry. */
export type MeasuredIntake = {
  readonly intake: PackIntake;
  readonly metrics: readonly Metric[];
};

const registers: [] = [];

/** Counts what becomes of packs, and how long their devices wait for it. */
export function measured(intake: PackIntake, db: Sql): MeasuredIntake {
  const packs = new Counter({
    name: "plotline_packs_total",
    help: "Packs that were stored (new) or known already (duplicate)",
    labelNames: ["fate"],
    registers,
  });
  const refused = new Counter({
    name: "plotline_packs_refused_total",
    help: "Packs that were turned down for good, by reason",
    labelNames: ["code"],
    registers,
  });
  const failed = new Counter({
    name: "plotline_packs_failed_total",
    help: "Packs that could not be judged or stored and have to come again",
    registers,
  });
  const seconds = new Histogram({
    name: "plotline_pack_seconds",
    help: "From a pack's arrival until it is durable or refused",
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
    registers,
  });
  const waiting: Gauge = new Gauge({
    name: "plotline_packs_waiting",
    help: "Packs that are not yet durable",
    registers,
    collect: () => {
      waiting.set(intake.waiting());
    },
  });
  const unsequenced: Gauge = new Gauge({
    name: "plotline_packs_unsequenced",
    help: "Durable packs that no checkpoint covers yet",
    registers,
    collect: async () => {
      // Without the store nobody knows, and the other figures are wanted all the more.
      const pending = await packsPending(db).catch(() => undefined);
      if (pending === undefined) unsequenced.remove();
      else unsequenced.set(pending.count);
    },
  });
  return {
    metrics: [packs, refused, failed, seconds, waiting, unsequenced],
    intake: {
      ...intake,
      capture: async (device, bytes) => {
        const stop = seconds.startTimer();
        try {
          const captured = await intake.capture(device, bytes);
          packs.inc({ fate: captured.fate });
          return captured;
        } catch (failure) {
          if (failure instanceof PackRefusal) refused.inc({ code: failure.code });
          else failed.inc();
          throw failure;
        } finally {
          stop();
        }
      },
    },
  };
}
