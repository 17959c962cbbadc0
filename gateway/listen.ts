import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSocket, type AddressInfo } from "node:net";

import type { Port } from "../config.ts";

/** Somebody else listens where we were told to. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
}

const TRIES = 50;

/** A port that is free on `host`: the wanted one, or the next free one after it when nobody insisted. Throws PortTakenError. */
export async function choosePort(host: string, { port, fixed }: Port): Promise<number> {
  for (let candidate = port; candidate < port + TRIES; candidate++) {
    const free = await portIfFree(host, candidate);
    if (free !== undefined) return free;
    if (fixed) break;
  }
  throw new PortTakenError(
    `port ${port} on ${host} is taken${fixed ? "" : `, and so are the ${TRIES} after it`}; name another one`,
  );
}

function portIfFree(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const probe = createSocket();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(undefined);
      else reject(error);
    });
    probe.listen({ host, port, exclusive: true }, () => {
      const { port: free } = probe.address() as AddressInfo;
      probe.close(() => resolve(free));
    });
  });
}

/** An HTTP server that listens; `close` lets what is under way finish, for `patience` ms at most. */
export type Listening = { readonly port: number; readonly close: () => Promise<void> };

/** Serves `listener` on `host`. */
export async function listen(
  listener: RequestListener,
  { host, port, patience = 5_000 }: { host: string; port: number; patience?: number },
): Promise<Listening> {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => closeServer(server, patience),
  };
}

function closeServer(server: Server, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const hurry = setTimeout(() => server.closeAllConnections(), patience);
    server.close(() => {
      clearTimeout(hurry);
      resolve();
    });
    server.closeIdleConnections();
  });
}
