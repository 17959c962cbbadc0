import { pino } from "pino";

import { SENSOR } from "../../gateway/core/operations.ts";
import { startIngest } from "../../gateway/ingest.ts";
import { readSources } from "../../gateway/sources.ts";
import { openStore, type StorePlace } from "../../gateway/store/open.ts";
import { deviceNamed, SIGNER } from "../gateway/samples.ts";

/** What a gateway of its own process is told. Every key is enrolled, for whatever a key of readings may be. */
export type ChildOptions = {
  readonly place: StorePlace;
  readonly port: number;
  readonly sources?: { readonly file: string; readonly seed: string };
};

/** How long (ms) SIGUSR2 blocks the event loop of a gateway. */
export const BLOCK = Number(process.env["PLOTLINE_BLOCK"] ?? 2_000);

async function run({ place, port, sources }: ChildOptions): Promise<void> {
  const store = await openStore(place);
  await startIngest({
    store,
    signer: SIGNER,
    keyOf: async () => ({
      party: deviceNamed("a cooperative"),
      roles: SENSOR,
      from: 0,
      until: 2 ** 40,
      number: 0,
      content: deviceNamed("an enrolment"),
    }),
    now: Date.now,
    log: pino({ level: process.env["LOG_LEVEL"] ?? "silent" }),
    threads: Number(process.env["THREADS"] ?? 0),
    mqtt: { host: "127.0.0.1", port },
    ...(sources && { sources: readSources(sources.file, { ...sources, production: false }) }),
  });
  // What a garbage collection, a slow disk or a debugger may do.
  process.on("SIGUSR2", () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCK));
  process.stdout.write("up\n");
}

if (import.meta.main) await run(JSON.parse(process.argv[2] ?? "") as ChildOptions);
