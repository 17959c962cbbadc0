import { Router } from "express";

import { lotUri } from "../core/identifiers.ts";
import type { Trails } from "../trail-cache.ts";
import { encodeAside, sendEncoded, type Encoded } from "./encoded.ts";

/** `/bundle/01/{gtin}/10/{lot}`: the lot's trail as one file that proves itself. */
export function bundleRouter(trails: Trails): Router {
  const router = Router();
  const written = new WeakMap<object, Promise<Encoded>>();
  router.get("/bundle/01/:gtin/10/:lot", async (request, response) => {
    const { gtin, lot } = request.params;
    const bundle = await trails(lotUri(gtin, lot));
    const encoded = written.get(bundle) ?? encodeAside("json", Buffer.from(JSON.stringify(bundle)));
    written.set(bundle, encoded);
    response.set("Cache-Control", "no-cache");
    if (request.query["download"] !== undefined) response.attachment(`${gtin}-${lot}.trail.json`);
    sendEncoded(request, response, await encoded);
  });
  return router;
}
