import type { Request } from "../core/chain-state.ts";

/** The embedded chain's id: not registered by anybody, so that a signature for it is worth nothing elsewhere. */
export const EMBEDDED_CHAIN_ID = 20_263_758;

/** An EVM with nothing but a first block, the same one each time for the same keys. */
export type Simulation = { readonly request: Request; readonly close: () => Promise<void> };

/** Starts Hardhat's simulated chain in this process, on the Osaka rules, with all its money at `keys`. */
export async function startSimulation(keys: readonly string[]): Promise<Simulation> {
  // Hardhat tells its makers about each start from a terminal; a cooperative's machine calls nobody.
  process.env["HARDHAT_DISABLE_TELEMETRY"] = "true";
  // Loaded here: whoever reads somebody else's chain has no use for it.
  const { createHardhatRuntimeEnvironment } = await import("hardhat/hre");
  const hre = await createHardhatRuntimeEnvironment({
    networks: {
      plotline: {
        type: "edr-simulated",
        chainType: "l1",
        chainId: EMBEDDED_CHAIN_ID,
        hardfork: "osaka",
        initialDate: "2020-01-01T00:00:00Z",
        initialBaseFeePerGas: 1_000_000_000,
        blockGasLimit: 30_000_000n,
        transactionGasCap: 16_777_216n, // EIP-7825
        accounts: keys.map((privateKey) => ({ privateKey, balance: 10n ** 27n })),
        throwOnTransactionFailures: false,
      },
    },
  });
  const { provider, close } = await hre.network.create({ network: "plotline" });
  return { request: (method, params) => provider.request({ method, params: [...params] }), close };
}
