import type { Logger } from "pino";
import type { Metric } from "prom-client";

import { packIntake, type PackIntake } from "./capture-pack.ts";
import { uplinkIntake } from "./capture-uplink.ts";
import { cachedKeys, publicKeys, type KeyOf, type PublicKeys } from "./device-keys.ts";
import { measured } from "./ingest-metrics.ts";
import { startJudges } from "./judges.ts";
import type { LogHead } from "./log-head.ts";
import { claimLog, type LogSigner } from "./log-signer.ts";
import { startBroker, type Broker, type BrokerParts } from "./mqtt/broker.ts";
import type { BrokerClient, BrokerClientParts } from "./mqtt/client.ts";
import { uplinkDoor } from "./mqtt/uplinks.ts";
import { startReceipts } from "./receipts.ts";
import { startSequencer, type Sequencer } from "./sequencer-loop.ts";
import type { Floor } from "./sequencer.ts";
import type { Source } from "./sources.ts";
import type { Store } from "./store/open.ts";
import type { CheckpointRow } from "./store/schema.ts";
import { uplinkCounts } from "./uplink-metrics.ts";

export type IngestParts = {
  readonly store: Store;
  readonly signer: LogSigner;
  readonly keyOf: KeyOf;
  readonly now: () => number; // ms
  readonly log: Logger;

  /** Where our own broker listens (port 0: any free one), or whose broker we read from. */
  readonly mqtt:
    | Pick<BrokerParts, "host" | "port" | "tls">
    | Pick<BrokerClientParts, "url" | "clientId" | "group" | "tls">;

  /** Network servers that speak for devices which do not sign. */
  readonly sources?: readonly Source[];

  /** Threads that verify signatures when there are many; none: here. */
  readonly threads?: number;

  /** The newest checkpoint that the chain has of this log. */
  readonly anchored?: () => Promise<Floor | undefined>;

  /** What left this machine, remembered apart from the store. */
  readonly head?: LogHead;

  /** The log has grown, durably. */
  readonly onCheckpoint?: (checkpoint: CheckpointRow) => void;
};

/** Everything between a sensor and the log, running. */
export type Ingest = {
  /** Of our own broker; undefined with somebody else's. */
  readonly mqttPort: number | undefined;

  /** Whether readings can reach us. */
  readonly connected: () => boolean;
  /** What kept us from somebody else's broker the last time. */
  readonly brokerTrouble: () => Error | undefined;
  readonly intake: PackIntake;
  /** Hears a device's public key from another door than the broker's. */
  readonly learn: PublicKeys["learn"];
  readonly sequencer: Sequencer;

  /** For somebody's Prometheus registry. */
  readonly metrics: readonly Metric[];

  /**
   * Takes no more from the broker, stores and sequences what was taken, sends the receipts and stops. What `intake`
   * is given by other doors from now on may stay unsequenced until the next start. The store stays open.
   */
  readonly close: () => Promise<void>;
};

type Line = (Broker | BrokerClient) & { readonly port?: number };

/**
 * Starts broker, intake, sequencer and receipts over an open store. Throws OTHER_CHAIN for another log's store, and
 * what keeps the broker from listening: then nothing is left running.
 */
export async function startIngest(parts: IngestParts): Promise<Ingest> {
  const { store, signer, now, log } = parts;
  await claimLog(store, signer);
  let line: Line | undefined;
  const receipts = startReceipts({
    db: store.db,
    signer,
    now,
    publish: async (message) => line?.publish(message),
    onTrouble: (failure, late) => log.warn({ err: failure, late }, "receipts are late"),
  });
  const sequencer = startSequencer({
    store,
    signer,
    now,
    log,
    ...(parts.anchored && { anchored: parts.anchored }),
    ...(parts.head && { head: parts.head }),
    onGrowth: (progress, checkpoint) => {
      receipts.grown(progress, checkpoint.size);
      parts.onCheckpoint?.(checkpoint);
    },
  });
  const keys = publicKeys(store.db);
  const keyOf = cachedKeys(parts.keyOf, now);
  const judges = startJudges(parts.threads ?? 0);
  const { judge } = judges;
  const { intake, metrics } = measured(
    packIntake({ store, keyOf, keys, judge, now, onNew: sequencer.wake }),
    store.db,
  );
  const uplinks = uplinkIntake({ store, keyOf, keys, now, onNew: sequencer.wake });
  const counts = uplinkCounts();
  const { sources = [] } = parts;
  const door = uplinkDoor({ sources, intake: uplinks, counts, now, log });
  const delivery = { intake, signer, keys, log, uplinks: door, onDuplicate: receipts.again };
  const closeInner = async (): Promise<void> => {
    await sequencer.close();
    await receipts.close();
    await judges.close();
  };
  try {
    if ("url" in parts.mqtt) {
      const { startBrokerClient } = await import("./mqtt/client.ts"); // ours needs no client's memory
      line = startBrokerClient({ ...delivery, ...parts.mqtt, now });
    } else
      line = await startBroker({ ...delivery, ...parts.mqtt, now, onSubscribed: receipts.ask });
  } catch (failure) {
    await closeInner();
    throw failure;
  }
  const { port, connected, trouble, stop, close } = line;
  return {
    mqttPort: port,
    connected,
    brokerTrouble: trouble,
    intake,
    learn: keys.learn,
    sequencer,
    metrics: [...metrics, ...counts.metrics],
    close: async () => {
      await stop();
      await intake.drained();
      await uplinks.drained();
      await closeInner();
      await close();
    },
  };
}
