import express, { type Express, type RequestHandler, type Router } from "express";
import type { Logger } from "pino";
import { Counter, Histogram, type Registry } from "prom-client";

import type { NamesOf } from "../index/names.ts";
import type { Store } from "../store/open.ts";
import { answerFailure, nothingHere } from "./failures.ts";
import { securityHeaders, type HeaderOptions } from "./headers.ts";

/** The frame around the routers: headers, measuring, and one shape for every failure. */
export type AppOptions = HeaderOptions & {
  readonly routers: readonly Router[];
  readonly registry: Registry;
  readonly log: Logger;
  readonly namesOf: NamesOf;
  readonly store: Pick<Store, "ping">;
  /** How many proxies of ours stand before us, so that `request.ip` is the client's. */
  readonly proxies: number;
};

/** The gateway's express application. */
export function createApp({
  routers,
  registry,
  log,
  namesOf,
  store,
  proxies,
  ...headers
}: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", proxies);
  app.set("query parser", "simple");
  app.use(measure(registry, log), ...securityHeaders(headers), ...routers, nothingHere);
  const refusals = new Counter({
    name: "plotline_http_refusals_total",
    help: "Requests that were refused, by reason",
    labelNames: ["code"],
    registers: [registry],
  });
  app.use(answerFailure({ log, namesOf, store, count: (code) => refusals.inc({ code }) }));
  return app;
}

/** Times each request by its route's pattern: paths hold lot numbers, of which there is no end. */
function measure(registry: Registry, log: Logger): RequestHandler {
  const seconds = new Histogram({
    name: "plotline_http_request_seconds",
    help: "Time to answer a request",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.02, 0.05, 0.2, 1, 5],
    registers: [registry],
  });
  return (request, response, next) => {
    const stop = seconds.startTimer();
    response.once("finish", () => {
      const route = (request.route as { path?: unknown } | undefined)?.path;
      const labels = {
        method: request.method,
        route: typeof route === "string" ? route : "none",
        status: response.statusCode,
      };
      const took = stop(labels);
      log.debug({ ...labels, path: request.path, ms: Math.round(took * 1000) }, "answered");
    });
    next();
  };
}
