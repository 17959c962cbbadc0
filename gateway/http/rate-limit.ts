import type { RequestHandler } from "express";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** An address sends more than its share; it may come again after `seconds`. */
export class TooManyError extends Error {
  override readonly name = "TooManyError";
  readonly seconds: number;

  constructor(seconds: number) {
    super(`too many requests; come again in ${seconds} s`);
    this.seconds = seconds;
  }
}

type Share = { readonly points: number; readonly seconds: number };

/** Lets each address in `points` times in `seconds`. Throws TooManyError. */
export function rateLimit({ points, seconds }: Share): RequestHandler {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return async (request, _response, next) => {
    try {
      await limiter.consume(request.ip ?? "");
    } catch (refused) {
      throw refused instanceof RateLimiterRes ? tooMany(refused) : refused;
    }
    next();
  };
}

/** Counts what an address got wrong: guessing is what has to be slow, not asking. */
export type FailedTries = {
  /** Counts a try before it is looked at, or many at once would all be the first. Throws TooManyError. */
  readonly begin: (address: string) => Promise<void>;
  /** It was none that counts. */
  readonly forgive: (address: string) => Promise<void>;
};

/** Bears with `points` failures of an address in `seconds`. */
export function failedTries({ points, seconds }: Share): FailedTries {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return {
    begin: async (address) => {
      try {
        await limiter.consume(address);
      } catch (refused) {
        throw refused instanceof RateLimiterRes ? tooMany(refused) : refused;
      }
    },
    forgive: async (address) => {
      await limiter.reward(address);
    },
  };
}

const tooMany = ({ msBeforeNext }: RateLimiterRes): TooManyError =>
  new TooManyError(Math.max(1, Math.ceil(msBeforeNext / 1000)));
