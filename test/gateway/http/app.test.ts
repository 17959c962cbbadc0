import { expect } from "chai";
import { Router } from "express";
import { pino } from "pino";
import { Registry } from "prom-client";

import { TraceError } from "../../../gateway/core/trace-error.ts";
import { createApp } from "../../../gateway/http/app.ts";
import { jsonOf, readJson } from "../../../gateway/http/body.ts";
import { healthRouter } from "../../../gateway/http/health.ts";
import { listen, type Listening } from "../../../gateway/http/listen.ts";
import { choosePort, PortTakenError } from "../../../gateway/ports.ts";
import { rateLimit } from "../../../gateway/http/rate-limit.ts";

describe("the HTTP frame", () => {
  let server: Listening;
  let url: string;
  let broken = false;

  before(async () => {
    const router = Router();
    router.get("/refuse", () => {
      throw new TraceError("EQUIVOCATION", "said twice");
    });
    router.get("/bug", () => {
      throw new RangeError("secret detail");
    });
    router.post("/echo", readJson(100), (request, response) => {
      response.json(jsonOf(request));
    });
    router.post("/seldom", rateLimit({ points: 1, seconds: 60 }), (_request, response) => {
      response.json({});
    });
    const registry = new Registry();
    const probe = async () => {
      if (broken) throw new Error("out of order");
      return { lag: 2 };
    };
    const app = createApp({
      routers: [healthRouter({ part: probe }, registry), router],
      registry,
      log: pino({ level: "silent" }),
      namesOf: async () => new Map(),
      store: { ping: async () => {} },
      proxies: 0,
      rpcUrls: ["https://node.example/path"],
      https: false,
    });
    server = await listen(app, { host: "127.0.0.1", port: 0 });
    url = `http://127.0.0.1:${server.port}`;
  });
  after(() => server.close());

  const post = (path: string, body: string) =>
    fetch(url + path, { method: "POST", headers: { "Content-Type": "application/json" }, body });

  const codeOf = async (response: Response) =>
    ((await response.json()) as { error: { code: string } }).error.code;

  it("answers a refusal with its status, its code and words in both languages", async () => {
    const response = await fetch(`${url}/refuse`);
    expect(response.status).to.equal(409);
    const { error } = (await response.json()) as { error: Record<string, unknown> };
    expect(error["code"]).to.equal("EQUIVOCATION");
    expect(error["message"]).to.have.keys("vi", "en");
  });

  it("answers its own bug with 500 and tells nothing about it", async () => {
    const response = await fetch(`${url}/bug`);
    expect(response.status).to.equal(500);
    expect(await response.text()).not.to.contain("secret detail");
  });

  it("answers an unknown path with 404", async () => {
    const response = await fetch(`${url}/nowhere`);
    expect([response.status, await codeOf(response)]).to.deep.equal([404, "NOT_FOUND"]);
  });

  it("refuses JSON that names a key twice", async () => {
    const response = await post("/echo", `{"a":1,"a":2}`);
    expect([response.status, await codeOf(response)]).to.deep.equal([400, "BAD_ENCODING"]);
  });

  it("refuses a body beyond the limit", async () => {
    const response = await post("/echo", JSON.stringify("x".repeat(200)));
    expect([response.status, await codeOf(response)]).to.deep.equal([413, "TOO_LARGE"]);
  });

  it("refuses a body that is not JSON by its type", async () => {
    const response = await fetch(`${url}/echo`, { method: "POST", body: "{}" });
    expect([response.status, await codeOf(response)]).to.deep.equal([400, "BAD_ENCODING"]);
  });

  it("says when to come again to who comes too often", async () => {
    expect((await post("/seldom", "")).status).to.equal(200);
    const response = await post("/seldom", "");
    expect(response.status).to.equal(429);
    expect(Number(response.headers.get("retry-after"))).to.be.within(1, 60);
  });

  it("lets pages ask the chain and itself, and nobody else", async () => {
    const { headers } = await fetch(`${url}/livez`);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).to.contain("connect-src 'self' https://node.example;");
    expect(policy).to.contain("default-src 'none'");
    expect(policy).to.contain("script-src 'self';");
    expect(headers.has("set-cookie")).to.equal(false);
    expect(headers.has("x-powered-by")).to.equal(false);
    expect(headers.get("access-control-allow-origin")).to.equal("*");
  });

  it("is ready while every part answers, and says which one does not", async () => {
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).to.equal(200);
    expect(await ready.json()).to.deep.equal({
      ready: true,
      checks: { part: { ok: true, state: "ready", lag: 2 } },
    });
    broken = true;
    const not = await fetch(`${url}/readyz`);
    expect(not.status).to.equal(503);
    expect(await not.json()).to.deep.include({
      checks: { part: { ok: false, state: "failed", why: "out of order" } },
    });
  });

  it("measures requests by their route", async () => {
    await fetch(`${url}/refuse`);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).to.match(/plotline_http_request_seconds_count\{.*route="\/refuse".*409/);
    expect(metrics).to.match(/plotline_http_refusals_total\{code="EQUIVOCATION"\} [1-9]/);
  });

  it("takes the next port when the usual one is taken, and none when that one was asked for", async () => {
    const wanted = { port: server.port, fixed: false };
    expect(await choosePort("127.0.0.1", wanted)).to.be.greaterThan(server.port);
    const refused = await choosePort("127.0.0.1", { ...wanted, fixed: true }).catch(
      (e: unknown) => e,
    );
    expect(refused).to.be.instanceOf(PortTakenError);
  });
});
