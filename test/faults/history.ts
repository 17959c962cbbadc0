import { expect } from "chai";

import { fromHex, toHex } from "../../gateway/core/bytes.ts";
import { verifyConsistency } from "../../gateway/core/merkle.ts";
import { proveConsistencyFromTiles, rootFromTiles } from "../../gateway/core/tiles.ts";
import { allCheckpoints, tileReader } from "../../gateway/store/log.ts";
import type { Sql } from "../../gateway/store/schema.ts";
import type { Outbox, Unsent } from "../../scripts/device/outbox.ts";

/** What was seen from outside of the gateway: the only witness that a test believes. */
export type History = {
  readonly sent: Map<string, string>; // device/epoch/seq → bytes
  readonly acknowledged: Set<string>;
  readonly receipted: Set<string>;
};

export const newHistory = (): History => ({
  sent: new Map(),
  acknowledged: new Set(),
  receipted: new Set(),
});

export const nameOf = (device: string, { epoch, seq }: { epoch: number; seq: number }): string =>
  `${device}/${epoch}/${seq}`;

/**
 * The outbox of a device that is worse than ours: it forgets a pack with the broker's acknowledgement
 * (`forget`), so that nothing but the gateway can still have it.
 */
export function forgetfulOutbox(history: History, device: string) {
  const packs = new Map<string, Unsent>();
  return {
    epoch: 0,
    all: () => [...packs.values()],
    size: () => packs.size,
    aside: () => [],
    setAside: () => {},
    begin: () => 0,
    drop: (pack: { epoch: number; seq: number }) => {
      packs.delete(nameOf(device, pack));
    },
    keep: (pack: Unsent) => {
      history.sent.set(nameOf(device, pack), toHex(pack.bytes));
      packs.set(nameOf(device, pack), pack);
    },
    forget: (pack: { epoch: number; seq: number }) => {
      history.acknowledged.add(nameOf(device, pack));
      packs.delete(nameOf(device, pack));
    },
    receipt: (epoch: number, upTo: number) => {
      for (let seq = 0; seq <= upTo; seq++) {
        history.receipted.add(nameOf(device, { epoch, seq }));
        packs.delete(nameOf(device, { epoch, seq }));
      }
    },
    close: () => {},
  } satisfies Outbox & Record<"forget", unknown>;
}

/** Whatever was acknowledged or receipted is in the store and the log, once, as sent; and nothing else is. */
export async function expectNothingLost(db: Sql, history: History): Promise<void> {
  const rows = await db.selectFrom("packs").selectAll().execute();
  const stored = new Map(
    rows.map((row) => [`${row.device}/${row.epoch}/${row.seq}`, toHex(row.envelope)]),
  );
  expect(stored.size, "one row for each number").to.equal(rows.length);
  for (const name of [...history.acknowledged, ...history.receipted])
    expect(stored.get(name), `${name} was acknowledged`).to.equal(history.sent.get(name));
  for (const [name, bytes] of stored)
    expect(history.sent.get(name), `${name} was never sent`).to.equal(bytes);
  const leaves = new Map(rows.map((row) => [row.leaf_index, row]));
  for (const row of rows)
    if (history.receipted.has(`${row.device}/${row.epoch}/${row.seq}`))
      expect(leaves.get(row.leaf_index), "a receipted pack has a leaf").to.equal(row);
}

/** All checkpoints that were ever signed are one history, and the newest is the root of the leaves. */
export async function expectOneHistory(db: Sql): Promise<void> {
  const checkpoints = await allCheckpoints(db);
  const readTile = tileReader(db);
  for (const [i, newer] of checkpoints.entries()) {
    expect(toHex(await rootFromTiles(newer.size, readTile))).to.equal(newer.root);
    const older = checkpoints[i - 1];
    if (older === undefined || older.size === 0) continue;
    verifyConsistency({
      older: older.size,
      newer: newer.size,
      olderRoot: fromHex(older.root),
      newerRoot: fromHex(newer.root),
      proof: await proveConsistencyFromTiles(older.size, newer.size, readTile),
    });
  }
}
