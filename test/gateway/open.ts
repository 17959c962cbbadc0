import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { pino } from "pino";

import { parseConfig } from "../../gateway/config.ts";
import { sha256OfText } from "../../gateway/core/hash.ts";
import { startGateway, type Gateway } from "../../gateway/main.ts";

/** A whole gateway of a test's own, with every part real: embedded chain, SQLite, broker, HTTP. */
export type OpenGateway = Gateway & {
  readonly url: string;
  readonly dataDir: string;
  /** Stops it and starts it again on the same folder, as after a reboot. */
  readonly reopen: () => Promise<OpenGateway>;
  /** Stops it and removes its folder. */
  readonly end: () => Promise<void>;
};

type Options = {
  readonly now?: () => number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly dataDir?: string;
};

// Never the same twice in a process, as chance is; the same in every run, as a test should be.
let drawn = 0;

/** Starts a gateway on free ports in a temporary folder. */
export async function openGateway(options: Options = {}): Promise<OpenGateway> {
  const { now = Date.now, environment = {} } = options;
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "plotline-gateway-"));
  const config = parseConfig({
    DATA_DIR: dataDir,
    PORT: "0",
    MQTT_PORT: "0",
    RPC_PORT: "0",
    ANCHOR_EVERY: "1",
    ...environment,
  });
  const random = (length: number): Uint8Array => {
    drawn += 1;
    return sha256OfText(`random ${drawn}`).slice(0, length);
  };
  const gateway = await startGateway({ config, now, random, log: pino({ level: "silent" }) });
  return {
    ...gateway,
    url: gateway.urls.http,
    dataDir,
    reopen: async () => {
      await gateway.close();
      return openGateway({ ...options, dataDir });
    },
    end: async () => {
      await gateway.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
