import { text, type Request, type RequestHandler } from "express";

import { parseJson } from "../core/canonical.ts";
import { TraceError } from "../core/trace-error.ts";

/** Reads a JSON body of at most `limit` bytes as text: judging it is `jsonOf`'s job, which express's reader is too kind for. */
export const readJson = (limit: number): RequestHandler =>
  text({ type: ["application/json", "application/*+json"], limit });

/** The JSON value of a body that `readJson` read. Throws BAD_ENCODING. */
export function jsonOf(request: Request): unknown {
  const body: unknown = request.body;
  if (typeof body !== "string" || body === "")
    throw new TraceError("BAD_ENCODING", "the body has to be JSON, sent as application/json");
  return parseJson(body);
}
