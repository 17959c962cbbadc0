import { Router } from "express";
import type { Registry } from "prom-client";

/** One question that /readyz asks: resolves with what it found, rejects when we cannot serve. */
export type Probe = () => Promise<Readonly<Record<string, unknown>>>;

/** `/livez` (the process answers), `/readyz` (everything behind it does too) and `/metrics` (Prometheus). */
export function healthRouter(probes: Readonly<Record<string, Probe>>, registry: Registry): Router {
  const router = Router();
  router.get("/livez", (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.type("text").send("ok\n");
  });
  router.get("/readyz", async (_request, response) => {
    const answers = await Promise.all(Object.entries(probes).map(ask));
    const ready = answers.every(([, answer]) => answer.ok);
    response.setHeader("Cache-Control", "no-store");
    response.status(ready ? 200 : 503).json({ ready, checks: Object.fromEntries(answers) });
  });
  router.get("/metrics", async (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}

const PATIENCE = 3_000;

async function ask([name, probe]: readonly [string, Probe]) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), PATIENCE);
  });
  try {
    return [name, { ok: true, ...(await Promise.race([probe(), late])) }] as const;
  } catch (error) {
    return [name, { ok: false, why: (error as Error).message }] as const;
  } finally {
    clearTimeout(timer);
  }
}
