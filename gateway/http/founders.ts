import { Router } from "express";

import { toHex } from "../core/bytes.ts";
import { contentHash } from "../core/canonical.ts";
import { urisIn } from "../core/documents.ts";
import { idOf } from "../core/recording.ts";
import { isObject } from "../core/statement.ts";
import { TraceError } from "../core/trace-error.ts";
import type { ChainView } from "../index/chain-view.ts";
import { partyOf } from "../index/people.ts";
import type { Store } from "../store/open.ts";
import { saveUris } from "../store/people.ts";
import { saveFounder } from "../store/views.ts";
import { jsonOf, readJson } from "./body.ts";
import { idParam } from "./params.ts";
import { rateLimit } from "./rate-limit.ts";

/**
 * `POST /api/founders` {key, document}: the name of a party whose key governance enrolled past us. Anyone may send it:
 * the chain holds the document's hash, so there is only one that fits, and knows whom nobody sponsors.
 */
export function foundersRouter(store: Store, chain: ChainView): Router {
  const router = Router();
  const limit = rateLimit({ points: 60, seconds: 60 });
  router.post("/api/founders", limit, readJson(16 * 1024), async (request, response) => {
    const body = jsonOf(request);
    const { key: named, document } = isObject(body) ? body : {};
    const key = idParam(typeof named === "string" ? named : undefined);
    if (!isObject(document)) throw new TraceError("BAD_ENCODING", "a founder has a document");
    const { uri } = partyOf(document);
    const [known] = await chain.keys([key]);
    if (known === undefined || known.until === 0)
      throw new TraceError("NOT_FOUND", `nobody enrolled ${key}`);
    if (known.content !== toHex(contentHash(document)) || known.party !== idOf(uri))
      throw new TraceError("BAD_OPERATION", `governance enrolled ${key} with another document`);
    const [sponsor] = await chain.sponsors([known.party]);
    if (sponsor !== known.party)
      throw new TraceError("NOT_ALLOWED", `governance did not found the party of ${key}`);
    await store.write(async (transaction) => {
      await saveFounder(transaction, { key, document });
      await saveUris(
        transaction,
        urisIn(document).map((name) => ({ hash: idOf(name), uri: name })),
      );
    });
    response.json({ key });
  });
  return router;
}
