import {
  Contract,
  ContractFactory,
  getCreateAddress,
  type InterfaceAbi,
  type Wallet,
} from "ethers";

import { fromHex, toHex, type Hex } from "../core/bytes.ts";
import type { Deployment } from "../core/operations.ts";
import { TraceError } from "../core/trace-error.ts";
import {
  ACCESS_MANAGER_ABI,
  ACCESS_MANAGER_BYTECODE,
  CERTIFICATES_ABI,
  CERTIFICATES_BYTECODE,
  CHECKPOINTS_ABI,
  CHECKPOINTS_BYTECODE,
  LOTS_ABI,
  LOTS_BYTECODE,
  PARTIES_ABI,
  PARTIES_BYTECODE,
} from "./contracts.ts";
import { bitOf, CALLERS, GRANTS, SCHEME_RULES } from "./wiring.ts";

/** A deployment with who governs it and the block from which its events are to be read. */
export type Deployed = Deployment & { readonly accessManager: Hex; readonly block: number };

type Terms = {
  /** Its first five transactions must be these; it needs gas and nothing else. */
  readonly signer: Wallet;
  /** Who is admin of the AccessManager in the end; the signer keeps nothing unless it is this one. */
  readonly governance: string;
  /** Who may anchor the log. */
  readonly operator: string;
  /** SHA-256 of the log's checkpoint origin line. */
  readonly logId: Hex;
};

type Contracts = Readonly<
  Record<"accessManager" | "parties" | "certificates" | "lots" | "checkpoints", Contract>
>;

/** The signer with the nonces that it gave out, because providers answer from a cache for a while. */
type Sender = { readonly signer: Wallet; nonce: number };

const ADMIN = 0n;

/**
 * Deploys and wires the contracts with a fresh account, for the embedded chain; real networks use the Ignition modules.
 * Each step looks first whether it was done, so a second run finishes what a crash cut short and then changes nothing.
 * Throws NOT_ALLOWED if the account was used for something else, UNAVAILABLE without a chain.
 */
export async function deployPlotline({
  signer,
  governance,
  operator,
  logId,
}: Terms): Promise<Deployed> {
  const sender = { signer, nonce: await signer.getNonce() };
  const contracts = await deployContracts(sender);
  const { accessManager, checkpoints } = contracts;
  const [admin] = await view(accessManager, "hasRole", ADMIN, signer.address);
  if (admin === true) {
    await admitCallers(sender, contracts);
    await setRules(sender, contracts);
    const [log] = await view(checkpoints, "latest", logId);
    if (!sameAddress((log as { operator: string }).operator, operator))
      await send(sender, checkpoints, "open", logId, operator);
    await handOver(sender, accessManager, governance);
  }
  const [founded] = await accessManager.queryFilter("RoleGranted", 0);
  const { chainId } = await providerOf(signer).getNetwork();
  return {
    chainId: Number(chainId),
    block: founded?.blockNumber ?? 0,
    accessManager: addressOf(accessManager),
    parties: addressOf(contracts.parties),
    lots: addressOf(contracts.lots),
    certificates: addressOf(contracts.certificates),
    checkpoints: addressOf(checkpoints),
  };
}

/** The five contracts, at the addresses that the signer's first five transactions give them. */
async function deployContracts(sender: Sender): Promise<Contracts> {
  const { signer } = sender;
  const place = async (
    nonce: number,
    abi: InterfaceAbi,
    bytecode: string,
    ...args: readonly unknown[]
  ): Promise<Contract> => {
    const address = getCreateAddress({ from: signer.address, nonce });
    if ((await providerOf(signer).getCode(address)) === "0x") {
      if (sender.nonce !== nonce)
        throw new TraceError("NOT_ALLOWED", `${signer.address} was used for something else`);
      const factory = new ContractFactory(abi, bytecode, signer);
      await (await factory.deploy(...args, { nonce: sender.nonce++ })).waitForDeployment();
    }
    return new Contract(address, abi, signer);
  };
  const accessManager = await place(0, ACCESS_MANAGER_ABI, ACCESS_MANAGER_BYTECODE, signer.address);
  const authority = accessManager.target;
  const parties = await place(1, PARTIES_ABI, PARTIES_BYTECODE, authority);
  const rights = [authority, parties.target];
  const certificates = await place(2, CERTIFICATES_ABI, CERTIFICATES_BYTECODE, ...rights);
  const lots = await place(3, LOTS_ABI, LOTS_BYTECODE, parties.target, certificates.target);
  const checkpoints = await place(4, CHECKPOINTS_ABI, CHECKPOINTS_BYTECODE, authority);
  return { accessManager, parties, certificates, lots, checkpoints };
}

async function admitCallers(sender: Sender, contracts: Contracts): Promise<void> {
  const { parties, certificates, lots } = contracts;
  for (const caller of CALLERS) {
    const address = contracts[caller].target;
    const [admitted] = await view(parties, "admits", address);
    if (admitted !== true) await send(sender, parties, "admit", address, true);
  }
  const [spender] = await view(certificates, "spender");
  if (spender !== lots.target) await send(sender, certificates, "setSpender", lots.target);
}

async function setRules(sender: Sender, { parties, certificates }: Contracts): Promise<void> {
  for (const [role, grants] of GRANTS) {
    const [now] = await view(parties, "grantsOf", bitOf(role));
    if (now !== BigInt(grants)) await send(sender, parties, "setGrants", bitOf(role), grants);
  }
  for (const { scheme, issuers, kind } of SCHEME_RULES) {
    const now = await view(certificates, "schemeOf", scheme);
    if (now[0] !== BigInt(issuers) || now[1] !== BigInt(kind))
      await send(sender, certificates, "setScheme", scheme, issuers, kind);
  }
}

/** The new admin is in before the old one leaves, so that no crash leaves the contracts without one. */
async function handOver(sender: Sender, accessManager: Contract, to: string): Promise<void> {
  const from = sender.signer.address;
  if (sameAddress(from, to)) return;
  await send(sender, accessManager, "grantRole", ADMIN, to, 0);
  await send(sender, accessManager, "renounceRole", ADMIN, from);
}

/** What a view answers, always as a list. */
const view = async (
  contract: Contract,
  name: string,
  ...args: readonly unknown[]
): Promise<readonly unknown[]> => contract.getFunction(name).staticCallResult(...args);

async function send(
  sender: Sender,
  contract: Contract,
  name: string,
  ...args: readonly unknown[]
): Promise<void> {
  const sent = await contract.getFunction(name).send(...args, { nonce: sender.nonce++ });
  await sent.wait();
}

const sameAddress = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const addressOf = (contract: Contract): Hex =>
  toHex(fromHex(String(contract.target).toLowerCase(), 20));

function providerOf(signer: Wallet): NonNullable<Wallet["provider"]> {
  if (signer.provider === null) throw new TraceError("UNAVAILABLE", "the signer has no chain");
  return signer.provider;
}
