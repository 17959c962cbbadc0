import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Logger } from "pino";

import type { Hex } from "../core/bytes.ts";
import { reasonWords } from "../core/reasons.ts";
import { parseRefusal, refusalError, refusalIn, type Refusal } from "../core/refusals.ts";
import { TraceError, type TraceErrorCode } from "../core/trace-error.ts";
import type { NamesOf } from "../index/names.ts";
import type { Store } from "../store/open.ts";
import { WordedError } from "../worded-error.ts";
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
  /** Where a contract said no: its error's name and values, numbers in decimal. */
  readonly reason?: string;
  readonly args?: Readonly<Record<string, string>>;
};

/** The failure that an error is; what a contract refused is told in the words of people. */
export async function failureOf(error: TraceError, namesOf: NamesOf): Promise<Failure> {
  const refusal = refusalIn(error);
  if (refusal !== undefined) return { code: error.code, ...(await told(refusal, namesOf)) };
  const message = error instanceof WordedError ? error.words : WORDS[error.code];
  return { code: error.code, message, detail: error.message };
}

/** The failure that the relayer noted of a statement which its contract refused later. */
export async function failureNoted(noted: string, namesOf: NamesOf): Promise<Failure> {
  const refusal = parseRefusal(noted);
  if (refusal === undefined)
    return { code: "RULE_BROKEN", message: WORDS.RULE_BROKEN, detail: noted };
  return { code: refusalError(refusal).code, ...(await told(refusal, namesOf)) };
}

async function told(refusal: Refusal, namesOf: NamesOf) {
  const { name: reason, args } = refusal;
  const ids = Object.values(args).filter((value): value is Hex => /^0x[0-9a-f]{64}$/.test(value));
  const names = await namesOf(ids);
  return { reason, args, message: reasonWords(refusal, (id) => names.get(id)) };
}

/** Whose fault it is stays with the code; what breaks the chain's own rules is 422, whichever rule. */
const statusOf = (error: TraceError): number =>
  refusalIn(error) !== undefined && !OWN_STATUS.has(error.code) ? 422 : STATUS[error.code];

const OWN_STATUS: ReadonlySet<TraceErrorCode> = new Set([
  "REPLAYED",
  "UNKNOWN_SIGNER",
  "BAD_SIGNATURE",
]);

/** Answers what no router knew. */
export const nothingHere: RequestHandler = (request) => {
  throw new TraceError("NOT_FOUND", `nothing is served at ${request.method} ${request.path}`);
};

export type FailureParts = {
  readonly log: Logger;
  readonly namesOf: NamesOf;
  readonly store: Pick<Store, "ping">;
  /** Hears the code of each. */
  readonly count: (code: string) => void;
};

/**
 * Answers what a router threw: a TraceError by its code; anything else by a store that is away (503) is its fault, and otherwise
 * our bug (500), which is logged whole.
 */
export const answerFailure =
  ({ log, namesOf, store, count }: FailureParts): ErrorRequestHandler =>
  async (thrown: unknown, request, response, next) => {
    if (response.headersSent) {
      next(thrown);
      return;
    }
    response.setHeader("Cache-Control", "no-store");
    if (thrown instanceof TooManyError) {
      count("TOO_MANY");
      response.setHeader("Retry-After", thrown.seconds);
      response.status(429).json({ error: { code: "UNAVAILABLE", message: TOO_MANY } });
      return;
    }
    const error = traceErrorOf(thrown) ?? (await awayOf(store));
    count(error?.code ?? "BUG");
    if (error === undefined) {
      log.error({ err: thrown, method: request.method, path: request.path }, "request failed");
      response.status(500).json({ error: { code: "BUG", message: WORDS.UNAVAILABLE } });
      return;
    }
    response.status(statusOf(error)).json({ error: await failureOf(error, namesOf) });
  };

/** UNAVAILABLE where the store does not answer. */
const awayOf = (store: Pick<Store, "ping">): Promise<TraceError | undefined> =>
  store.ping().then(
    () => undefined,
    (cause: Error) => new TraceError("UNAVAILABLE", "the store does not answer", { cause }),
  );

/** A TraceError as it is; what express's own readers throw at a client's mistake, as the TraceError it means. */
function traceErrorOf(thrown: unknown): TraceError | undefined {
  if (thrown instanceof TraceError) return thrown;
  if (!(thrown instanceof Error) || !("status" in thrown)) return undefined;
  const { status, message } = thrown;
  if (status === 413) return new TraceError("TOO_LARGE", message, { cause: thrown });
  return typeof status === "number" && status >= 400 && status < 500
    ? new TraceError("BAD_ENCODING", message, { cause: thrown })
    : undefined;
}
