import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

import { Aedes, type AuthenticateError, type Client, type PublishPacket } from "aedes";
import type { Logger } from "pino";
import { RateLimiterMemory } from "rate-limiter-flexible";

import type { Hex } from "../core/bytes.ts";
import { parseLogin } from "../core/device-login.ts";
import { TraceError } from "../core/trace-error.ts";
import type { Tls } from "../tls.ts";
import { countUnderWay } from "../under-way.ts";
import { bytesOf, deliver, type DeliveryParts, type Outgoing } from "./deliveries.ts";
import { deviceOfUser, parseTopic } from "../core/topics.ts";
import { limitPackets } from "./packet-limit.ts";
import { telling } from "./telling.ts";
import type { Guest, UplinkDoor } from "./uplinks.ts";

export type BrokerParts = DeliveryParts & {
  readonly host: string;
  readonly port: number; // 0: any free one
  /** Our certificate and its key: then devices come by TLS, and not without it. */
  readonly tls?: Tls;
  readonly now: () => number; // ms
  readonly log: Pick<Logger, "info" | "warn" | "error">;

  /** Network servers that speak for devices which do not sign. */
  readonly uplinks: UplinkDoor;

  /** A device has subscribed to its receipts. */
  readonly onSubscribed: (device: Hex) => void;
};

/** Our own MQTT 3.1.1 broker. Its PUBACK means that the pack is on the disk. */
export type Broker = {
  readonly port: number;
  readonly publish: (message: Outgoing) => Promise<void>;
  readonly connected: () => boolean;
  readonly trouble: () => Error | undefined;

  /** Lets nobody in and takes no more. Resolves when what was taken is answered; others can still be told something. */
  readonly stop: () => Promise<void>;

  /** Hangs up. */
  readonly close: () => Promise<void>;
};

/**
 * Starts the broker. A device logs in with its key (core/device-login.ts), writes to its own `readings` and `key`
 * and hears its own `receipts` and `refusals`. That is only order: what makes a reading true is its signature.
 * A network server logs in with a password and writes and hears what is under its own topics; that is all there is
 * to what it says, so its packs say whose word they are.
 */
export async function startBroker(parts: BrokerParts): Promise<Broker> {
  const devices = new WeakMap<Client, Hex>();
  const guests = new WeakMap<Client, Guest>();
  const underWay = countUnderWay();
  let stopped = false;
  const guesses = new RateLimiterMemory({ points: 10, duration: 60 });
  const aedes = await Aedes.createBroker({
    authenticate: async (client, name, password, done) => {
      // A device's password is a signature, which nobody guesses.
      const mayGuess = deviceOfUser(name) === undefined;
      const address = (client.conn as Socket).remoteAddress ?? "";
      // Counted before it is looked at, or many at once would all be the first.
      const counted = mayGuess ? await settle(guesses.consume(address)) : {};
      if ("failure" in counted) return done(asRefusedLogin(TOO_MANY_GUESSES), false);
      const guest = guestOf(parts, client, name, password);
      if (guest !== undefined) {
        await guesses.reward(address);
        guests.set(client, guest);
        return done(null, true);
      }
      const outcome = await settle(login(parts, client, name, password));
      if ("failure" in outcome) return done(asRefusedLogin(outcome.failure), false);
      devices.set(client, outcome.value);
      done(null, true);
    },
    // Runs before the PUBACK, and many at once on one connection: they share commits.
    authorizePublish: async (client, packet, done) => {
      // Without an answer, aedes does not read on. The device sends again what nobody acknowledged.
      if (stopped) return;
      const device = client === null ? undefined : devices.get(client);
      const guest = client === null ? undefined : guests.get(client);
      const received =
        guest === undefined ? receive(parts, device, packet) : receiveOf(guest, packet);
      underWay.add(received);
      const outcome = await settle(received);
      if ("failure" in outcome) {
        // No PUBACK, and the connection ends: MQTT 3.1.1 lets a device resend only after that.
        logRefusal(outcome.failure, { device, guest, topic: packet.topic });
        return done(outcome.failure as Error);
      }
      done(null);
      if (outcome.value !== undefined) publish(outcome.value).catch(reportLost);
    },
    authorizeSubscribe: (client, subscription, done) => {
      const guest = guests.get(client);
      if (guest !== undefined)
        return done(null, guest.mayRead(subscription.topic) ? subscription : null);
      const device = devices.get(client);
      const topic = parseTopic(subscription.topic);
      const own = topic !== undefined && topic.device === device;
      // A null subscription is answered with 0x80 in the SUBACK [MQTT-3.9.3-2].
      if (!own || (topic.kind !== "receipts" && topic.kind !== "refusals")) return done(null, null);
      done(null, subscription);
      if (topic.kind === "receipts") parts.onSubscribed(topic.device);
    },
  });
  const reportLost = (failure: unknown): void => parts.log.warn({ err: failure }, "unsent answer");
  const isDue = telling(parts.now);
  const logged = new WeakSet<object>(); // aedes says again why it hung up
  const logRefusal = (
    failure: unknown,
    { device, guest, topic }: { device: Hex | undefined; guest: Guest | undefined; topic: string },
  ): void => {
    const [code, why] = [codeOf(failure), (failure as Error).message];
    if (failure instanceof Error) logged.add(failure);
    const source = guest?.name ?? device;
    if (code !== "NOT_ALLOWED") {
      const about = { err: failure, device, server: guest?.name };
      if (isDue(`now ${why}`)) parts.log.warn(about, "a publish could not be taken now");
    } else if (isDue(`${code} ${source}`)) {
      const remedy = guest === undefined ? OWN_TOPICS : remedyOf(guest);
      const about = { device, server: guest?.name, topic: topic.slice(0, 120), remedy };
      parts.log.warn(about, "a publish outside of its topics: hung up on whoever sent it");
    }
  };
  aedes.on("clientError", (client, failure) => {
    if (logged.has(failure) || !isDue(`client ${client.id} ${failure.message}`)) return;
    const about = { why: failure.message, client: client.id };
    parts.log.info(about, "a client's connection ended");
  });

  const publish = ({ qos = 1, ...message }: Outgoing): Promise<void> =>
    new Promise((resolve, reject) => {
      aedes.publish({ ...message, cmd: "publish", qos, dup: false }, (failure) =>
        failure ? reject(failure) : resolve(),
      );
    });

  const welcome = (socket: Socket): void => {
    socket.setNoDelay(true);
    limitPackets(socket);
    aedes.handle(socket);
  };
  const { cert, key } = parts.tls ?? {};
  const server =
    cert !== undefined && key !== undefined
      ? createTlsServer({ cert, key, minVersion: "TLSv1.2" }, welcome)
      : createServer(welcome);
  server.on("tlsClientError", (failure: Error) => {
    if (isDue(`tls ${failure.message}`))
      parts.log.info({ why: failure.message }, "a client did not come through TLS");
  });
  const hangUp = (): Promise<void> => new Promise((resolve) => aedes.close(resolve));
  try {
    await listenOn(server, parts.host, parts.port);
  } catch (failure) {
    await hangUp();
    throw failure;
  }
  const ended = new Promise((resolve) => server.once("close", resolve));
  const stop = (): Promise<void> => {
    stopped = true;
    server.close();
    return underWay.none();
  };
  return {
    port: (server.address() as AddressInfo).port,
    publish,
    connected: () => server.listening,
    trouble: () => undefined,
    stop,
    close: async () => {
      void stop();
      await hangUp();
      await ended;
    },
  };
}

