import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

import { Router } from "express";

import { encode, sendEncoded, type Encoded } from "./encoded.ts";

/** What a page links to: paths behind our own host. */
export interface Entry {
  readonly script: string;
  readonly styles: readonly string[];
}

/** What web/vite.config.ts built, held in memory. An entry that was not built is absent, and pages do without. */
export interface Assets {
  readonly app?: Entry;
  readonly verify?: Entry;
  /** The text of the verifier that needs nothing else, to be written into a page. */
  readonly file?: string;
  /** Serves `/assets/…`; the names carry a hash of the content, so they never change. */
  readonly router: Router;
}

/** Reads `web/dist`, or what there is of it. */
export function openAssets(dist: string): Assets {
  const served = new Map<string, Encoded>();
  for (const name of ["app", "verify"]) {
    const folder = join(dist, name, "assets");
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder))
      served.set(file, encode(extname(file), readFileSync(join(folder, file)), "once"));
  }
  const router = Router();
  router.get("/assets/:file", (request, response, next) => {
    const asset = served.get(request.params.file);
    if (asset === undefined) return next();
    response.set("Cache-Control", "public, max-age=31536000, immutable");
    sendEncoded(request, response, asset);
  });
  const [app, verify] = [entryOf(dist, "app"), entryOf(dist, "verify")];
  const file = entryOf(dist, "file");
  return {
    router,
    ...(app && { app }),
    ...(verify && { verify }),
    ...(file && { file: readFileSync(join(dist, "file", file.script), "utf8") }),
  };
}

function entryOf(dist: string, name: string): Entry | undefined {
  const path = join(dist, name, ".vite/manifest.json");
  if (!existsSync(path)) return undefined;
  const chunks = JSON.parse(readFileSync(path, "utf8")) as Record<string, Chunk>;
  const chunk = Object.values(chunks).find(({ isEntry }) => isEntry === true);
  if (chunk === undefined) return undefined;
  return { script: `/${chunk.file}`, styles: (chunk.css ?? []).map((file) => `/${file}`) };
}

/** The part of Vite's manifest that we read: vite.dev, "Backend Integration". */
interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly css?: readonly string[];
}
