import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";

import express from "express";

import { openAssets, type Assets } from "../../../../gateway/http/assets.ts";
import { securityHeaders } from "../../../../gateway/http/headers.ts";
import { pagesRouter } from "../../../../gateway/http/pages/router.ts";
import type { Outcome } from "../../../../gateway/core/verify/report.ts";
import { LOTS, sampleBundle, START, type Twist } from "../../sample-trail.ts";

/** The path of the sample's bags, behind the code on each. */
export const BAGS = new URL(LOTS.bags).pathname;

/** What the gateway knows of the sample, besides its records. */
export type Served = {
  readonly twist?: Twist;
  readonly outcome?: Outcome;
  readonly waiting?: number;
};

// Read once: compressing what was built takes a quarter of a second.
let assets: Assets | undefined;

/** The pages over a sample trail, on a port of their own. There is no chain behind them. */
export async function serveSample({ twist = "pure", outcome = "holds", waiting = 0 }: Served = {}) {
  const bundle = await sampleBundle(twist);
  assets ??= openAssets(resolve(import.meta.dirname, "../../../../web/dist"));
  const rpcUrls = ["http://127.0.0.1:9/"]; // the discard port: nobody answers
  const time = START + 30 * 86_400;
  const app = express().set("query parser", "simple");
  app.use([...securityHeaders({ rpcUrls, https: false })], assets.router);
  app.get("/bundle/01/:gtin/10/:lot", (_request, response) => void response.json(bundle));
  app.use(
    pagesRouter({
      assets,
      rpcUrls,
      deployment: bundle.deployment,
      log: bundle.log,
      now: () => time * 1000,
      origin: "https://trace.example",
      trailOf: async (uri) => {
        if (uri === LOTS.kernels) return { waiting: 1, outcome: "unchecked", time };
        return uri === LOTS.bags ? { bundle, waiting, outcome, time } : undefined;
      },
    }),
  );
  const server = await new Promise<Server>((done) => {
    const listening = app.listen(0, "127.0.0.1", () => done(listening));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((done) => void server.close(done)),
  };
}
