import { createPublicKey, randomBytes, verify } from "node:crypto";

import { buildPack } from "../../gateway/core/build-pack.ts";
import { toBase64Url } from "../../gateway/core/bytes.ts";
import { parsePack } from "../../gateway/core/envelope.ts";
import { sha256OfText } from "../../gateway/core/hash.ts";
import { toDer } from "../../gateway/core/p256.ts";
import { judge } from "../../gateway/judge.ts";
import { logSigner } from "../../gateway/log-signer.ts";
import { sequence } from "../../gateway/sequencer.ts";
import { openStore } from "../../gateway/store/open.ts";
import { insertPacks, type NewPack } from "../../gateway/store/packs.ts";
import { deviceKey, newDeviceKey } from "../device/key.ts";

/** CPU time of one pack (µs), by what it goes to. */
export type Costs = {
  readonly parse: number;
  readonly verify: number;
  readonly judge: number; // both, and two hashes
  readonly row: number;
  readonly leaf: number;
};

const BATCH = 512;

/** Each step by itself, in this process, on SQLite in `folder`. */
export async function ingestCosts(folder: string, readings: number): Promise<Costs> {
  const key = deviceKey(newDeviceKey());
  const { keyId, publicKey, sign } = key;
  const packs: Uint8Array[] = [];
  for (let seq = 0; seq < BATCH; seq++) {
    const records = Array.from({ length: readings }, (_, at) => ({
      name: "temperature",
      unit: "Cel",
      value: 20 + (seq % 100) / 10,
      time: Date.now() + at,
    }));
    packs.push(await buildPack({ form: "cose", keyId, epoch: 0, seq, records, sign }));
  }
  const [x, y] = [publicKey.subarray(1, 33), publicKey.subarray(33)].map(toBase64Url);
  const jwk = { kty: "EC", crv: "P-256", x: x ?? "", y: y ?? "" };
  const point = createPublicKey({ key: jwk, format: "jwk" });
  const parsed = packs.map(parsePack);
  const signatures = parsed.map(({ signature }) => toDer(signature));

  const store = await openStore({ dataDir: folder });
  const signer = logSigner("bench.test/costs", toBase64Url(sha256OfText("bench")));
  let epoch = 0;
  const costs = {
    parse: await least(() => packs.forEach(parsePack)),
    verify: await least(() =>
      parsed.forEach(({ signed }, i) =>
        verify("sha256", signed, point, signatures[i] ?? new Uint8Array()),
      ),
    ),
    judge: await least(() => packs.forEach((bytes) => judge(keyId, publicKey, bytes))),
    row: 0,
    leaf: 0,
  };
  const insert = async (): Promise<void> => {
    const rows = packs.map((envelope, seq) => rowOf(keyId, envelope, epoch, seq));
    epoch += 1;
    await store.write((transaction) => insertPacks(transaction, rows));
  };
  costs.row = await least(insert);
  while ((await sequence({ store, signer, now: Date.now })).placed > 0);
  costs.leaf = await least(() => sequence({ store, signer, now: Date.now }), insert);
  await store.close();
  return costs;
}

const rowOf = (
  device: NewPack["device"],
  envelope: Uint8Array,
  epoch: number,
  seq: number,
): NewPack => ({
  device,
  epoch,
  seq,
  form: "cose",
  envelope,
  contentHash: randomBytes(32),
  leafHash: randomBytes(32),
  firstTime: Date.now(),
  lastTime: Date.now(),
  receivedAt: Date.now(),
});

/** The least CPU time of twenty runs (µs for each of a batch): what others do to the machine only adds to it. */
async function least(run: () => unknown, before: () => unknown = () => {}): Promise<number> {
  let found = Infinity;
  for (let i = 0; i < 20; i++) {
    await before();
    const start = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(start);
    found = Math.min(found, (user + system) / BATCH);
  }
  return found;
}
