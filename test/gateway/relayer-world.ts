import type { Request } from "../../gateway/core/chain-state.ts";
import { digestOf } from "../../gateway/core/operations.ts";
import type { Hex } from "../../gateway/core/bytes.ts";
import type { SignedStatement } from "../../gateway/core/statement.ts";
import { nodeOver } from "../../gateway/chain/node.ts";
import type { RelayerParts } from "../../gateway/relayer-parts.ts";
import { startRelayer, type Relayer } from "../../gateway/relayer.ts";
import { sequence } from "../../gateway/sequencer.ts";
import type { Store } from "../../gateway/store/open.ts";
import { insertPacks } from "../../gateway/store/packs.ts";
import { insertStatement, statementByDigest } from "../../gateway/store/statements.ts";
import { signedBy, type Person } from "../contracts/person.ts";
import { LOG_ID, harvestOf, lotNamed, type World } from "./chain/world.ts";
import { packOf, SIGNER } from "./samples.ts";

export const QUIET = { info: () => {}, warn: () => {}, error: () => {} };

/** A relayer's parts on a world, over `request` if the chain is to be asked in another way. */
export const partsOf = (
  world: World,
  store: Store,
  request: Request = world.chain.request,
): RelayerParts => ({
  store,
  node: nodeOver(request),
  deployment: world.deployment,
  account: world.chain.relayer,
  logId: LOG_ID,
  now: Date.now,
  log: QUIET,
  anchorEvery: 0,
});

/** Puts a statement into the store as capture does, without its judgement. */
export async function capture(
  { deployment }: World,
  store: Store,
  signed: SignedStatement,
): Promise<Hex> {
  const digest = digestOf(deployment, signed.name, signed.statement as never);
  await store.write((transaction) =>
    insertStatement(transaction, { digest, signed, receivedAt: Date.now() }),
  );
  return digest;
}

let lots = 0;
/** A harvest of a new lot by the farm, captured. */
export const captureHarvest = (
  world: World,
  store: Store,
  mass = 10,
  by: Person = world.farm,
): Promise<Hex> =>
  capture(
    world,
    store,
    signedBy(
      world.deployment,
      by,
      "Operation",
      harvestOf(lotNamed(`R${++lots}`), world.plot, mass),
    ),
  );

let seq = 0;
/** Grows the log by some packs and signs a checkpoint. */
export async function growLog(store: Store, packs: number): Promise<number> {
  const added = Array.from({ length: packs }, () => packOf(seq++));
  await store.write((transaction) => insertPacks(transaction, added));
  return (await sequence({ store, signer: SIGNER, now: Date.now })).checkpoint.size;
}

/** Runs a relayer until `until` says so. */
export async function relayUntil(
  parts: RelayerParts,
  until: (relayer: Relayer) => Promise<boolean>,
): Promise<void> {
  const relayer = startRelayer(parts);
  try {
    const deadline = performance.now() + 30_000;
    while (!(await until(relayer))) {
      if (performance.now() > deadline)
        throw new Error(`it never came to that: ${(await relayer.status()).trouble}`);
      await new Promise((resolve) => setImmediate(resolve));
      relayer.wake();
    }
  } finally {
    await relayer.close();
  }
}

export const stateOf = async (store: Store, digest: Hex): Promise<string | undefined> =>
  (await statementByDigest(store.db, digest))?.state;

export const settled = (store: Store, digests: readonly Hex[]) => async (): Promise<boolean> => {
  const states = await Promise.all(digests.map((digest) => stateOf(store, digest)));
  return states.every((state) => state === "confirmed" || state === "refused");
};
