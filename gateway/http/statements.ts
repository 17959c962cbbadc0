import { Router } from "express";

import { captureStatement, type StatementParts } from "../capture-statement.ts";
import { TraceError } from "../core/trace-error.ts";
import { statementByDigest, type StoredStatement } from "../store/statements.ts";
import { jsonOf, readJson } from "./body.ts";
import { namesIn, type NamesOf } from "../index/names.ts";
import { failureNoted } from "./failures.ts";
import { idParam } from "./params.ts";
import { rateLimit } from "./rate-limit.ts";

const MOST_BYTES = 256 * 1024;

/** `POST /api/statements`: the door for everything that people sign; `GET /api/statements/{digest}`: what became of it. */
export function statementsRouter(parts: StatementParts & { readonly perMinute: number }): Router {
  const router = Router();
  router.post(
    "/api/statements",
    rateLimit({ points: parts.perMinute, seconds: 60 }),
    readJson(MOST_BYTES),
    async (request, response) => {
      const { stored, fresh } = await captureStatement(parts, jsonOf(request));
      const { digest, state } = stored;
      const url = `/api/statements/${digest}`;
      response.status(fresh ? 202 : 200).location(url);
      response.json({ digest, state, url });
    },
  );
  router.get("/api/statements/:digest", async (request, response) => {
    const digest = idParam(request.params.digest);
    const stored = await statementByDigest(parts.store.db, digest);
    if (stored === undefined) throw new TraceError("NOT_FOUND", `no statement ${digest}`);
    response.setHeader("Cache-Control", "no-store");
    response.json(await describe(stored, namesIn(parts.store.db)));
  });
  return router;
}

async function describe(
  { digest, state, reason, block, receivedAt, signed }: StoredStatement,
  namesOf: NamesOf,
) {
  const { name, statement, document } = signed;
  return {
    digest,
    name,
    state,
    receivedAt: new Date(receivedAt).toISOString(),
    ...(reason === null ? {} : { error: await failureNoted(reason, namesOf) }),
    ...(block === null ? {} : { block: { number: block.number, time: block.time } }),
    statement,
    document,
  };
}
