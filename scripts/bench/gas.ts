import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { network, tasks } from "hardhat";

import { measureGas, type Gas } from "./gas-measure.ts";

/** Where the measured gas is committed. */
export const GAS_SNAPSHOT = join(import.meta.dirname, "gas.json");

/** The committed gas. */
export const readSnapshot = (): Gas => JSON.parse(readFileSync(GAS_SNAPSHOT, "utf8")) as Gas;

/** What others cost a step on the same Osaka rules, measured with faithful reductions of their contracts. */
const PEERS: Gas = {
  "EAS timestamp": 45_869,
  "EAS attest, 64 bytes": 202_902,
  "Azure supply chain, storeProof": 209_140,
  "Azure supply chain, transfer": 67_849,
  "Udacity coffee chain, harvestItem": 266_940,
  "Udacity coffee chain, processItem": 47_071,
  "Udacity coffee chain, sellItem": 52_284,
  "coffee-supplychain, harvester": 187_579,
  "coffee-supplychain, processor": 367_892,
};

/** Ours beside theirs: the step that does the same job. Theirs check no signature of the person who acts. */
const COMPARED: readonly (readonly [ours: string, theirs: string])[] = [
  ["anchor, 1000000 to 1010000", "EAS timestamp"],
  ["anchor, 1000000 to 1010000", "EAS attest, 64 bytes"],
  ["harvest, one signer", "Udacity coffee chain, harvestItem"],
  ["harvest, one signer", "coffee-supplychain, harvester"],
  ["harvest, one signer", "EAS attest, 64 bytes"],
  ["note, one signer", "Azure supply chain, storeProof"],
  ["note, one signer", "EAS attest, 64 bytes"],
  ["take over, one signer", "Azure supply chain, transfer"],
  ["take over, one signer", "Udacity coffee chain, sellItem"],
  ["process one lot into one, one signer", "Udacity coffee chain, processItem"],
  ["process one lot into one, one signer", "coffee-supplychain, processor"],
];

/** EIP-8037: a new slot is 64 bytes of state at 1,530 gas; today it is 22,100 with its first access. */
const DEARER_SLOT = 64 * 1_530 - 22_100;

const padded = (n: number): string => n.toLocaleString("en").padStart(9);

/** Prints what everything costs, beside others. `--snapshot` commits to it, `--json` prints it for programs. */
export async function bench(args: readonly string[]): Promise<void> {
  await tasks.getTask("build").run({ quiet: true, noTests: true });
  const connection = await network.create();
  const { gas, slots } = await measureGas(connection);
  await connection.close();
  if (args.includes("--snapshot"))
    writeFileSync(GAS_SNAPSHOT, `${JSON.stringify(gas, undefined, 2)}\n`);
  if (args.includes("--json")) return console.log(JSON.stringify(gas));
  console.log("Gas: an operation as its share of a relayed batch of 20, an anchor in all\n");
  for (const [name, used] of Object.entries(gas)) console.log(`${padded(used)}  ${name}`);
  console.log("\nBeside others, who store what the sender says\n");
  for (const [ours, theirs] of COMPARED) {
    const ratio = ((gas[ours] ?? NaN) / (PEERS[theirs] ?? NaN)).toFixed(2);
    console.log(`${ratio.padStart(9)}  ${ours} : ${theirs} (${PEERS[theirs]})`);
  }
  console.log("\nWith the price that EIP-8037 would put on a new slot\n");
  for (const [name, filled] of Object.entries(slots)) {
    const dearer = (gas[name] ?? NaN) + filled * DEARER_SLOT;
    console.log(`${padded(dearer)}  ${name} (${filled} new slots)`);
  }
}
