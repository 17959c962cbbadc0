import { Router } from "express";

import type { Assets, Entry } from "./assets.ts";
import { encode, sendEncoded } from "./encoded.ts";

const PEOPLE: ReadonlySet<string> = new Set([
  "farmer",
  "processor",
  "certifier",
  "exporter",
  "province",
  "cooperative",
]);

/** `/app/{person}`: the page that starts the recorders' app, and the worker that starts it without a network. */
export function recorderRouter({ app }: Assets): Router {
  const shell = encode("html", Buffer.from(shellOf(app)), "once");
  const worker = encode("js", Buffer.from(app === undefined ? "" : workerOf(app)), "once");
  const router = Router();
  router.get("/app/worker.js", (request, response) => {
    response.set("Cache-Control", "no-cache");
    sendEncoded(request, response, worker);
  });
  router.get("/app/:person", (request, response, next) => {
    if (!PEOPLE.has(request.params.person)) return next();
    response.set("Cache-Control", "no-cache");
    if (app === undefined) response.status(503);
    sendEncoded(request, response, shell);
  });
  return router;
}

const shellOf = (app: Entry | undefined): string => `<!doctype html>
<html lang="vi">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="theme-color" content="#14532d">
<title>Plotline</title>
<link rel="icon" href="data:,">
${(app?.styles ?? []).map((style) => `<link rel="stylesheet" href="${style}">`).join("\n")}
<div id="app">${app === undefined ? NOT_BUILT : ""}</div>
<noscript>Trang này cần JavaScript để ký bản ghi trên máy bạn. / This page signs on your device and needs JavaScript.</noscript>
${app === undefined ? "" : `<script type="module" src="${app.script}"></script>`}
</html>
`;

const NOT_BUILT = "Chưa dựng ứng dụng. / The app is not built: npm run build.";

/**
 * Keeps the shell and what it links to, so that the app starts in the field. The newest shell is asked for first, for as
 * long as a person waits gladly; assets never change under their names.
 */
const workerOf = ({ script, styles }: Entry): string => `
const CACHE = "plotline ${script}";
const ASSETS = ${JSON.stringify([script, ...styles])};
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(ASSETS)));
  self.skipWaiting();
});
self.addEventListener("activate", (event) => event.waitUntil(activate()));
async function activate() {
  for (const name of await caches.keys())
    if (name.startsWith("plotline ") && name !== CACHE) await caches.delete(name);
  const cache = await caches.open(CACHE);
  for (const client of await self.clients.matchAll({ includeUncontrolled: true }))
    if (isShell(new URL(client.url))) await cache.add(new URL(client.url).pathname);
  await self.clients.claim();
}
const isShell = (url) => /^\\/app\\/[a-z]+$/.test(url.pathname);
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (isShell(url)) event.respondWith(newest(url.pathname));
  else if (ASSETS.includes(url.pathname)) event.respondWith(kept(event.request));
});
async function newest(path) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(path, { signal: AbortSignal.timeout(4000) });
    if (response.ok) await cache.put(path, response.clone());
    return response;
  } catch (failure) {
    const old = await cache.match(path);
    if (old === undefined) throw failure;
    return old;
  }
}
async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}
`;
