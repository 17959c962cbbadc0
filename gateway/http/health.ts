import { Router } from "express";
import type { Registry } from "prom-client";

/** Why we cannot serve: `state` for programs, the message and what to do about it for operators. */
export class NotReady extends Error {
  override readonly name = "NotReady";
  readonly state: string;
  readonly remedy: string;
  readonly found: Readonly<Record<string, unknown>>;

  constructor(why: string, told: Pick<NotReady, "state" | "remedy"> & Partial<NotReady>) {
    super(why);
    this.state = told.state;
    this.remedy = told.remedy;
    this.found = told.found ?? {};
  }
}

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
    const told = { state: "silent", remedy: "Wait, or see what holds this part up." };
    const words = `no answer within ${PATIENCE / 1_000} s`;
    timer = setTimeout(() => reject(new NotReady(words, told)), PATIENCE);
  });
  try {
    return [name, { ok: true, state: "ready", ...(await Promise.race([probe(), late])) }] as const;
  } catch (failure) {
    const why = (failure as Error).message;
    if (!(failure instanceof NotReady)) return [name, { ok: false, state: "failed", why }] as const;
    const { state, remedy, found } = failure;
    return [name, { ok: false, state, why, remedy, ...found }] as const;
  } finally {
    clearTimeout(timer);
  }
}
