import { Gauge, type Registry } from "prom-client";

import type { ProbeParts } from "./probes.ts";
import { countStatements, oldestUnsettled } from "../store/statements.ts";
import type { Sql } from "../store/schema.ts";

export type MeasureParts = Pick<ProbeParts, "anchor" | "connected" | "relayer"> & {
  readonly sql: Sql;
  readonly now: () => number; // ms
};

/** Without labels, `reset` would leave a nought, which says that all is well. */
const leaveOut = (gauge: Gauge, labelNames: readonly string[]): void =>
  labelNames.length === 0 ? gauge.remove() : gauge.reset();

/** What an operator's graphs want to know, asked when they ask. What cannot be asked is left out, and the rest is told. */
export function measure({ sql, now, ...parts }: MeasureParts, registry: Registry): void {
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    collect: (gauge: Gauge<Label>) => Promise<void>,
  ): void => {
    const made: Gauge<Label> = new Gauge({
      name: `plotline_${name}`,
      help,
      labelNames,
      registers: [registry],
      collect: async () => {
        made.reset();
        await collect(made).catch(() => leaveOut(made, labelNames));
      },
    });
  };
  gauge("statements", "Statements by what became of them", ["state"], async (statements) => {
    const sums = { stored: 0, sent: 0, confirmed: 0, refused: 0 };
    for (const { state, count } of await countStatements(sql)) sums[state] += Number(count);
    for (const [state, sum] of Object.entries(sums)) statements.set({ state }, sum);
  });
  gauge(
    "outbox_age_seconds",
    "Age of the oldest statement that the chain has neither taken nor refused",
    [],
    async (age) => {
      const since = await oldestUnsettled(sql);
      age.set(since === null ? 0 : Math.max(0, (now() - since) / 1_000));
    },
  );
  gauge(
    "log_entries",
    "Entries of the log: signed for, and anchored on the chain",
    ["which"],
    async (log) => {
      const { size, anchored } = await parts.anchor();
      log.set({ which: "signed" }, size);
      log.set({ which: "anchored" }, anchored);
    },
  );
  gauge(
    "anchor_lag_seconds",
    "Age of the oldest checkpoint that the chain does not have",
    [],
    async (lag) => {
      // While the chain does not answer, what it last said grows old.
      const { lagSeconds } = await parts.anchor().catch(async () => {
        const { anchorLagSeconds } = await parts.relayer();
        return { lagSeconds: anchorLagSeconds };
      });
      lag.set(lagSeconds);
    },
  );
  gauge("relayer_state", "1 for the state that the relayer is in", ["state"], async (relayer) =>
    relayer.set({ state: (await parts.relayer()).state }, 1),
  );
  gauge("broker_connected", "Whether readings can reach us over MQTT", [], async (broker) =>
    broker.set(parts.connected() ? 1 : 0),
  );
}
