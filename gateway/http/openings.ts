import { Router } from "express";

import { fromHex, type Hex } from "../core/bytes.ts";
import { TraceError } from "../core/trace-error.ts";
import type { ChainView } from "../index/chain-view.ts";
import type { Store } from "../store/open.ts";
import { eraseOpenings, openingsOf } from "../store/people.ts";
import { statementByDigest } from "../store/statements.ts";
import { recordsOf } from "../trail/records.ts";
import { readJson } from "./body.ts";
import { rateLimit } from "./rate-limit.ts";
import { hasRole, wishReader } from "./wishes.ts";

type Parts = {
  readonly store: Store;
  readonly chain: ChainView;
  readonly now: () => number;
};

const LIMIT = 4 * 1024;

/**
 * Sealed fields, for whom they concern. `POST /api/openings/list` {lot}: what opens the seals in a lot's trail, for an authority and
 * for who holds the lot, and for everybody what their own party sealed. `POST /api/openings/erase` {digest}: forgets what opens a
 * statement's seals, for its own party and for an authority; every proof still holds.
 */
export function openingsRouter({ store, chain, now }: Parts): Router {
  const router = Router();
  const limit = rateLimit({ points: 300, seconds: 60 });
  const wishOf = wishReader(chain, now);
  router.post("/api/openings/list", limit, readJson(LIMIT), async (request, response) => {
    const asked = await wishOf(request);
    const lot = idIn(asked.wish["lot"]);
    const { statements } = await recordsOf(store.db, lot);
    const [state] = await chain.lots([lot]);
    const all = hasRole(asked, "authority") || state?.holder === asked.party;
    const visible = statements.filter(
      ({ signed }) => all || signed.statement.party === asked.party,
    );
    response.setHeader("Cache-Control", "no-store");
    response.json(
      await openingsOf(
        store.db,
        visible.map(({ digest }) => digest),
      ),
    );
  });
  router.post("/api/openings/erase", limit, readJson(LIMIT), async (request, response) => {
    const asked = await wishOf(request);
    const digest = idIn(asked.wish["digest"]);
    const stored = await statementByDigest(store.db, digest);
    if (stored === undefined) throw new TraceError("NOT_FOUND", `no statement ${digest}`);
    if (stored.signed.statement.party !== asked.party && !hasRole(asked, "authority"))
      throw new TraceError("NOT_ALLOWED", "only who sealed it, or an authority, may erase it");
    await store.write((transaction) => eraseOpenings(transaction, digest));
    response.json({ digest });
  });
  return router;
}

function idIn(value: unknown): Hex {
  const id = typeof value === "string" ? value : "";
  fromHex(id, 32);
  return id as Hex;
}
