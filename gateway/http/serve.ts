import type { Logger } from "pino";
import { collectDefaultMetrics, Registry, type Metric } from "prom-client";

import type { Config } from "../config.ts";
import type { Deployment } from "../core/operations.ts";
import type { Founding } from "../founding.ts";
import type { ChainView } from "../index/chain-view.ts";
import { namesIn } from "../index/names.ts";
import type { StatementParts } from "../capture-statement.ts";
import type { JudgedTrails } from "../judged-trails.ts";
import type { LogSigner } from "../log-signer.ts";
import type { Store } from "../store/open.ts";
import type { Trails } from "../trail-cache.ts";
import { createApp } from "./app.ts";
import type { Assets } from "./assets.ts";
import { bundleRouter } from "./bundle.ts";
import { deploymentRouter, logOf } from "./deployment.ts";
import { enrolmentsRouter } from "./enrolments.ts";
import { foundersRouter } from "./founders.ts";
import { healthRouter } from "./health.ts";
import { listen, type Listening } from "./listen.ts";
import { logRouter } from "./log.ts";
import { measure } from "./measures.ts";
import { openingsRouter } from "./openings.ts";
import { anchorOf, overviewRouter } from "./overview.ts";
import { pagesRouter } from "./pages/router.ts";
import { placesRouter } from "./places.ts";
import { probesOf, type ProbeParts } from "./probes.ts";
import { readingsRouter, type ReadingsParts } from "./readings.ts";
import { recorderRouter } from "./recorder.ts";
import { statementsRouter } from "./statements.ts";
import { viewsRouter } from "./views.ts";

/** All that the HTTP doors stand on. */
export type ServeParts = Pick<StatementParts, "preview" | "wake"> &
  Pick<ReadingsParts, "intake" | "learn"> &
  Pick<ProbeParts, "brokerTrouble" | "connected" | "relayer" | "survey" | "trouble"> & {
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
    /** What other parts count. */
    readonly metrics: readonly Metric[];
  };

/** Opens every HTTP door of the gateway. */
export function serve(parts: ServeParts): Promise<Listening> {
  const { config, store, chain, deployment, signer, assets, now, log, rpcUrls, found } = parts;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const views = { sql: store.db, chain, now, logId: signer.id };
  const probing = { ...parts, block: chain.block, anchor: () => anchorOf(views) };
  measure({ ...probing, sql: store.db }, registry);
  for (const metric of parts.metrics) registry.registerMetric(metric);
  const { host, proxies, statementsPerMinute: perMinute } = config;
  const app = createApp({
    registry,
    log,
    namesOf: namesIn(store.db),
    store,
    proxies,
    rpcUrls,
    https: parts.url.startsWith("https:"),
    routers: [
      healthRouter(probesOf(probing), registry),
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
      placesRouter(views),
      overviewRouter(views),
      pagesRouter({ ...parts, log: logOf(signer), origin: parts.url, contact: config.contact }),
    ],
  });
  return listen(app, { host, port: parts.port });
}
