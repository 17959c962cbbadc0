import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";

import { connectAsync, type MqttClient } from "mqtt";

import { buildPack } from "../../gateway/core/build-pack.ts";
import { toHex } from "../../gateway/core/bytes.ts";
import { buildLogin } from "../../gateway/core/device-login.ts";
import { topicOf, userNameOf } from "../../gateway/core/topics.ts";
import { deviceKey, newDeviceKey, type DeviceKey } from "../device/key.ts";
import type { PartName, PartOptions, PartSays } from "./ingest-parts.ts";

/** A running part. */
export type Part = {
  readonly port: number;
  /** Resolves when it has handled so many messages in all. */
  readonly handled: (count: number) => Promise<void>;
  readonly used: () => Promise<{ readonly cpu: number; readonly rss: number }>;
  readonly stop: () => void;
};

export async function startPart(name: PartName, options: PartOptions): Promise<Part> {
  const script = join(import.meta.dirname, "ingest-parts.ts");
  const child = fork(script, [name, JSON.stringify(options)], { execArgv: ["--no-warnings"] });
  const { ready } = await heard(child, "ready", () => true);
  return {
    port: ready,
    handled: async (count) => {
      await heard(child, "handled", ({ handled }) => handled >= count);
    },
    used: () => {
      const answer = heard(child, "cpu", () => true);
      child.send("use");
      return answer;
    },
    stop: () => {
      child.kill("SIGKILL");
    },
  };
}

type Saying<K extends string> = Extract<PartSays, Record<K, unknown>>;

const heard = <K extends "ready" | "handled" | "cpu">(
  child: ChildProcess,
  key: K,
  holds: (said: Saying<K>) => boolean,
): Promise<Saying<K>> =>
  new Promise((resolve, reject) => {
    const listen = (said: PartSays): void => {
      if (!(key in said) || !holds(said as Saying<K>)) return;
      child.off("message", listen);
      resolve(said as Saying<K>);
    };
    child.on("message", listen);
    child.once("exit", () => reject(new Error("a part of the bench ended")));
  });

/** A device whose packs are signed before any clock runs. */
export type Sender = { readonly key: DeviceKey; readonly packs: readonly Buffer[] };

export async function makeSenders(
  devices: number,
  packs: number,
  readings: number,
): Promise<readonly Sender[]> {
  const start = Date.now() - 86_400_000;
  const senders: Sender[] = [];
  for (let i = 0; i < devices; i++) {
    const key = deviceKey(newDeviceKey());
    const made: Buffer[] = [];
    for (let seq = 0; seq < packs; seq++) {
      const records = Array.from({ length: readings }, (_, at) => ({
        name: "temperature",
        unit: "Cel",
        value: 20 + ((seq + at) % 100) / 10,
        time: start + seq * 1_000 + at * 10,
      }));
      const { keyId, sign } = key;
      const pack = await buildPack({ form: "cose", keyId, epoch: 0, seq, records, sign });
      made.push(Buffer.from(pack));
    }
    senders.push({ key, packs: made });
  }
  return senders;
}

/** A sender's connection. The password is for our own broker; others look at none. */
export async function connectSender({ key }: Sender, port: number): Promise<MqttClient> {
  const { keyId, publicKey, sign } = key;
  const time = Math.floor(Date.now() / 1_000);
  return connectAsync(`mqtt://127.0.0.1:${port}`, {
    clientId: userNameOf(keyId),
    username: userNameOf(keyId),
    password: await buildLogin({ device: keyId, publicKey: toHex(publicKey), time }, sign),
  });
}

const WINDOW = 100;

/** Sends everything as fast as acknowledgements come, `WINDOW` at a time for each device. */
export async function sendAll(
  senders: readonly Sender[],
  clients: readonly MqttClient[],
): Promise<void> {
  await Promise.all(
    senders.map(async ({ key, packs }, i) => {
      let next = 0;
      const lane = async (): Promise<void> => {
        for (let pack = packs[next++]; pack !== undefined; pack = packs[next++])
          await clients[i]?.publishAsync(topicOf(key.keyId, "readings"), pack, { qos: 1 });
      };
      await Promise.all(Array.from({ length: WINDOW }, lane));
    }),
  );
}

/** Sends at a rate (packs a second in all), and gives back how long (ms) each acknowledgement took. */
export async function sendAtRate(
  senders: readonly Sender[],
  clients: readonly MqttClient[],
  rate: number,
): Promise<readonly number[]> {
  const queue = (senders[0]?.packs ?? []).flatMap((_, seq) =>
    senders.map(({ key, packs }, i) => ({ key, pack: packs[seq], client: clients[i] })),
  );
  const start = performance.now();
  const took: Promise<number>[] = [];
  while (took.length < queue.length) {
    const due = Math.min(queue.length, ((performance.now() - start) / 1_000) * rate);
    while (took.length < due) {
      const { key, pack, client } = queue[took.length] ?? {};
      if (key === undefined || pack === undefined || client === undefined) break;
      const sent = performance.now();
      const publish = client.publishAsync(topicOf(key.keyId, "readings"), pack, { qos: 1 });
      took.push(publish.then(() => performance.now() - sent));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return Promise.all(took);
}
