import { Router, type NextFunction, type Request, type Response } from "express";

import { DIGITAL_LINK, lotUri, parseLotPath, type Lot } from "../../core/identifiers.ts";
import type { Log } from "../../core/bundle.ts";
import type { Deployment } from "../../core/operations.ts";
import { readingsIn } from "../../core/sensor-view.ts";
import { viewOf } from "../../core/trail-view.ts";
import type { JudgedTrails } from "../../judged-trails.ts";
import type { Assets } from "../assets.ts";
import { dossierPage } from "./dossier/dossier-page.ts";
import { scanned } from "./gs1-path.ts";
import { landingPage } from "./landing-page.ts";
import { documentOf } from "./layout.ts";
import { linkOf, linkSetOf, resolverDescription } from "./link-set.ts";
import { PROBLEM_STATUS, problemPage, type Problem } from "./problem-page.ts";
import { reportPage } from "./report-page.ts";
import { languageFor, sendPage } from "./send-page.ts";
import { trailPage } from "./trail/trail-page.ts";

/** What the pages are made of. `origin` is how readers reach us; `now` in milliseconds; `contact` is where shoppers report. */
export interface PagesParts {
  readonly trailOf: JudgedTrails;
  readonly assets: Assets;
  readonly deployment: Deployment;
  readonly log: Log;
  readonly rpcUrls: readonly string[];
  readonly origin: string;
  readonly now: () => number;
  readonly contact?: string | undefined;
}

/** A recall must be seen within a minute of being anchored, so nothing about a lot is kept for longer. */
const FRESH = 30;
const STEADY = 3600;

/** The pages that anyone may read: a lot by its GS1 Digital Link, its dossier, the start page, and helpful refusals. */
export function pagesRouter(parts: PagesParts): Router {
  const { assets, origin, rpcUrls, deployment, log } = parts;
  const proof = { origin, rpcUrls, deployment, log };
  const router = Router({ strict: true });

  router.get("/", (request, response) =>
    sendPage(request, response, landingPage(languageFor(request)), STEADY),
  );
  router.get("/find", (request, response) => {
    const [gtin, lot] = [textOf(request.query["gtin"]), textOf(request.query["lot"])];
    const path = `/01/${encodeURIComponent(gtin)}/10/${encodeURIComponent(lot)}`;
    response.redirect(303, `${path}?lang=${languageFor(request)}`);
  });
  router.get("/.well-known/gs1resolver", (_request, response) => {
    response.json(resolverDescription(origin));
  });
  router.get("/01/:gtin/10/:lot", async (request, response) => {
    const lot = judge(request, response, "");
    if (lot === undefined || answersLinks(request, response, origin, lot)) return;
    const trail = await known(parts, request, response, lot);
    if (trail === undefined) return;
    const language = languageFor(request);
    const page = trailPage({ ...trail, ...proof, language, script: assets.verify?.script });
    response.set("Link", `<${DIGITAL_LINK}${request.path}>; rel="canonical"`);
    sendPage(request, response, page, FRESH);
  });
  // A serial number is one bag of the lot: we keep records by lot (walking up, as GS1 resolvers do).
  router.get("/01/:gtin/10/:lot/21/:serial", (request, response) => {
    const { gtin, lot } = request.params;
    redirect(
      request,
      response,
      307,
      `/01/${encodeURIComponent(gtin)}/10/${encodeURIComponent(lot)}`,
    );
  });
  router.get("/01/:gtin", (request, response) => {
    const found = scanned(request.params.gtin, "0");
    const { gtin } = request.params;
    refuse(
      request,
      response,
      "wrong" in found ? { kind: "malformed", ...found, gtin } : { kind: "product", gtin },
    );
  });
  router.get("/dossier/01/:gtin/10/:lot", async (request, response) => {
    const lot = judge(request, response, "/dossier");
    if (lot === undefined) return;
    const trail = await known(parts, request, response, lot);
    if (trail === undefined) return;
    const language = languageFor(request);
    const keep = request.query["download"] !== undefined;
    if (keep && assets.file === undefined) return refuse(request, response, { kind: "nothing" });
    const kept = keep
      ? { records: JSON.stringify(trail.bundle), verifier: assets.file ?? "" }
      : undefined;
    const page = await dossierPage({
      ...trail,
      ...proof,
      language,
      kept,
      script: assets.verify?.script,
    });
    if (kept === undefined) return sendPage(request, response, page, FRESH);
    response.attachment(`plotline-${lot.gtin}-${lot.lot}.html`).set("Cache-Control", "no-store");
    response.type("html").send(documentOf(page));
  });
  router.get("/report/01/:gtin/10/:lot", async (request, response) => {
    const lot = judge(request, response, "/report");
    const trail = lot && (await known(parts, request, response, lot));
    if (trail === undefined) return;
    sendPage(request, response, reportPage(trail.view, languageFor(request), parts.contact), FRESH);
  });
  router.use((request, response, next) => {
    if (!isPerson(request)) return next();
    refuse(request, response, { kind: request.path.startsWith("/01") ? "malformed" : "nothing" });
  });
  // A path that cannot be decoded never reaches a route.
  router.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (error instanceof URIError && isPerson(request))
      refuse(request, response, { kind: "malformed" });
    else next(error);
  });
  return router;
}

