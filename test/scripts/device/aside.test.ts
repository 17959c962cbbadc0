import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { pino } from "pino";

import type { KeyState } from "../../../gateway/core/chain-state.ts";
import { ROLES } from "../../../gateway/core/operations.ts";
import { startIngest, type Ingest } from "../../../gateway/ingest.ts";
import { openStore, type Store } from "../../../gateway/store/open.ts";
import { createDevice, type Device, type HeardRefusal } from "../../../scripts/device/device.ts";
import { deviceKey, newDeviceKey } from "../../../scripts/device/key.ts";
import { fileOutbox } from "../../../scripts/device/outbox.ts";
import { deviceNamed, SIGNER } from "../../gateway/samples.ts";

const NOW = Date.parse("2026-03-02T08:00:00Z");
const HOUR = 3_600_000;

describe("A device that measured before its key was approved", function () {
  this.timeout(20_000);
  const key = deviceKey(newDeviceKey());
  let [folder, now] = ["", NOW];
  let [store, ingest, device]: [Store, Ingest, Device] = [] as never;
  let chain: KeyState | undefined;
  let onRefusal: (refusal: HeardRefusal) => void;

  const boot = async (): Promise<void> => {
    device = await createDevice({
      key,
      url: `mqtt://127.0.0.1:${ingest.mqttPort}`,
      logKey: SIGNER.publicKey,
      now: () => now,
      outbox: fileOutbox(join(folder, "0.outbox")),
      resend: 100,
      onRefusal: (refusal) => onRefusal(refusal),
    });
  };
  beforeEach(async () => {
    [folder, now, chain] = [mkdtempSync(join(tmpdir(), "plotline-aside-")), NOW, undefined];
    onRefusal = () => {};
    store = await openStore({ dataDir: folder });
    ingest = await startIngest({
      store,
      signer: SIGNER,
      keyOf: async () => chain,
      now: () => now,
      log: pino({ level: "silent" }),
      mqtt: { host: "127.0.0.1", port: 0 },
    });
    await boot();
  });
  afterEach(async () => {
    await device.close();
    await ingest.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const measure = (time: number) =>
    device.send([{ name: "temperature", unit: "Cel", value: 21, time }]);
  const refused = (code: string, times = 1): Promise<void> =>
    new Promise((resolve) => {
      let left = times;
      onRefusal = (heard) => {
        if (heard.code === code && --left === 0) resolve();
      };
    });
  const approve = (from: number): void => {
    chain = {
      party: deviceNamed("a cooperative"),
      roles: ROLES.device,
      from: from / 1_000,
      until: from / 1_000 + 86_400,
      number: 0,
      content: deviceNamed("an enrolment"),
    };
    now = from; // and what the gateway remembers of the key is old
  };
  const times = async (): Promise<readonly number[]> => {
    const rows = await store.db.selectFrom("packs").select("first_time").orderBy("id").execute();
    return rows.map((row) => row.first_time);
  };

  it("sets aside what the log can never take, says so, and gets its receipts for the rest", async () => {
    const heard = refused("UNKNOWN_SIGNER");
    await measure(NOW);
    await heard;
    const final = refused("NOT_ALLOWED");
    approve(NOW + HOUR);
    await final;
    await measure(NOW + HOUR);
    await device.receipted();
    expect([device.unreceipted(), device.aside()]).to.deep.equal([0, 1]);
    expect(await times()).to.deep.equal([NOW + HOUR]);
  });

  it("loses nothing that it had sent behind it, and has it receipted", async () => {
    approve(NOW + HOUR);
    await measure(NOW);
    await measure(NOW + HOUR);
    await device.receipted();
    expect([device.unreceipted(), device.aside()]).to.deep.equal([0, 1]);
    expect(await times()).to.include(NOW + HOUR);
  });

  it("keeps it over a reboot, and offers it once more", async () => {
    const final = refused("NOT_ALLOWED");
    approve(NOW + HOUR);
    await measure(NOW);
    await final;
    await device.receipted();
    await device.close();
    const again = refused("NOT_ALLOWED");
    await boot();
    await measure(NOW + HOUR);
    await again;
    await device.receipted();
    expect([device.unreceipted(), device.aside()]).to.deep.equal([0, 1]);
  });

  it("has it taken after a reboot where it was refused by a word that holds no more", async () => {
    const final = refused("NOT_ALLOWED");
    approve(NOW + HOUR);
    await measure(NOW);
    await final;
    await device.receipted();
    await device.close();
    approve(NOW);
    await boot();
    await device.receipted();
    expect(device.aside()).to.equal(0);
    expect(await times()).to.deep.equal([NOW]);
  });

  it("keeps what may yet be taken, says that it waits, and has it taken once somebody approves", async () => {
    const twice = refused("UNKNOWN_SIGNER", 2);
    await measure(NOW);
    await twice;
    while (device.held() === 0) await refused("UNKNOWN_SIGNER");
    expect([device.unreceipted(), device.aside()]).to.deep.equal([1, 0]);
    approve(NOW);
    now = NOW + HOUR;
    await device.receipted();
    expect(await times()).to.deep.equal([NOW]);
  });
});
