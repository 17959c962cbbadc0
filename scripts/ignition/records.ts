import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Deployed } from "../../gateway/chain/deploy.ts";
import { fromHex, toHex, type Hex } from "../../gateway/core/bytes.ts";

const CONTRACTS = {
  accessManager: "AccessManager",
  parties: "Parties",
  lots: "Lots",
  certificates: "Certificates",
  checkpoints: "Checkpoints",
} as const;

/** What is compiled to get a contract once more: the compiler's version and its standard-JSON input. */
export type Verification = {
  readonly contract: string; // `source:name`, as explorers want it
  readonly compiler: string;
  readonly input: {
    readonly sources: object;
    readonly settings: Readonly<Record<string, unknown>>;
  };
};

/** What the gateway's DEPLOYMENT names, out of a folder of Ignition's deployments. Throws if it was not finished. */
export function readAddressBook(folder: string): Deployed {
  const addresses = readJson<Readonly<Record<string, string>>>(folder, "deployed_addresses.json");
  const at = (name: string): Hex => {
    const address = addresses[`Plotline#${name}`];
    if (address === undefined)
      throw new Error(`${folder}: ${name} is not deployed yet; run it again`);
    return toHex(fromHex(address.toLowerCase(), 20));
  };
  const entries = readFileSync(join(folder, "journal.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JournalEntry);
  const chainId = entries.find((entry) => entry.chainId !== undefined)?.chainId;
  if (chainId === undefined) throw new Error(`${folder}: its journal names no chain`);
  const blocks = entries.flatMap(({ receipt }) => receipt?.blockNumber ?? []);
  return {
    chainId,
    block: Math.min(...blocks),
    accessManager: at(CONTRACTS.accessManager),
    parties: at(CONTRACTS.parties),
    lots: at(CONTRACTS.lots),
    certificates: at(CONTRACTS.certificates),
    checkpoints: at(CONTRACTS.checkpoints),
  };
}

/** What a verifier of sources takes for each contract, by its name; the rest of an input's output is left away. */
export function readVerifications(folder: string): Readonly<Record<string, Verification>> {
  const builds = new Map(
    readdirSync(join(folder, "build-info")).map((name) => {
      const build = readJson<BuildInfo>(folder, "build-info", name);
      return [build.id, build] as const;
    }),
  );
  const verifications = Object.values(CONTRACTS).map((name) => {
    const artifact = readJson<Artifact>(folder, "artifacts", `Plotline#${name}.json`);
    const build = builds.get(artifact.buildInfoId);
    if (build === undefined) throw new Error(`${folder}: no build-info for ${name}`);
    const outputSelection = { [artifact.inputSourceName]: { [name]: ["*"] } };
    const settings = { ...build.input.settings, outputSelection };
    const contract = `${artifact.inputSourceName}:${name}`;
    const compiler = `v${build.solcLongVersion}`;
    return [name, { contract, compiler, input: { ...build.input, settings } }] as const;
  });
  return Object.fromEntries(verifications);
}

type JournalEntry = {
  readonly chainId?: number;
  readonly receipt?: { readonly blockNumber: number };
};
type Artifact = { readonly inputSourceName: string; readonly buildInfoId: string };
type BuildInfo = {
  readonly id: string;
  readonly solcLongVersion: string;
  readonly input: Verification["input"];
};

const readJson = <T>(...path: readonly string[]): T =>
  JSON.parse(readFileSync(join(...path), "utf8")) as T;
