import { connect, type MqttClient, type IPublishPacket } from "mqtt";
import type { Logger } from "pino";

import { parseTopic } from "../core/topics.ts";
import { TraceError } from "../core/trace-error.ts";
import type { Tls } from "../tls.ts";
import { countUnderWay } from "../under-way.ts";
import { acksOf, type Acks } from "./acks.ts";
import { telling } from "./telling.ts";
import type { UplinkDoor } from "./uplinks.ts";
import { bytesOf, deliver, type DeliveryParts, type Outgoing } from "./deliveries.ts";

export type BrokerClientParts = DeliveryParts & {
  readonly url: string; // mqtt, mqtts, ws or wss, with user and password if need be
  readonly uplinks: UplinkDoor;
  readonly clientId: string; // the same after every start: the broker keeps what we miss under it
  readonly now: () => number; // ms
  readonly log: Pick<Logger, "info" | "warn">;

  /** Several gateways share the work (MQTT 5, 4.8.2) under this name. */
  readonly group?: string;
  readonly tls?: Tls;
};

/** Our end of somebody else's broker. */
export type BrokerClient = {
  readonly publish: (message: Outgoing) => Promise<void>;
  /** Whether we are connected and have subscribed. */
  readonly connected: () => boolean;
  /** What kept us from it the last time; undefined while we are, and where nobody said anything. */
  readonly trouble: () => Error | undefined;
  /** Takes no more. Resolves when what was taken is answered; the broker still gets what we publish. */
  readonly stop: () => Promise<void>;
  /** Hangs up. */
  readonly close: () => Promise<void>;
};

/** How many messages may be on their way to the disk: bounds memory, and is the broker's window. */
export const WINDOW = 1_000;
const ONE_GATEWAY =
  "where several gateways share the database, name these feeds in the SOURCES of one of them: each would count as lost what only it missed";
const FOR_EVER = 0xffffffff; // seconds: MQTT 5, 3.1.2.11.2
const RECONNECT = 1_000;
const OTHER_VERSION = 1; // MQTT 3.1.1, 3.2.2.3: unacceptable protocol version

/**
 * Takes readings from a broker of MQTT 5 or 3.1.1, through a session that outlives us. A message is
 * acknowledged after it is durable, many at a time; one that cannot be stored ends the connection, so that it
 * comes again. Connects, and connects again, in the background.
 */
