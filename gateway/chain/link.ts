import { existsSync, readFileSync } from "node:fs";

import { Wallet } from "ethers";
import type { Logger } from "pino";

import type { Config } from "../config.ts";
import { parseDeployment, type Log } from "../core/bundle.ts";
import type { Hex } from "../core/bytes.ts";
import { parseJson } from "../core/canonical.ts";
import type { Request } from "../core/chain-state.ts";
import type { Deployment } from "../core/operations.ts";
import { isObject } from "../core/statement.ts";
import { TraceError } from "../core/trace-error.ts";
import { choosePort } from "../ports.ts";
import { writeDurably } from "../secrets.ts";
import { deployPlotline } from "./deploy.ts";
import { startEmbeddedChain, type EmbeddedChain } from "./embedded.ts";
import { providerOver, requestAt } from "./providers.ts";
import { requestOver } from "./request.ts";
import { surveyNodes, type NodeReport } from "./survey.ts";

/** The chain that a gateway works on, its own or somebody's, with our contracts and our accounts on it. */
export type ChainLink = {
  readonly request: Request;
  /** How each of somebody's nodes fares, as of some seconds ago; none of our own chain. */
  readonly survey: () => Promise<readonly NodeReport[]>;
  readonly deployment: Deployment;
  /** Where readers' browsers may ask the same chain. */
  readonly publicUrls: readonly string[];
  /** The account that pays for what people sign, and that anchors the log. */
  readonly relayer: Wallet;
  /** The account that enrols founders, where it was given to us. */
  readonly governance: Wallet | undefined;
  readonly close: () => Promise<void>;
};

export type LinkParts = {
  readonly config: Config;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  readonly log: Logger;
  /** The log that this gateway anchors, and how readers pin it. */
  readonly logId: Hex;
  readonly pinned: Log;
};

/** Opens the chain that the configuration asks for. */
export const openLink = (parts: LinkParts): Promise<ChainLink> =>
  parts.config.rpcUrls.length === 0 ? openEmbedded(parts) : openExternal(parts);

async function openEmbedded(parts: LinkParts): Promise<ChainLink> {
  const { config, logId } = parts;
  const { dataDir, host } = config;
  const port = await choosePort(host, config.rpcPort);
  const { governanceKey, relayerKey } = config;
  const chain = await startEmbeddedChain({
    ...parts,
    dataDir,
    host,
    port,
    governanceKey,
    relayerKey,
  });
  const { request, governance, relayer, close } = chain;
  try {
    const deployment = await deployOnce(config.deploymentFile, chain, async () =>
      deployPlotline({
        signer: governance,
        governance: governance.address,
        operator: relayer.address,
        logId,
      }),
    );
    const publicUrls = config.publicRpcUrls.length > 0 ? config.publicRpcUrls : [chain.url];
    note(config.deploymentFile, { rpc: publicUrls, log: parts.pinned });
    const survey = async () => [];
    return { request, survey, deployment, publicUrls, relayer, governance, close };
  } catch (failure) {
    await close();
    throw failure;
  }
}

/** The deployment that was written down, if the chain still has it; else deploys, which finishes what a crash cut short. */
async function deployOnce(
  path: string,
  { request }: EmbeddedChain,
  deploy: () => Promise<Deployment>,
): Promise<Deployment> {
  if (existsSync(path)) {
    const deployment = readDeployment(path);
    if ((await request("eth_getCode", [deployment.checkpoints, "latest"])) === "0x")
      throw new TraceError("OTHER_CHAIN", `${path} names contracts that this chain does not have`);
    return deployment;
  }
  writeDurably(path, `${JSON.stringify(await deploy(), null, 2)}\n`);
  return readDeployment(path);
}

/** Writes beside the addresses where this chain of our own is asked, and whose log is ours, so that `verify` on this machine knows. */
function note(path: string, ours: { readonly rpc: readonly string[]; readonly log: Log }): void {
  const noted = parseJson(readFileSync(path, "utf8"));
  const next = { ...(isObject(noted) ? noted : {}), ...ours };
  if (JSON.stringify(noted) !== JSON.stringify(next))
    writeDurably(path, `${JSON.stringify(next, null, 2)}\n`);
}

async function openExternal({ config, log }: LinkParts): Promise<ChainLink> {
  const { rpcUrls, relayerKey, governanceKey, deploymentFile, publicRpcUrls } = config;
  if (!existsSync(deploymentFile))
    throw new TraceError(
      "NOT_FOUND",
      `${deploymentFile} is not there: see "Deploying" in contracts/README.md`,
    );
  const deployment = readDeployment(deploymentFile);
  const request = requestAt(rpcUrls);
  const { chainId } = deployment;
  const found = await request("eth_chainId", []).then(Number, (failure: unknown) => {
    // Sensors need not wait for it; what does says so on /readyz, and goes on by itself.
    log.error({ err: failure }, "no node of RPC_URL answers");
    return chainId;
  });
  if (found !== chainId)
    throw new TraceError(
      "OTHER_CHAIN",
      `RPC_URL is chain ${found}, the contracts are on chain ${chainId}`,
    );
  const provider = providerOver(request, chainId);
  const relayer = new Wallet(relayerKey ?? "", provider);
  const governance = governanceKey === undefined ? undefined : new Wallet(governanceKey, provider);
  const survey = surveyOf({ config, log }, chainId);
  const close = async (): Promise<void> => provider.destroy();
  const publicUrls = publicRpcUrls;
  return { request, survey, deployment, publicUrls, relayer, governance, close };
}

const SURVEY = 5_000; // ms

/** The survey of some seconds ago, or a new one; what changed since is logged. */
function surveyOf(
  { config, log }: Pick<LinkParts, "config" | "log">,
  chainId: number,
): ChainLink["survey"] {
  const nodes = config.rpcUrls.map((url) => ({
    host: new URL(url).host,
    request: requestOver(url),
  }));
  let last: { readonly at: number; readonly reports: Promise<readonly NodeReport[]> } | undefined;
  let told = "";
  const take = async (): Promise<readonly NodeReport[]> => {
    const reports = await surveyNodes(nodes, chainId);
    const states = reports.map(({ host, state }) => `${host} ${state}`).join(", ");
    const well = reports.every(({ state }) => state === "ready");
    if (states !== told) log[well ? "info" : "error"]({ nodes: reports }, "the nodes of RPC_URL");
    told = states;
    return reports;
  };
  return () => {
    const at = performance.now();
    if (last === undefined || at - last.at >= SURVEY) last = { at, reports: take() };
    return last.reports;
  };
}

/** A deployment's addresses out of a file, which may say more (who governs, from which block on). */
export function readDeployment(path: string): Deployment {
  const value = parseJson(readFileSync(path, "utf8"));
  if (!isObject(value)) throw new TraceError("BAD_ENCODING", `${path} is not a deployment`);
  const { chainId, parties, lots, certificates, checkpoints } = value;
  return parseDeployment({ chainId, parties, lots, certificates, checkpoints });
}
