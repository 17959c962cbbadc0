import { once } from "node:events";
import { connect } from "node:net";

import { buildPack } from "../../gateway/core/build-pack.ts";
import { toHex } from "../../gateway/core/bytes.ts";
import { buildLogin } from "../../gateway/core/device-login.ts";
import { topicOf, userNameOf } from "../../gateway/core/topics.ts";
import { deviceKey, newDeviceKey, type DeviceKey } from "../device/key.ts";
import { ackReader, connectFrame, publishFrame } from "./mqtt-wire.ts";

/** A device whose packs are signed, and framed for the wire, before any clock runs. */
export type Sender = {
  readonly key: DeviceKey;
  readonly packs: readonly Uint8Array[];
  /** All PUBLISH frames one after another; `ends[i]` is where the i-th ends. Its packet id is i + 2. */
  readonly frames: Buffer;
  readonly ends: readonly number[];
};

/** Packs of `readings` temperatures each, numbered from 0. At most 65,000 a device: each has its own packet id. */
export async function makeSender(count: number, readings: number): Promise<Sender> {
  const key = deviceKey(newDeviceKey());
  const { keyId, sign } = key;
  const start = Date.now() - 86_400_000;
  const packs: Uint8Array[] = [];
  const frames: Buffer[] = [];
  const ends: number[] = [];
  for (let seq = 0, end = 0; seq < count; seq++) {
    const records = Array.from({ length: readings }, (_, at) => ({
      name: "temperature",
      unit: "Cel",
      value: 20 + ((seq + at) % 100) / 10,
      time: start + seq * 1_000 + at * 10,
    }));
    const pack = await buildPack({ form: "cose", keyId, epoch: 0, seq, records, sign });
    const frame = publishFrame(topicOf(keyId, "readings"), pack, seq + 2);
    packs.push(pack);
    frames.push(frame);
    ends.push((end += frame.length));
  }
  return { key, packs, frames: Buffer.concat(frames), ends };
}

/** A device's connection. */
export type Lane = {
  /** Sends the next `count` packs as fast as acknowledgements come, and resolves with the last of these. */
  readonly send: (count: number) => Promise<void>;
  /** Sends the next `count` packs at once. */
  readonly push: (count: number) => void;
  /** Resolves when all that was sent is acknowledged, with how long (ms) each took that was pushed since the last time. */
  readonly took: () => Promise<readonly number[]>;
  readonly close: () => void;
};

const WINDOW = 100;

/** A promise that others settle. */
function makeGate() {
  let resolve = (): void => {};
  let reject = (_reason: Error): void => {};
  const promise = new Promise<void>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  return { promise, resolve, reject };
}

/** Logs in, as our own broker asks it of devices, and shows the device's key, as others' brokers need it. */
export async function openLane({ key, frames, ends }: Sender, port: number): Promise<Lane> {
  const { keyId, publicKey, sign } = key;
  const name = userNameOf(keyId);
  const time = Math.floor(Date.now() / 1_000);
  const login = { device: keyId, publicKey: toHex(publicKey), time };
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const password = await buildLogin(login, sign);
  socket.write(connectFrame({ clientId: name, username: name, password }));
  socket.write(publishFrame(topicOf(keyId, "key"), publicKey, 1));

  let [sent, acked, goal] = [0, 0, 0];
  const started: number[] = [];
  const times: number[] = [];
  let due = makeGate();
  const shown = makeGate();
  const write = (count: number): void => {
    if (count <= 0) return;
    socket.write(frames.subarray(ends[sent - 1] ?? 0, ends[sent + count - 1]));
    sent += count;
  };
  const pump = (): void => write(Math.min(goal - sent, WINDOW - (sent - acked)));
  const read = ackReader();
  const fail = (reason: Error): void => {
    shown.reject(reason);
    due.reject(reason);
  };
  due.promise.catch(() => {});
  socket.on("error", fail);
  socket.on("close", () => fail(new Error("the broker hung up")));
  socket.on("data", (chunk: Buffer) => {
    const now = performance.now();
    for (const id of read(chunk)) {
      const start = started[id - 2];
      if (id === 1) shown.resolve();
      else acked += 1;
      if (start !== undefined) times.push(now - start);
    }
    pump();
    if (acked >= goal) due.resolve();
  });
  await shown.promise;
  const until = (count: number): Promise<void> => {
    if (count > ends.length) throw new RangeError(`a sender of ${ends.length} packs, not ${count}`);
    goal = count;
    due = makeGate();
    pump();
    if (acked >= goal) due.resolve();
    return due.promise;
  };
  return {
    send: (count) => until(sent + count),
    push: (count) => {
      const most = Math.min(count, ends.length - sent);
      const now = performance.now();
      for (let i = 0; i < most; i++) started[sent + i] = now;
      write(most);
    },
    took: async () => {
      await until(sent);
      return times.splice(0);
    },
    close: () => {
      socket.removeAllListeners("close").destroy();
    },
  };
}

/** Pushes at a steady rate (packs a second over all lanes) for `time` ms; how long (ms) each acknowledgement took. */
export async function pushAtRate(
  lanes: readonly Lane[],
  rate: number,
  time: number,
): Promise<readonly number[]> {
  const start = performance.now();
  for (let pushed = 0, spent = 0; spent < time; spent = performance.now() - start) {
    const due = Math.floor((Math.min(spent, time) / 1_000) * rate);
    const each = Math.floor((due - pushed) / lanes.length);
    for (const [i, lane] of lanes.entries())
      lane.push(each + (i < (due - pushed) % lanes.length ? 1 : 0));
    pushed = due;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return (await Promise.all(lanes.map((lane) => lane.took()))).flat();
}