async function login(
  parts: BrokerParts,
  client: Client,
  name: string | undefined,
  password: Uint8Array | undefined,
): Promise<Hex> {
  const device = deviceOfUser(name);
  if (device === undefined || password === undefined)
    throw new TraceError("NOT_ALLOWED", "a device logs in with its key id and a signed password");
  // A client id is an address: whoever took another device's would throw it out [MQTT-3.1.4-2].
  if (!client.id.startsWith(device.slice(2)) && !client.id.startsWith("aedes_"))
    throw new TraceError("NOT_ALLOWED", "the client id begins with the device's key id");
  const publicKey = await parseLogin(device, password, Math.floor(parts.now() / 1_000));
  parts.keys.learn(device, publicKey);
  return device;
}

/** The network server that the name and the password are of. */
function guestOf(
  { uplinks }: BrokerParts,
  client: Client,
  name: string | undefined,
  password: Uint8Array | undefined,
): Guest | undefined {
  // A device's client id is its address here, whoever else takes it.
  if (name === undefined || password === undefined || /^[0-9a-f]{64}/.test(client.id))
    return undefined;
  return uplinks.login(name, password);
}

async function receiveOf(
  { name, mayWrite, take }: Guest,
  packet: PublishPacket,
): Promise<Outgoing | undefined> {
  if (!mayWrite(packet.topic))
    throw new TraceError("NOT_ALLOWED", `${name} may not write to ${packet.topic.slice(0, 120)}`);
  packet.retain = false;
  return take(packet.topic, bytesOf(packet.payload));
}

async function receive(
  parts: BrokerParts,
  device: Hex | undefined,
  packet: PublishPacket,
): Promise<Outgoing | undefined> {
  const topic = parseTopic(packet.topic);
  const own = topic !== undefined && topic.device === device;
  if (!own || (topic.kind !== "readings" && topic.kind !== "key"))
    throw new TraceError("NOT_ALLOWED", `${device} may not write to ${packet.topic.slice(0, 120)}`);
  // Retained readings would be handed to later subscribers, and there are none.
  packet.retain = false;
  return deliver(parts, topic, bytesOf(packet.payload));
}

const OWN_TOPICS =
  "a device publishes to plotline/v1/{its key id}/readings and /key, and nowhere else";

const remedyOf = ({ rights }: Guest): string =>
  `let it publish under ${rights.join(", ")} only, or name its topics in SOURCES ("topics")`;

const codeOf = (failure: unknown): string | undefined =>
  failure instanceof TraceError ? failure.code : undefined;

type Outcome<T> = { readonly value: T } | { readonly failure: unknown };

const settle = <T>(work: Promise<T>): Promise<Outcome<T>> =>
  work.then(
    (value) => ({ value }),
    (failure: unknown) => ({ failure }),
  );

const TOO_MANY_GUESSES = new TraceError("UNAVAILABLE", "too many wrong passwords; wait a minute");

const BAD_USER_NAME_OR_PASSWORD = 4;
const SERVER_UNAVAILABLE = 3;

function asRefusedLogin(failure: unknown): AuthenticateError {
  const refused = failure instanceof TraceError && failure.code !== "UNAVAILABLE";
  return Object.assign(new Error((failure as Error).message), {
    returnCode: refused ? BAD_USER_NAME_OR_PASSWORD : SERVER_UNAVAILABLE,
  });
}

const listenOn = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, resolve);
  });
