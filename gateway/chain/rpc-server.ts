import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { Request } from "../core/chain-state.ts";
import { dataOf } from "./request.ts";

const BODY_LIMIT = 1 << 20;
const BATCH_LIMIT = 100;

type Server = { readonly url: string; readonly close: () => Promise<void> };

/** Offers `request` as JSON-RPC 2.0 over HTTP, to pages of every origin: what it may do is `request`'s to say. */
export async function startRpcServer({
  host,
  port,
  request,
}: {
  readonly host: string;
  readonly port: number;
  readonly request: Request;
}): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    void serve(request, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.requestTimeout = 30_000;
  server.maxConnections = 512;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return {
    url: `http://${name.includes(":") ? `[${name}]` : name}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 2_000).unref();
      }),
  };
}

async function serve(
  request: Request,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  outgoing.setHeader("access-control-allow-origin", "*");
  if (incoming.method === "OPTIONS") {
    outgoing.setHeader("access-control-allow-methods", "POST, OPTIONS");
    outgoing.setHeader("access-control-allow-headers", "content-type");
    outgoing.setHeader("access-control-max-age", "86400");
    outgoing.writeHead(204).end();
    return;
  }
  if (incoming.method !== "POST") {
    outgoing.writeHead(405, { allow: "POST, OPTIONS" }).end();
    return;
  }
  const body = await bodyOf(incoming);
  if (body === undefined) {
    // The rest is not read: the sender must not be able to keep us busy with it.
    outgoing.writeHead(413, { connection: "close" }).end();
    return;
  }
  const answer = await answerTo(request, body);
  if (answer === undefined) outgoing.writeHead(204).end();
  else
    outgoing
      .writeHead(200, { "content-type": "application/json", "cache-control": "no-store" })
      .end(JSON.stringify(answer));
}

async function bodyOf(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const failed = (id: unknown, code: number, message: string, data?: string): object => ({
  jsonrpc: "2.0",
  id: id ?? null,
  error: { code, message, ...(data === undefined ? {} : { data }) },
});

async function answerTo(request: Request, body: string): Promise<unknown> {
  let asked: unknown;
  try {
    asked = JSON.parse(body);
  } catch {
    return failed(null, -32700, "not JSON");
  }
  if (!Array.isArray(asked)) return answerOne(request, asked);
  if (asked.length === 0 || asked.length > BATCH_LIMIT)
    return failed(null, -32600, `a batch has 1 to ${BATCH_LIMIT} requests`);
  const answers: unknown[] = [];
  for (const one of asked) answers.push(await answerOne(request, one));
  return answers.filter((answer) => answer !== undefined);
}

/** The answer to one request, or undefined to a notification (JSON-RPC 2.0, section 4.1). */
async function answerOne(request: Request, asked: unknown): Promise<unknown> {
  const { id, method, params = [] } = (asked ?? {}) as Record<string, unknown>;
  if (typeof method !== "string" || !Array.isArray(params))
    return failed(id, -32600, "not a request with a method and a list of parameters");
  try {
    const result = await request(method, params);
    return id === undefined ? undefined : { jsonrpc: "2.0", id, result };
  } catch (error) {
    if (id === undefined) return undefined;
    const { code, message, data } = failureOf(error);
    return failed(id, code, message, data);
  }
}

/** What went wrong in the words of JSON-RPC; a revert is code 3 with the contract's error as data, as geth says it. */
function failureOf(error: unknown): { code: number; message: string; data?: string } {
  const {
    code,
    message = "failed",
    data,
  } = error as { code?: unknown; message?: string } & {
    data?: unknown;
  };
  const returned = dataOf(data);
  if (returned !== undefined) return { code: 3, message, data: returned };
  return typeof code === "number" ? { code, message } : { code: -32603, message: "failed inside" };
}
