import { readFileSync } from "node:fs";

import { Router } from "express";

import { toBase64Url } from "../core/bytes.ts";
import type { Log } from "../core/bundle.ts";
import type { Deployment } from "../core/operations.ts";
import type { LogSigner } from "../log-signer.ts";

type Parts = {
  readonly deployment: Deployment;
  readonly rpcUrls: readonly string[];
  readonly signer: Pick<LogSigner, "origin" | "publicKey" | "id">;
};

/** How readers name this gateway's log when they pin it. */
export const logOf = ({ origin, publicKey }: Pick<LogSigner, "origin" | "publicKey">): Log => ({
  origin,
  publicKey: toBase64Url(publicKey),
});

/** `/api/deployment`: where the contracts are, how to ask the chain past us, and whose log this is. */
export function deploymentRouter({ deployment, rpcUrls, signer }: Parts): Router {
  const { chainId, parties, lots, certificates, checkpoints } = deployment;
  const answer = {
    chainId,
    parties,
    lots,
    certificates,
    checkpoints,
    rpc: rpcUrls,
    log: { ...logOf(signer), id: signer.id },
    version: VERSION,
  };
  const router = Router();
  router.get("/api/deployment", (_request, response) => {
    response.setHeader("Cache-Control", "public, max-age=60");
    response.json(answer);
  });
  return router;
}

const { version: VERSION } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { readonly version: string };
