import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { fromBase64Url, toHex, type Hex } from "../../gateway/core/bytes.ts";
import type { Reading } from "../../gateway/core/envelope.ts";
import { fingerprintOf } from "../../gateway/core/key-id.ts";
import { writeDurably } from "../../gateway/secrets.ts";
import { createDevice, type Device } from "./device.ts";
import { deviceKey, newDeviceKey, type DeviceKey } from "./key.ts";
import { fileOutbox, memoryOutbox } from "./outbox.ts";
import { SimulationError } from "./simulation-error.ts";

export type SimulateOptions = {
  readonly folder: string;
  readonly gateway: string;
  readonly url: string;
  readonly password?: string;
  readonly devices: number;
  readonly rate: number; // packs a second
  readonly count: number; // 0: no end
  readonly readings: number; // a pack
  readonly form: "cose" | "jws";
  readonly memory?: boolean;
};

/** What whoever started the devices can do about a refusal. */
const REMEDIES: Readonly<Record<string, string>> = {
  NOT_ALLOWED: "; such packs are set aside",
  UNKNOWN_SIGNER: '; "enrol" hands in a code of a cooperative, which then approves the device',
};

/** The keys of a folder's first `count` devices, made where they are missing. */
export const makeDevices = (
  folder: string,
  count: number,
): readonly { readonly keyId: Hex; readonly publicKey: Hex }[] =>
  keysIn(folder, count).map(({ keyId, publicKey }) => ({ keyId, publicKey: toHex(publicKey) }));

/**
 * Asks the gateway to enrol one device for each code, and prints the fingerprint that whoever approves compares. Throws
 * SimulationError, with the gateway's own words where it answers.
 */
export async function enrolDevices(
  folder: string,
  gateway: string,
  codes: readonly string[],
): Promise<void> {
  for (const [i, { keyId, publicKey }] of makeDevices(folder, codes.length).entries()) {
    const response = await answerOf(gateway, "/api/enrolments", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code: codes[i], publicKey }),
    });
    if (!response.ok) throw new SimulationError(`code ${codes[i]}: ${await wordsOf(response)}`);
    console.log(`${fingerprintOf(keyId)} waits for approval`);
  }
}

/**
 * Sends packs at a rate until `count` or SIGINT, waits for the receipts, and says what came of it. Throws
 * SimulationError where gateway or broker do not answer.
 */
export async function simulate(options: SimulateOptions): Promise<void> {
  const logKey = await logKeyOf(options.gateway);
  const refusals = new Map<string, number>();
  const devices: Device[] = [];
  for (const [i, key] of keysIn(options.folder, options.devices).entries())
    devices.push(
      await createDevice({
        key,
        logKey,
        url: options.url,
        ...(options.password !== undefined && { password: options.password }),
        now: Date.now,
        form: options.form,
        outbox: options.memory
          ? memoryOutbox(Math.floor(Date.now() / 1_000))
          : fileOutbox(join(options.folder, `${i}.outbox`)),
        onRefusal: ({ code, message }) => {
          if (!refusals.has(code))
            console.error(`refused: ${code}: ${message}${REMEDIES[code] ?? ""}`);
          refusals.set(code, (refusals.get(code) ?? 0) + 1);
        },
      }).catch((cause: unknown) => {
        const why = (cause as Error).message;
        throw new SimulationError(
          `no broker lets us in at ${options.url}, which --url names: ${why}`,
          { cause },
        );
      }),
    );
  const leftOver = devices.reduce((sum, device) => sum + device.unreceipted(), 0);
  console.log(`devices: ${devices.length}, packs left over from before: ${leftOver}`);

  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const sent = await sendAtRate(devices, options, stop.signal);
  console.log(
    `packs sent: ${sent}; waiting for the log's receipts (Ctrl-C: leave them for next time)`,
  );
  await Promise.race([
    Promise.all(devices.map((device) => device.receipted())),
    new Promise((resolve) => process.once("SIGINT", resolve)),
    ...(options.memory ? [] : [held(devices)]),
  ]);
  const sumOf = (count: (device: Device) => number): number =>
    devices.reduce((sum, device) => sum + count(device), 0);
  console.log(`packs without a receipt: ${sumOf((device) => device.unreceipted())}`);
  const [waiting, aside] = [sumOf((device) => device.held()), sumOf((device) => device.aside())];
  if (waiting > 0)
    console.log(`packs that wait for the key's approval, kept for the next "simulate": ${waiting}`);
  if (aside > 0)
    console.log(
      `packs set aside, as the log does not take them: ${aside}; ` +
        (options.memory
          ? "they end with this run"
          : `they stay in ${options.folder}, and are offered again at the next start`),
    );
  for (const [code, count] of refusals) console.log(`refused as ${code}: ${count}`);
  await Promise.all(devices.map((device) => device.close()));
}

/** Resolves when whatever has no receipt waits for an approval, which may take days. */
async function held(devices: readonly Device[]): Promise<void> {
  while (devices.some((device) => device.held() < device.unreceipted()))
    await new Promise((resolve) => setTimeout(resolve, 500).unref());
}

async function sendAtRate(
  devices: readonly Device[],
  { rate, count, readings }: SimulateOptions,
  signal: AbortSignal,
): Promise<number> {
  const start = performance.now();
  const most = count === 0 ? Infinity : count;
  let sent = 0;
  while (!signal.aborted && sent < most) {
    const due = Math.floor(((performance.now() - start) / 1_000) * rate) + 1;
    for (; sent < Math.min(due, most); sent++) {
      await at(devices, sent).send(measure(readings, Date.now()));
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(1_000 / rate, 50)));
  }
  return sent;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError("at least one device is needed");
  return item;
}

/** A store-room's day: one reading a second up to now. */
function measure(count: number, now: number): readonly Reading[] {
  return Array.from({ length: count }, (_, i) => {
    const time = now - (count - 1 - i) * 1_000;
    const wave = Math.sin((time / 86_400_000) * 2 * Math.PI);
    const value = Math.round((27 + 3 * wave + Math.sin(time / 7_000) / 5) * 100) / 100;
    return { name: "temperature", unit: "Cel", value, time };
  });
}

function keysIn(folder: string, count: number): readonly DeviceKey[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return Array.from({ length: count }, (_, i) => {
    const path = join(folder, `${i}.pem`);
    if (!existsSync(path)) writeDurably(path, newDeviceKey(), 0o600);
    return deviceKey(readFileSync(path, "utf8"));
  });
}

async function logKeyOf(gateway: string): Promise<Uint8Array> {
  const response = await answerOf(gateway, "/api/deployment");
  if (!response.ok) throw new SimulationError(`${gateway}: ${await wordsOf(response)}`);
  const { log } = (await response.json()) as { readonly log: { readonly publicKey: string } };
  return fromBase64Url(log.publicKey);
}

const answerOf = async (gateway: string, path: string, init?: RequestInit): Promise<Response> => {
  if (!URL.canParse(path, gateway))
    throw new SimulationError(`"${gateway}", which --gateway names, is no URL`);
  return fetch(new URL(path, gateway), init).catch((cause: unknown) => {
    throw new SimulationError(
      `no gateway answers at ${gateway}: start one, or name it by --gateway`,
      {
        cause,
      },
    );
  });
};

/** What the gateway says of its refusal, in English; its status where it says nothing. */
async function wordsOf(response: Response): Promise<string> {
  const body = (await response.json().catch(() => ({}))) as {
    readonly error?: { readonly message?: { readonly en?: string } };
  };
  return body.error?.message?.en ?? `the gateway answers ${response.status}`;
}
