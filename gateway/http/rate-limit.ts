import type { RequestHandler } from "express";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

import { TOO_MANY } from "./words.ts";

/** Lets each address in `points` times in `seconds`; who comes oftener is told (429) when to come again. */
export function rateLimit(points: number, seconds: number): RequestHandler {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return async (request, response, next) => {
    try {
      await limiter.consume(request.ip ?? "");
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      response.setHeader("Retry-After", Math.ceil(refused.msBeforeNext / 1000));
      response.status(429).json({ error: { code: "UNAVAILABLE", message: TOO_MANY } });
      return;
    }
    next();
  };
}
