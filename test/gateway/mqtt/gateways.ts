import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { pino, type Logger } from "pino";

import { buildPack } from "../../../gateway/core/build-pack.ts";
import { ROLES } from "../../../gateway/core/operations.ts";
import { topicOf, userNameOf } from "../../../gateway/core/topics.ts";
import { startIngest, type Ingest, type IngestParts } from "../../../gateway/ingest.ts";
import { openStore } from "../../../gateway/store/open.ts";
import type { Sql } from "../../../gateway/store/schema.ts";
import { deviceKey, newDeviceKey } from "../../../scripts/device/key.ts";
import { deviceNamed, SIGNER } from "../samples.ts";

export const KEY = deviceKey(newDeviceKey());
export const USER = userNameOf(KEY.keyId);
export const READINGS = topicOf(KEY.keyId, "readings");

const ENROLLED = {
  party: deviceNamed("a cooperative"),
  roles: ROLES.device,
  from: 0,
  until: 2 ** 40,
  number: 0,
  content: deviceNamed("an enrolment"),
};

/** One reading of the device, signed, in a Buffer as MQTT.js wants it. */
export const packOf = async (
  seq: number,
  { form = "cose" as "cose" | "jws", value = 21, time = Date.now() } = {},
): Promise<Buffer> =>
  Buffer.from(
    await buildPack({
      form,
      keyId: KEY.keyId,
      epoch: 0,
      seq,
      records: [{ name: "temperature", unit: "Cel", value, time }],
      sign: KEY.sign,
    }),
  );

/** Gateways without a chain over one store in a folder of a test's own, for which the device is enrolled. */
export type Gateways = {
  readonly db: Sql;
  readonly start: (mqtt: IngestParts["mqtt"], log?: Logger) => Promise<Ingest>;
  /** How many packs are in the store. */
  readonly stored: () => Promise<number>;
  /** Connects with these options and shows the device's key, as a device does. */
  readonly device: (url: string, options: IClientOptions) => Promise<MqttClient>;
  readonly end: () => Promise<void>;
};

export async function openGateways(): Promise<Gateways> {
  const folder = mkdtempSync(join(tmpdir(), "plotline-gateways-"));
  const store = await openStore({ dataDir: folder });
  const closers: (() => Promise<unknown>)[] = [];
  return {
    db: store.db,
    start: async (mqtt, log = pino({ level: "silent" })) => {
      const ingest = await startIngest({
        store,
        signer: SIGNER,
        keyOf: async () => ENROLLED,
        now: Date.now,
        log,
        mqtt,
      });
      closers.push(ingest.close);
      return ingest;
    },
    stored: async () => (await store.db.selectFrom("packs").select("id").execute()).length,
    device: async (url, options) => {
      const all = { clientId: USER, reconnectPeriod: 0, ...options };
      const client = await connectAsync(url, all, false);
      closers.push(() => client.endAsync(true));
      const [topic, key] = [topicOf(KEY.keyId, "key"), Buffer.from(KEY.publicKey)];
      await client.publishAsync(topic, key, { qos: 1, retain: true });
      return client;
    },
    end: async () => {
      for (const close of closers.toReversed()) await close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Waits for what the outside world does in its own time. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
