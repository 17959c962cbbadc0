import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { pino } from "pino";

import { deployPlotline } from "../../gateway/chain/deploy.ts";
import { startEmbeddedChain } from "../../gateway/chain/embedded.ts";
import { toHex, utf8ToBytes } from "../../gateway/core/bytes.ts";
import { sha256, sha256OfText } from "../../gateway/core/hash.ts";
import { MORNING } from "./village.ts";

/** Somebody else's chain with our contracts on it, and what tells a gateway of them. */
export type ForeignChain = {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly end: () => Promise<void>;
};

const ORIGIN = "plotline.test/log";

/** Starts a chain that is not the gateway's own; `environment` has its URL, the contracts and the accounts. */
export async function openForeignChain(): Promise<ForeignChain> {
  const dataDir = mkdtempSync(join(tmpdir(), "plotline-chain-"));
  const chain = await startEmbeddedChain({
    dataDir,
    host: "127.0.0.1",
    port: 0,
    now: () => MORNING * 1000,
    random: (length) => sha256OfText("a chain").slice(0, length),
    log: pino({ level: "silent" }),
    governanceKey: toHex(sha256OfText("governance")),
    relayerKey: toHex(sha256OfText("a relayer")),
  });
  const { governance, relayer } = chain;
  const deployed = await deployPlotline({
    signer: governance,
    governance: governance.address,
    operator: relayer.address,
    logId: toHex(sha256(utf8ToBytes(ORIGIN))),
  });
  const file = join(dataDir, "contracts.json");
  writeFileSync(file, JSON.stringify(deployed));
  return {
    url: chain.url,
    environment: {
      RPC_URL: chain.url,
      DEPLOYMENT: file,
      LOG_ORIGIN: ORIGIN,
      RELAYER_KEY: relayer.privateKey,
      GOVERNANCE_KEY: governance.privateKey,
    },
    end: async () => {
      await chain.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
