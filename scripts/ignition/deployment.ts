import type { Contract } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import { fromHex, toHex, type Hex } from "../../gateway/core/bytes.ts";
import type { Deployment } from "../../gateway/core/operations.ts";
import Log from "./modules/Log.ts";
import Plotline from "./modules/Plotline.ts";

/** The five contracts, as ethers knows them. */
export type Contracts = Readonly<
  Record<"accessManager" | "parties" | "certificates" | "lots" | "checkpoints", Contract>
>;

/** Deploys through the Ignition modules. The first account governs, and anchors the log if one is named. */
export async function deployPlotline(
  { ethers, ignition }: NetworkConnection,
  log?: { readonly logId: Hex; readonly operator: string },
): Promise<{ readonly contracts: Contracts; readonly deployment: Deployment }> {
  const contracts: Contracts = await ignition.deploy(Plotline);
  if (log !== undefined) await ignition.deploy(Log, { parameters: { Log: log } });
  const { chainId } = await ethers.provider.getNetwork();
  return {
    contracts,
    deployment: {
      chainId: Number(chainId),
      parties: addressOf(contracts.parties),
      lots: addressOf(contracts.lots),
      certificates: addressOf(contracts.certificates),
      checkpoints: addressOf(contracts.checkpoints),
    },
  };
}

const addressOf = (contract: Contract): Hex =>
  toHex(fromHex(String(contract.target).toLowerCase(), 20));
