import { join } from "node:path";

import type { Config } from "./config.ts";
import { toBase64Url } from "./core/bytes.ts";
import type { IngestParts } from "./ingest.ts";
import { choosePort } from "./ports.ts";
import { keepSecret } from "./secrets.ts";

/** Where readings come from by the configuration: our own broker, or a lasting session at somebody's. */
export async function mqttPlace(
  { mqttUrl, mqttPort, mqttTls: tls, host, dataDir, databaseUrl }: Config,
  random: (length: number) => Uint8Array,
): Promise<IngestParts["mqtt"]> {
  if (mqttUrl === undefined) return { host, port: await choosePort(host, mqttPort), tls };
  // The broker keeps what we miss under this name, so that it has to be the same after every start.
  const clientId = keepSecret(join(dataDir, "mqtt.id"), {
    given: undefined,
    make: () => `plotline${toBase64Url(random(9)).replaceAll(/[-_]/g, "0")}`,
  });
  // Gateways of one database share the work.
  return { url: mqttUrl, clientId, tls, ...(databaseUrl !== undefined && { group: "plotline" }) };
}

/** A broker's URL as it may be shown: without user and password. */
export function withoutSecret(text: string): string {
  const url = new URL(text);
  [url.username, url.password] = ["", ""];
  return url.href;
}
