import { Router, type Response } from "express";

import type { Hex } from "../core/bytes.ts";
import { kindName } from "../core/agreement.ts";
import { TraceError } from "../core/trace-error.ts";
import { agentsOf } from "../index/agents.ts";
import { certificatesOfParty } from "../index/certificates.ts";
import type { ChainView } from "../index/chain-view.ts";
import { keyEntry } from "../index/keys.ts";
import { lotEntries, lotsOfParty, productIn } from "../index/lots.ts";
import { namesIn, type NamesOf } from "../index/names.ts";
import { directoryOf, type Person } from "../index/people.ts";
import { uriOf } from "../store/people.ts";
import type { Sql } from "../store/schema.ts";
import { statementsBySubject, type StoredStatement } from "../store/statements.ts";
import { failureNoted } from "./failures.ts";
import { idParam } from "./params.ts";

/** What the people's app reads: keys, parties, their lots and certificates, and one lot with what happened to it. */
export function viewsRouter(sql: Sql, chain: ChainView): Router {
  const router = Router();
  const book = async () => ({ sql, chain, people: await directoryOf(sql) });

  router.get("/api/keys/:keyId", async (request, response) => {
    sendFresh(response, await keyEntry(sql, chain, idParam(request.params.keyId)));
  });
  router.get("/api/parties", async (_request, response) => {
    sendFresh(response, [...(await directoryOf(sql)).values()]);
  });
  router.get("/api/parties/:id/lots", async (request, response) => {
    const all = request.query["all"] !== undefined;
    sendFresh(response, await lotsOfParty(await book(), idParam(request.params.id), all));
  });
  router.get("/api/parties/:id/certificates", async (request, response) => {
    sendFresh(response, await certificatesOfParty(sql, chain, idParam(request.params.id)));
  });
  router.get("/api/parties/:id/agents", async (request, response) => {
    const people = await directoryOf(sql);
    sendFresh(response, await agentsOf(sql, people, idParam(request.params.id)));
  });
  router.get("/api/lots/:id", async (request, response) => {
    const lot = idParam(request.params.id);
    const { people } = await book();
    const statements = await statementsBySubject(sql, lot);
    const [entry] = await lotEntries({ sql, chain, people }, [lot]);
    if (entry === undefined && statements.length === 0)
      throw new TraceError("NOT_FOUND", `no lot ${lot}`);
    const uri = entry?.uri ?? (await uriOf(sql, lot)) ?? null;
    const history = await Promise.all(
      statements
        .filter(({ signed }) => signed.name === "Operation")
        .map((stored) => historyOf(stored, people, namesIn(sql))),
    );
    sendFresh(response, { ...(entry ?? early(lot, uri, statements)), statements: history });
  });
  return router;
}

function sendFresh(response: Response, body: unknown): void {
  response.setHeader("Cache-Control", "no-store");
  response.json(body);
}

/** A lot that the chain does not know yet: what its maker said, and nothing that only the chain can say. */
function early(lot: Hex, uri: string | null, statements: readonly StoredStatement[]) {
  const product = statements
    .map(({ signed }) => (uri === null ? null : productIn(signed.document, uri)))
    .find((words) => words !== null);
  return { lot, uri, product: product ?? null, mass: 0, holder: null, pending: null, count: 0 };
}

async function historyOf(
  { digest, state, reason, block, signed }: StoredStatement,
  people: ReadonlyMap<Hex, Person>,
  namesOf: NamesOf,
) {
  if (signed.name !== "Operation") return null;
  const { kind, party, time, inputs, outputs } = signed.statement;
  return {
    digest,
    kind: kindName(kind),
    state,
    ...(reason === null ? {} : { error: await failureNoted(reason, namesOf) }),
    time,
    recorded: block?.time ?? null,
    party,
    name: people.get(party)?.name ?? null,
    place: signed.document?.["plotline:place"] ?? null,
    memo: signed.document?.["plotline:memo"] ?? null,
    inputs,
    outputs,
  };
}
