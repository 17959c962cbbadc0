import { appendFileSync } from "node:fs";

import { p256 } from "@noble/curves/nist.js";

import { MOST_AHEAD } from "../../../gateway/capture-pack.ts";
import { fromHex } from "../../../gateway/core/bytes.ts";
import { createDevice, type Device } from "../../../scripts/device/device.ts";
import type { DeviceKey } from "../../../scripts/device/key.ts";
import { fileOutbox, type Outbox } from "../../../scripts/device/outbox.ts";
import { personOf, type Person } from "../../contracts/person.ts";
import { SIGNER } from "../../gateway/samples.ts";
import { forgetfulOutbox, newHistory } from "../history.ts";
import type { Network } from "./network.ts";
import { runOn, type Machine, type Scheduler } from "./scheduler.ts";
import type { Witness } from "./witness.ts";

/** The devices that the simulated chain knows. */
export const DEVICES: readonly Person[] = ["first", "second", "third"].map((name) =>
  personOf(`the ${name} sensor`, `0x${"dd".repeat(32)}`),
);

/** A key that signs the same bytes the same way each time (RFC 6979), so that a seed makes the same log. */
const keyOf = ({ key, publicKey, secret }: Person): DeviceKey => ({
  keyId: key,
  publicKey: fromHex(publicKey),
  sign: (message) => p256.sign(message, secret, { lowS: true }),
});

/** A sensor that boots, sends and dies. */
export type Sensor = {
  /** Ends what it does, wherever it is; it boots again after `downtime` (ms). */
  readonly crash: (downtime: number) => void;
  readonly rest: () => void; // measures no more
  readonly unreceipted: () => number;
  skew: number; // ms that its clock is ahead
};

export type SensorParts = {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly witness: Witness;
  readonly person: Person;
  readonly outboxPath: string;
  /** It forgets with the PUBACK, so that nothing but the gateway can still have a pack. */
  readonly forgetful: boolean;
  /** Whether a PUBACK is the gateway's own word. */
  readonly ownBroker: boolean;
};

const PORT = 1883;

export function startSensor(parts: SensorParts): Sensor {
  const { scheduler, network, witness, person, outboxPath, forgetful, ownBroker } = parts;
  const { between, after, chance } = scheduler;
  let [life, measuring] = [0, true];
  let machine: Machine;
  let outbox: Outbox | undefined;

  const open = () => {
    const kept = forgetful
      ? { ...forgetfulOutbox(newHistory(), person.key), epoch: life - 1 }
      : { ...fileOutbox(outboxPath), forget: () => {} };
    return {
      ...kept,
      keep: (pack: Parameters<Outbox["keep"]>[0]) => {
        witness.sent(person.key, pack);
        kept.keep(pack);
      },
      receipt: (epoch: number, seq: number) => {
        witness.receipted(person.key, { epoch, seq });
        kept.receipt(epoch, seq);
      },
    };
  };
  const boot = async (): Promise<void> => {
    const opened = open();
    outbox = opened;
    const device = await createDevice({
      key: keyOf(person),
      url: `mqtt://broker:${PORT}`,
      logKey: SIGNER.publicKey,
      now: () => scheduler.now() + sensor.skew,
      outbox: opened,
      resend: 10_000,
      form: chance(0.5) ? "cose" : "jws",
    }).catch((failure: unknown) => {
      scheduler.note(`${machine.name} does not connect: ${String(failure)}`);
      opened.close();
    });
    if (device === undefined) start(between(500, 5_000));
    else measure(device, opened.forget);
  };
  const measure = async (
    device: Device,
    forget: (pack: { epoch: number; seq: number }) => void,
  ): Promise<void> => {
    const time = scheduler.now() + sensor.skew;
    if (measuring) {
      const ahead = sensor.skew > MOST_AHEAD;
      const value = between(-100, 400) / 10;
      const pack = await device.send([{ name: "temperature", unit: "Cel", value, time }]);
      const { acknowledged, epoch, seq } = pack;
      const heard = async (): Promise<void> => {
        await acknowledged;
        // One that is too far ahead is answered with "never", and acknowledged so that it does not come again.
        if (ownBroker && !ahead) witness.acknowledged(person.key, { epoch, seq });
        forget({ epoch, seq });
      };
      void heard();
    }
    after(between(500, 6_000), machine, "measures", () => measure(device, forget));
  };
  const start = (downtime: number): void => {
    if (machine !== undefined) {
      machine.alive = false;
      network.cut(machine, chance(0.5));
    }
    machine = { name: `sensor ${person.key.slice(2, 6)}#${life++}`, alive: true };
    after(downtime, machine, "boots", boot);
  };
  const sensor: Sensor = {
    crash: (downtime) => {
      // A write that the power cut tore.
      if (!forgetful && outbox !== undefined && chance(0.5))
        appendFileSync(outboxPath, `{"keep":[0,${between(0, 99)},"`);
      start(downtime);
    },
    rest: () => {
      measuring = false;
    },
    unreceipted: () => outbox?.size() ?? 0,
    skew: 0,
  };
  start(between(0, 1_000));
  return runOn(scheduler, { name: "setup", alive: true }, () => sensor);
}
