import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** Ways of a bad network, each for new and standing connections. Times in ms. */
export type Toxic =
  | { readonly kind: "none" }
  | { readonly kind: "latency"; readonly delay: number; readonly jitter: number }
  | { readonly kind: "slow"; readonly bytesPerSecond: number }
  | { readonly kind: "silent" } // half open: everything is taken, nothing arrives
  | { readonly kind: "slicer"; readonly size: number } // so many bytes at a time
  | { readonly kind: "cut"; readonly after: number }; // reset in the middle, after so many bytes

/** A TCP proxy that spoils what goes through it. */
export type Proxy = {
  readonly port: number;
  readonly spoil: (toxic: Toxic) => void;
  /** Resets every standing connection. */
  readonly reset: () => void;
  readonly connections: () => number; // since the start
  readonly close: () => Promise<void>;
};

/** Starts a proxy before `port` on this machine. */
export async function startProxy(port: number): Promise<Proxy> {
  let toxic: Toxic = { kind: "none" };
  let count = 0;
  const pairs = new Set<readonly [Socket, Socket]>();

  const pass = (from: Socket, to: Socket): void => {
    let [last, passed] = [Promise.resolve(), 0];
    const deliver = async (bytes: Buffer): Promise<void> => {
      const now = toxic;
      passed += bytes.length;
      if (now.kind === "silent" || to.destroyed) return;
      if (now.kind === "latency") await pause(now.delay + Math.random() * now.jitter);
      if (now.kind === "slow") await pause((bytes.length / now.bytesPerSecond) * 1_000);
      if (now.kind === "cut" && passed > now.after) {
        to.write(bytes.subarray(0, bytes.length >> 1));
        [from, to].forEach((socket) => socket.resetAndDestroy());
        return;
      }
      if (now.kind === "slicer")
        for (let at = 0; at < bytes.length; at += now.size) {
          to.write(bytes.subarray(at, at + now.size));
          await new Promise((resolve) => setImmediate(resolve));
        }
      else to.write(bytes);
    };
    from.on("data", (bytes: Buffer) => {
      // Backpressure: what is under way is not read on.
      from.pause();
      last = last.then(() => deliver(bytes)).finally(() => from.resume());
    });
    from.on("end", () => {
      const end = async (): Promise<void> => {
        if (toxic.kind !== "silent") to.end();
      };
      last = last.then(end);
    });
    from.on("error", () => to.destroy());
  };
  const server = createServer((near) => {
    count += 1;
    near.setNoDelay(true);
    const far = connect(port, "127.0.0.1").setNoDelay(true);
    const pair = [near, far] as const;
    pairs.add(pair);
    pass(near, far);
    pass(far, near);
    far.on("close", () => {
      pairs.delete(pair);
      if (toxic.kind !== "silent") near.destroy();
    });
    near.on("close", () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const reset = (): void => {
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    spoil: (next) => {
      toxic = next;
    },
    reset,
    connections: () => count,
    close: async () => {
      reset();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
