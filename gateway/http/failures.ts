import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Logger } from "pino";

import { TraceError, type TraceErrorCode } from "../core/trace-error.ts";
import { TooManyError } from "./rate-limit.ts";
import { TOO_MANY, WORDS, type Words } from "./words.ts";

/** The HTTP status (RFC 9110, 15) of each refusal. */
export const STATUS: Readonly<Record<TraceErrorCode, number>> = {
  BAD_ENCODING: 400,
  BAD_IDENTIFIER: 400,
  BAD_EVENT: 422,
  BAD_PACK: 422,
  BAD_OPERATION: 422,
  BAD_BUNDLE: 422,
  BAD_KEY: 400,
  BAD_SIGNATURE: 403,
  BAD_PROOF: 422,
  BAD_CHECKPOINT: 422,
  UNKNOWN_SIGNER: 403,
  NOT_ALLOWED: 403,
  REPLAYED: 409,
  EQUIVOCATION: 409,
  RULE_BROKEN: 422,
  WITHHELD: 422,
  NOT_CURRENT: 422,
  OTHER_CHAIN: 422,
  TOO_LARGE: 413,
  CLOCK: 422,
  NOT_FOUND: 404,
  UNAVAILABLE: 503,
};

/** What a client reads of a refusal: `code` for programs, `message` for people, `detail` for whoever wrote the client. */
export type Failure = {
  readonly code: TraceErrorCode;
  readonly message: Words;
  readonly detail?: string;
  readonly reason?: string;
  readonly args?: readonly string[];
};

/** The failure that `refusal` is. */
export const failureOf = (refusal: TraceError): Failure => ({
  code: refusal.code,
  message: WORDS[refusal.code],
  detail: refusal.message,
});

/** Answers what no router knew. */
export const nothingHere: RequestHandler = (request) => {
  throw new TraceError("NOT_FOUND", `nothing is served at ${request.method} ${request.path}`);
};

/** Answers what a router threw: a TraceError by its code, anything else is our bug (500) and is logged whole. */
export const answerFailure =
  (log: Logger): ErrorRequestHandler =>
  (thrown: unknown, request, response, next) => {
    if (response.headersSent) {
      next(thrown);
      return;
    }
    response.setHeader("Cache-Control", "no-store");
    if (thrown instanceof TooManyError) {
      response.setHeader("Retry-After", thrown.seconds);
      response.status(429).json({ error: { code: "UNAVAILABLE", message: TOO_MANY } });
      return;
    }
    const refusal = refusalOf(thrown);
    if (refusal === undefined) {
      log.error({ err: thrown, method: request.method, path: request.path }, "request failed");
      response.status(500).json({ error: { code: "BUG", message: WORDS.UNAVAILABLE } });
      return;
    }
    response.status(STATUS[refusal.code]).json({ error: failureOf(refusal) });
  };

/** A TraceError as it is; what express's own readers throw at a client's mistake, as the TraceError it means. */
function refusalOf(thrown: unknown): TraceError | undefined {
  if (thrown instanceof TraceError) return thrown;
  if (!(thrown instanceof Error) || !("status" in thrown)) return undefined;
  const { status, message } = thrown;
  if (status === 413) return new TraceError("TOO_LARGE", message, { cause: thrown });
  return typeof status === "number" && status >= 400 && status < 500
    ? new TraceError("BAD_ENCODING", message, { cause: thrown })
    : undefined;
}

/** What a contract answered, as the relayer kept it. */
export function reasonOf(stored: string): unknown {
  return { code: "RULE_BROKEN", reason: stored, message: WORDS.RULE_BROKEN };
}
