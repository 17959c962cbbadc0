import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

/** Where the typed module lies that `contractsModule` describes. */
export const CONTRACTS_MODULE = join(ROOT, "gateway/chain/contracts.ts");

const ARTIFACTS = {
  ACCESS_MANAGER: "@openzeppelin/contracts/access/manager/AccessManager.sol/AccessManager.json",
  PARTIES: "contracts/Parties.sol/Parties.json",
  LOTS: "contracts/Lots.sol/Lots.json",
  CERTIFICATES: "contracts/Certificates.sol/Certificates.json",
  CHECKPOINTS: "contracts/Checkpoints.sol/Checkpoints.json",
} as const;

type Artifact = { readonly abi: readonly unknown[]; readonly bytecode: string };

function exportsOf([name, path]: readonly [string, string]): string {
  const text = readFileSync(join(ROOT, "artifacts", path), "utf8");
  const { abi, bytecode } = JSON.parse(text) as Artifact;
  const entries = abi.map((entry) => `  ${JSON.stringify(entry)},\n`).join("");
  return (
    `export const ${name}_ABI = [\n${entries}] as const;\n\n` +
    `export const ${name}_BYTECODE =\n  "${bytecode}";\n`
  );
}

/** The text of gateway/chain/contracts.ts, from the build in artifacts/: ABI and creation code of what is deployed. */
export const contractsModule = (): string =>
  [
    "/** Written by `node scripts/abi.ts` from the build of contracts/. Do not edit. */\n",
    ...Object.entries(ARTIFACTS).map(exportsOf),
  ].join("\n");

if (import.meta.main) writeFileSync(CONTRACTS_MODULE, contractsModule());
