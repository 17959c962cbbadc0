import type { Logger } from "pino";
import { collectDefaultMetrics, Gauge, Registry, type Metric } from "prom-client";

import type { Config } from "../config.ts";
import type { Deployment } from "../core/operations.ts";
import type { Founding } from "../founding.ts";
import type { ChainView } from "../index/chain-view.ts";
import { namesIn } from "../index/names.ts";
import type { StatementParts } from "../capture-statement.ts";
import type { JudgedTrails } from "../judged-trails.ts";
import type { LogSigner } from "../log-signer.ts";
import type { Store } from "../store/open.ts";
import { countStatements } from "../store/statements.ts";
import type { Trails } from "../trail-cache.ts";
import { createApp } from "./app.ts";
import type { Assets } from "./assets.ts";
import { bundleRouter } from "./bundle.ts";
import { deploymentRouter } from "./deployment.ts";
import { enrolmentsRouter } from "./enrolments.ts";
import { foundersRouter } from "./founders.ts";
import { healthRouter } from "./health.ts";
import { listen, type Listening } from "./listen.ts";
import { logRouter } from "./log.ts";
import { openingsRouter } from "./openings.ts";
import { anchorOf, overviewRouter } from "./overview.ts";
import { pagesRouter } from "./pages/router.ts";
import { placesRouter } from "./places.ts";
import { readingsRouter, type ReadingsParts } from "./readings.ts";
import { recorderRouter } from "./recorder.ts";
import { statementsRouter } from "./statements.ts";
import { viewsRouter } from "./views.ts";

/** All that the HTTP doors stand on. */
export type ServeParts = Pick<StatementParts, "preview" | "wake"> &
  Pick<ReadingsParts, "intake" | "learn"> & {
    readonly config: Config;
    readonly store: Store;
    readonly chain: ChainView;
    readonly deployment: Deployment;
    readonly signer: LogSigner;
    readonly trails: Trails;
    readonly trailOf: JudgedTrails;
    readonly assets: Assets;
    readonly now: () => number;
    readonly log: Logger;
    readonly port: number;
    readonly url: string;
    readonly rpcUrls: readonly string[];
    readonly found: ((founding: Founding) => Promise<void>) | undefined;
    /** Whether readings can reach us. */
    readonly connected: () => boolean;
    /** What other parts count. */
    readonly metrics: readonly Metric[];
    /** Why the log cannot grow at the moment. */
    readonly trouble: () => Error | undefined;
  };

/** Opens every HTTP door of the gateway. */
export function serve(parts: ServeParts): Promise<Listening> {
  const { config, store, chain, deployment, signer, assets, now, log, rpcUrls, found } = parts;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  measure(parts, registry);
  for (const metric of parts.metrics) registry.registerMetric(metric);
  const { host, proxies, statementsPerMinute: perMinute } = config;
  const views = { sql: store.db, chain, now, logId: signer.id };
  const app = createApp({
    registry,
    log,
    namesOf: namesIn(store.db),
    proxies,
    rpcUrls,
    https: parts.url.startsWith("https:"),
    routers: [
      healthRouter(probesOf(parts), registry),
      assets.router,
      recorderRouter(assets),
      logRouter(store.db),
      bundleRouter(parts.trails),
      deploymentRouter({ deployment, rpcUrls, signer }),
      statementsRouter({ ...parts, perMinute }),
      readingsRouter({ ...parts, db: store.db }),
      enrolmentsRouter({ store, chain, now, ...(found && { found }) }),
      foundersRouter(store, chain),
      openingsRouter({ store, chain, now }),
      viewsRouter(store.db, chain),
      placesRouter(store.db, now),
      overviewRouter(views),
      pagesRouter({ ...parts, origin: parts.url, contact: config.contact }),
    ],
  });
  return listen(app, { host, port: parts.port });
}

const probesOf = ({ store, chain, signer, now, trouble, connected }: ServeParts) => ({
  store: async () => store.ping().then(() => ({})),
  chain: async () => ({ ...(await chain.block()) }),
  broker: async () => {
    if (!connected()) throw new Error("readings cannot reach us: the broker is away");
    return {};
  },
  log: async () => {
    const why = trouble();
    if (why !== undefined) throw why;
    return anchorOf({ sql: store.db, chain, now, logId: signer.id });
  },
});

/** What an operator's graphs want to know, asked when they ask. */
function measure({ store, chain, signer, now }: ServeParts, registry: Registry): void {
  const statements = new Gauge({
    name: "plotline_statements",
    help: "Statements by what became of them",
    labelNames: ["state"],
    registers: [registry],
    collect: async () => {
      const sums = { stored: 0, sent: 0, confirmed: 0, refused: 0 };
      for (const { state, count } of await countStatements(store.db)) sums[state] += Number(count);
      for (const [state, sum] of Object.entries(sums)) statements.set({ state }, sum);
    },
  });
  const log = new Gauge({
    name: "plotline_log_entries",
    help: "Entries of the log: signed for, and anchored on the chain",
    labelNames: ["which"],
    registers: [registry],
  });
  const lag = new Gauge({
    name: "plotline_anchor_lag_seconds",
    help: "Age of the oldest checkpoint that the chain does not have",
    registers: [registry],
    collect: async () => {
      const anchor = await anchorOf({ sql: store.db, chain, now, logId: signer.id });
      lag.set(anchor.lagSeconds);
      log.set({ which: "signed" }, anchor.size);
      log.set({ which: "anchored" }, anchor.anchored);
    },
  });
}