export function startBrokerClient(parts: BrokerClientParts): BrokerClient {
  const { url, clientId, group, tls, log } = parts;
  const isDue = telling(parts.now);
  const feeds = parts.uplinks.filters.filter(({ whole }) => whole).map(({ filter }) => filter);
  if (group !== undefined && feeds.length > 0)
    log.warn(
      { feeds, remedy: ONE_GATEWAY },
      "Sparkplug is for one gateway of a database at a time",
    );
  const client = connect(url, {
    ...(tls?.ca !== undefined && { ca: tls.ca }),
    ...(tls?.cert !== undefined && { cert: tls.cert }),
    ...(tls?.key !== undefined && { key: tls.key }),
    clientId,
    protocolVersion: 5,
    clean: false,
    reconnectPeriod: RECONNECT,
    reconnectOnConnackError: true, // or one "not now" would be for ever
    resubscribe: false,
    manualConnect: true,
    properties: { sessionExpiryInterval: FOR_EVER, receiveMaximum: WINDOW },
  });
  const answers = makeAnswers(client);
  let [welcomed, listening] = [false, false];
  let trouble: (Error & { readonly code?: unknown }) | undefined;
  let connection: unknown;
  let acks: Acks | undefined;
  let resume: (() => void) | undefined;
  let stopped = false;

  const isFull = (): boolean => (acks?.owed() ?? 0) >= WINDOW || underWay.count() >= WINDOW;
  const settled = (): void => {
    if (isFull()) return;
    const goOn = resume;
    resume = undefined; // before: it may set the next one
    goOn?.();
  };
  const underWay = countUnderWay(settled);
  const report = (failure: unknown): void => {
    const why = failure instanceof Error ? failure.message : String(failure);
    if (isDue(why)) log.warn({ err: failure }, "a reading could not be taken now");
  };
  // A broker may send what it kept before we have subscribed anew, so this is in place before connecting.
  client.handleMessage = (packet: IPublishPacket, next) => {
    // It comes again on the next connection. Reading goes on, or we would not hear the PUBACKs of our receipts.
    if (stopped) return next(new Error("the gateway is closing"));
    if (client.stream !== connection || acks === undefined) {
      connection = client.stream;
      acks = acksOf(client.stream, settled, report);
    }
    const accepted = receive(parts, answers, packet);
    underWay.add(accepted);
    if (packet.qos === 0)
      accepted.catch(report); // whoever sends like this wants no promise
    else acks.owe(packet.messageId ?? 0, accepted);
    // An error keeps MQTT.js from acknowledging by itself; `next` called late holds up the socket.
    const goOn = (): void => next(new Error("acknowledged when it is durable"));
    if (isFull()) resume = goOn;
    else goOn();
  };

  // A broker that is away says the same every second.
  const note = (failure: Error, words: string): void => {
    if (failure.message !== trouble?.message) log.warn({ err: failure }, words);
    trouble = failure;
  };
  const listen = async (): Promise<void> => {
    const { protocolVersion } = client.options;
    try {
      await subscribe(client, parts.uplinks, protocolVersion === 5 ? group : undefined);
      [listening, trouble] = [true, undefined];
      log.info({ version: protocolVersion }, "reading from the broker");
    } catch (failure) {
      note(failure as Error, "the broker does not let us read");
      client.stream.destroy();
    }
  };
  client.on("connect", () => {
    welcomed = true;
    void listen();
  });
  let silent = true;
  client.on("close", () => {
    listening = false;
    answers.lose();
    // Brokers of MQTT 3.1.1 hang up on a greeting in MQTT 5, some without a word. One that cannot be
    // reached, or refuses us for another reason, may well speak it.
    if (!welcomed && (silent || trouble?.code === OTHER_VERSION))
      client.options.protocolVersion = client.options.protocolVersion === 5 ? 4 : 5;
    silent = true;
  });
  client.on("error", (failure) => {
    silent = false;
    note(failure, "trouble with the broker");
  });
  client.connect();

  return {
    publish: answers.publish,
    connected: () => listening && !stopped,
    trouble: () => trouble,
    stop: () => {
      stopped = true;
      return underWay.none();
    },
    close: async () => {
      stopped = true;
      client.options.reconnectPeriod = 0; // ended while it connects, MQTT.js would go on doing so
      // With nobody there, it would wait for ever for what is in its hands.
      const away = new Promise<void>((resolve) => client.once("close", resolve));
      await Promise.race([away, client.endAsync(!client.connected)]);
    },
  };
}

async function subscribe(
  client: MqttClient,
  { filters }: UplinkDoor,
  group: string | undefined,
): Promise<void> {
  const share = group === undefined ? "" : `$share/${group}/`;
  // Keys are for every gateway, and shared subscriptions get no retained messages (MQTT 5, 4.8.2). At QoS 1
  // a broker brings QoS 2 down [MQTT-3.8.4-8], whose PUBREC would come before anything is durable.
  const uplinks = filters.map(({ filter, whole }) => (whole ? filter : share + filter));
  const topics = [`${share}plotline/v1/+/readings`, "plotline/v1/+/key", ...uplinks];
  await client.subscribeAsync(topics, { qos: 1 });
}

async function receive(
  parts: BrokerClientParts,
  { publish }: Answers,
  packet: IPublishPacket,
): Promise<void> {
  const topic = parseTopic(packet.topic);
  const payload = bytesOf(packet.payload);
  const answer = await (topic === undefined
    ? parts.uplinks.take(packet.topic, payload)
    : deliver(parts, topic, payload));
  // Not awaited: its PUBACK comes behind whatever this message holds up. If lost, it is asked for again.
  if (answer !== undefined) publish(answer).catch(() => {});
}

/** What the gateway says, on its way to the broker. */
type Answers = {
  /** Resolves with the broker's PUBACK. Rejects with UNAVAILABLE where the connection ends before. */
  readonly publish: (message: Outgoing) => Promise<void>;
  readonly lose: () => void;
};

/** MQTT.js would queue and wait without end while the broker is away; what is lost here is asked for again. */
function makeAnswers(client: MqttClient): Answers {
  const away = new TraceError("UNAVAILABLE", "the broker is away");
  const waiting = new Set<(reason: TraceError) => void>();
  return {
    publish: async ({ topic, payload, retain, qos = 1 }) => {
      if (!client.connected) throw away;
      await new Promise<void>((resolve, reject) => {
        waiting.add(reject);
        client.publish(topic, payload, { qos, retain }, (failure) => {
          waiting.delete(reject);
          if (failure) reject(failure);
          else resolve();
        });
      });
    },
    lose: () => {
      for (const reject of waiting) reject(away);
      waiting.clear();
    },
  };
}
