import { createServer, type AddressInfo } from "node:net";

import type { Port } from "./config.ts";

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
    const probe = createServer();
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