/** Somebody with a browser, at an address that is not for programs. */
const isPerson = (request: Request): boolean =>
  request.method === "GET" &&
  request.accepts(["json", "html"]) === "html" &&
  !/^\/(?:api|bundle|assets|tile)\//.test(request.path);

const textOf = (value: unknown): string => (typeof value === "string" ? value.trim() : "");

/** The lot that was asked for, or nothing after answering what was wrong with the code or where it really is. */
function judge(request: Request, response: Response, prefix: string): Lot | undefined {
  const { gtin = "", lot = "" } = request.params as Record<string, string>;
  const found = scanned(gtin, lot);
  if ("wrong" in found) {
    const { wrong: why, values } = found;
    refuse(request, response, { kind: "malformed", why, values, gtin, lot });
    return undefined;
  }
  if (found.canonical) return parseLotPath(found.path);
  redirect(request, response, 308, prefix + found.path);
  return undefined;
}

/** Redirects to a path of our own, with the question that came along. */
function redirect(request: Request, response: Response, status: 307 | 308, path: string): void {
  const at = request.originalUrl.indexOf("?");
  response.redirect(status, at < 0 ? path : path + request.originalUrl.slice(at));
}

/** Whether the reader wanted a link set, or one of its links (GS1-Conformant Resolver 1.2), and has it now. */
function answersLinks(request: Request, response: Response, origin: string, lot: Lot): boolean {
  const key = Object.keys(request.query).find((name) => name.toLowerCase() === "linktype");
  const linkType = key === undefined ? "" : textOf(request.query[key]);
  const wanted = request.accepts(["html", "application/linkset+json", "application/json"]);
  response.vary("Accept");
  if (
    ["all", "linkset"].includes(linkType) ||
    (linkType === "" && wanted !== "html" && wanted !== false)
  ) {
    response.type("application/linkset+json").send(JSON.stringify(linkSetOf(origin, lot)));
    return true;
  }
  const path = linkType === "" ? undefined : linkOf(linkType, lot);
  if (path === undefined || path === request.path) return false;
  response.redirect(307, path);
  return true;
}

/** What is known of a lot, or nothing after saying so. */
async function known(parts: PagesParts, request: Request, response: Response, lot: Lot) {
  const trail = await parts.trailOf(lotUri(lot.gtin, lot.lot));
  if (trail?.bundle === undefined) {
    refuse(request, response, { kind: trail === undefined ? "unknown" : "early", ...lot });
    return undefined;
  }
  const { bundle, waiting, outcome, time } = trail;
  const view = viewOf(bundle, { readings: readingsIn(bundle), now: time });
  // A chain without new blocks must not keep a certificate alive.
  const now = Math.max(time, Math.floor(parts.now() / 1000));
  return { bundle, view, found: { outcome, waiting, now } };
}

function refuse(request: Request, response: Response, problem: Problem): void {
  response.status(PROBLEM_STATUS[problem.kind]);
  sendPage(request, response, problemPage(languageFor(request), request.path, problem), 0);
}
