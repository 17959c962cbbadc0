import { EventEmitter } from "node:events";
import net from "node:net";
import { syncBuiltinESMExports } from "node:module";
import { Duplex } from "node:stream";

import { here, runOn, type Machine, type Scheduler } from "./scheduler.ts";

/** What a network does to a connection at the moment. Times in ms. */
export type Weather = {
  readonly delay: () => number;
  /** Of one piece on its way: it arrives, or breaks the connection, or the connection falls silent for ever. */
  readonly fate: () => "arrives" | "reset" | "silent";
  /** How many bytes of a piece come together. */
  readonly piece: (length: number) => number;
};

/** TCP between machines, in order and slow, within virtual time. */
export type Network = {
  weather: Weather;
  /** The machine is gone: its peers find their connections reset, or hear nothing ever again. */
  readonly cut: (machine: Machine, silent: boolean) => void;
};

type Link = { silent: boolean; readonly ends: Socket[] };

let network: (Network & { readonly scheduler: Scheduler }) | undefined;
const servers = new Map<number, Server>();
const links = new Set<Link>();

/** A fresh network, to which every `node:net` of a machine is connected from now on. */
export function openNetwork(scheduler: Scheduler, weather: Weather): Network {
  servers.clear();
  links.clear();
  const opened = {
    scheduler,
    weather,
    cut: (machine: Machine, silent: boolean): void => {
      for (const [port, server] of servers) if (server.machine === machine) servers.delete(port);
      for (const link of links) {
        const [near, far] = link.ends.toSorted((a) => (a.machine === machine ? -1 : 1));
        if (near?.machine !== machine) continue;
        if (silent) link.silent = true;
        else far?.later("reset", () => far.destroy(broken("ECONNRESET")));
      }
    },
  };
  network = opened;
  return opened;
}

const current = (): Network & { readonly scheduler: Scheduler } => {
  if (network === undefined) throw new Error("there is no network");
  return network;
};
const broken = (code: string): Error => Object.assign(new Error(code), { code });

/** One end of a connection. */
class Socket extends Duplex {
  readonly machine: Machine;
  readonly link: Link;
  #last = 0; // when the newest piece from the other end arrives
  peer: Socket | undefined;

  constructor(machine: Machine, link: Link) {
    super({ allowHalfOpen: false });
    this.machine = machine;
    this.link = link;
    link.ends.push(this);
  }

  /** Something reaches this end, after all that is under way to it. */
  later(label: string, run: () => void): void {
    const { scheduler, weather } = current();
    this.#last = Math.max(this.#last, scheduler.now() + weather.delay());
    scheduler.after(this.#last - scheduler.now(), this.machine, label, () => {
      if (!this.link.silent && !this.destroyed) run();
    });
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#send(chunk);
    done();
  }

  override _writev(given: { chunk: Buffer }[], done: () => void): void {
    this.#send(Buffer.concat(given.map(({ chunk }) => chunk)));
    done();
  }

  #send(chunk: Buffer): void {
    const { weather, scheduler } = current();
    for (let at = 0; at < chunk.length;) {
      const end = Math.min(chunk.length, at + weather.piece(chunk.length));
      const bytes = Buffer.from(chunk.subarray(at, end));
      at = end;
      const fate = weather.fate();
      if (fate === "silent") this.link.silent = true;
      if (fate === "reset") {
        scheduler.note(`${this.machine.name} loses a connection`);
        for (const end of this.link.ends)
          end.later("reset", () => end.destroy(broken("ECONNRESET")));
        return;
      }
      this.peer?.later(`hears ${bytes.length} bytes`, () => this.peer?.push(bytes));
    }
  }

  override _final(done: () => void): void {
    this.peer?.later("end", () => this.peer?.push(null));
    done();
  }

  override _destroy(failure: Error | null, done: (failure: Error | null) => void): void {
    this.peer?.later("closed", () => this.peer?.destroy());
    links.delete(this.link);
    done(failure);
  }

  setNoDelay = (): this => this;
  setKeepAlive = (): this => this;
  setTimeout = (): this => this;
  ref = (): this => this;
  unref = (): this => this;
  readonly remoteAddress = "virtual";
}

class Server extends EventEmitter {
  machine: Machine | undefined;
  #port = 0;
  listening = false;

  listen(at: { readonly port: number } | number, heard?: unknown, also?: unknown): this {
    this.#port = typeof at === "number" ? at : at.port;
    this.machine = here();
    servers.set(this.#port, this);
    this.listening = true;
    const done = [heard, also].find((given) => typeof given === "function");
    current().scheduler.after(0, this.machine, "listens", () => {
      this.emit("listening");
      if (done !== undefined) (done as () => void)();
    });
    return this;
  }

  address = (): { readonly port: number } => ({ port: this.#port });

  close(done?: () => void): this {
    servers.delete(this.#port);
    this.listening = false;
    if (done !== undefined) current().scheduler.after(1, here(), "closed", done);
    return this;
  }
}

function connect({ port }: { readonly port: number }): Socket {
  const { scheduler, weather } = current();
  const link: Link = { silent: false, ends: [] };
  const socket = new Socket(here(), link);
  scheduler.after(weather.delay(), socket.machine, "reaches out", () => {
    const server = servers.get(port);
    if (socket.destroyed) return;
    if (server?.machine?.alive !== true) {
      socket.destroy(broken("ECONNREFUSED"));
      return;
    }
    links.add(link);
    const accepted = new Socket(server.machine, link);
    [socket.peer, accepted.peer] = [accepted, socket];
    runOn(scheduler, server.machine, () => server.emit("connection", accepted));
    socket.emit("connect");
    socket.uncork();
  });
  socket.cork(); // until there is somebody
  return socket;
}

/** Gives `node:net` of this process to the machines in it. */
export function virtualiseNetwork(): void {
  Object.assign(net, {
    createServer: (onConnection?: (socket: Socket) => void) => {
      const server = new Server();
      if (onConnection !== undefined) server.on("connection", onConnection);
      return server;
    },
    createConnection: connect,
    connect,
  });
  syncBuiltinESMExports();
}
