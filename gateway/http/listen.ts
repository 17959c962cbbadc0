import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

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
