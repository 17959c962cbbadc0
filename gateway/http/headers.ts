import type { RequestHandler } from "express";
import helmet from "helmet";

/** What the pages may load and ask: ourselves and the chain's RPC, which readers ask past us. */
export type HeaderOptions = {
  readonly rpcUrls: readonly string[];
  readonly https: boolean;
};

/**
 * Security headers of every answer. No cookie is ever set and every GET is public, so any origin may read:
 * a verifier kept as a file has to. Inline styles are allowed, inline scripts never.
 */
export const securityHeaders = ({ rpcUrls, https }: HeaderOptions): readonly RequestHandler[] => [
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        mediaSrc: ["'self'"],
        fontSrc: ["'self'"],
        connectSrc: ["'self'", ...new Set(rpcUrls.map((url) => new URL(url).origin))],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginResourcePolicy: { policy: "cross-origin" },
    referrerPolicy: { policy: "no-referrer" },
    strictTransportSecurity: https,
  }),
  (request, response, next) => {
    response.setHeader("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()");
    if (request.method === "GET" || request.method === "HEAD")
      response.setHeader("Access-Control-Allow-Origin", "*");
    next();
  },
];
