import { readFileSync } from "node:fs";

import { expect } from "chai";
import { Contract, JsonRpcProvider, Wallet } from "ethers";
import { network } from "hardhat";

import { deployPlotline } from "../../gateway/chain/deploy.ts";
import { bitOf, CALLERS, GRANTS, SCHEME_RULES } from "../../gateway/chain/wiring.ts";
import { idOf } from "../../gateway/core/recording.ts";
import type { TraceError } from "../../gateway/core/trace-error.ts";
import { CONTRACTS_MODULE, contractsModule } from "../../scripts/abi.ts";
import type { Contracts } from "../../scripts/ignition/deployment.ts";
import Handover from "../../scripts/ignition/modules/Handover.ts";

const { ethers, ignition } = await network.create();

const logId = idOf("plotline.example/log");
const GOVERNANCE = "0x00000000000000000000000000000000000000a1";
const TRANSACTIONS = CALLERS.length + 1 + GRANTS.length + SCHEME_RULES.length + 1 + 2; // that wire, beside the five that deploy
const OPERATOR = "0x00000000000000000000000000000000000000a2";

/** All that governance can set, as the contracts tell it. */
async function wiringOf({ accessManager, parties, certificates, ...rest }: Contracts) {
  const contracts = { accessManager, parties, certificates, ...rest };
  const ask = async (contract: keyof Contracts, name: string, ...args: readonly unknown[]) =>
    String(await contracts[contract].getFunction(name).staticCallResult(...args));
  return Promise.all([
    ...Object.values(contracts).map(({ target }) => ask("parties", "admits", target)),
    ask("certificates", "spender").then(
      (spender) => spender.toLowerCase() === String(contracts.lots.target).toLowerCase(),
    ),
    ...GRANTS.map(([role]) => ask("parties", "grantsOf", bitOf(role))),
    ...SCHEME_RULES.map(({ scheme }) => ask("certificates", "schemeOf", scheme)),
    ask("accessManager", "hasRole", 0n, GOVERNANCE),
    ask("checkpoints", "latest", logId),
  ]);
}

describe("A deployment", () => {
  it("is written as one typed module that fits the sources", () => {
    expect(readFileSync(CONTRACTS_MODULE, "utf8")).to.equal(contractsModule());
  });

  it("comes out the same by plain ethers as by Ignition, and leaves only governance in charge", async () => {
    const ignited: Contracts = await ignition.deploy(Handover, {
      parameters: { Log: { logId, operator: OPERATOR }, Handover: { governance: GOVERNANCE } },
    });
    const [deployer] = await ethers.getSigners();

    const signer = await fundedSigner();
    const terms = { signer, governance: GOVERNANCE, operator: OPERATOR, logId };
    const deployed = await deployPlotline(terms);
    expect(await deployPlotline(terms)).to.deep.equal(deployed);
    expect(await signer.getNonce()).to.equal(5 + TRANSACTIONS);

    const plain = Object.fromEntries(
      Object.entries(ignited).map(([name, contract]) => [
        name,
        new Contract(deployed[name as keyof Contracts], contract.interface, signer.provider),
      ]),
    ) as Contracts;
    expect(await wiringOf(plain)).to.deep.equal(await wiringOf(ignited));
    const isAdmin = async ({ accessManager }: Contracts, account: unknown) =>
      (await accessManager.getFunction("hasRole").staticCallResult(0n, account)) as unknown[];
    expect((await isAdmin(plain, GOVERNANCE))[0]).to.equal(true);
    expect((await isAdmin(plain, signer.address))[0]).to.equal(false);
    expect((await isAdmin(ignited, deployer?.address))[0]).to.equal(false);
  });

  it("goes on where a crash cut it short, and refuses an account that did something else", async () => {
    const signer = await fundedSigner();
    const terms = { signer, governance: signer.address, operator: OPERATOR, logId };
    const { accessManager } = await deployPlotline(terms);
    expect((await deployPlotline({ ...terms, operator: GOVERNANCE })).accessManager).to.equal(
      accessManager,
    );

    const used = await fundedSigner();
    await (await used.sendTransaction({ to: used.address })).wait();
    await deployPlotline({ ...terms, signer: used }).then(
      () => expect.fail("deployed with a used account"),
      (refusal: unknown) => expect((refusal as TraceError).code).to.equal("NOT_ALLOWED"),
    );
  });

  /** A new account with gas on a chain of its own that is asked over HTTP, as the gateway asks. */
  async function fundedSigner(): Promise<Wallet> {
    const server = await network.createServer("default", "127.0.0.1", 0);
    closers.push(() => server.close());
    const { port } = await server.listen();
    const provider = new JsonRpcProvider(`http://127.0.0.1:${port}`, undefined, {
      pollingInterval: 20,
    });
    closers.push(async () => provider.destroy());
    const wallet = Wallet.createRandom();
    const signer = new Wallet(wallet.privateKey, provider);
    await provider.send("hardhat_setBalance", [signer.address, "0x8ac7230489e80000"]);
    return signer;
  }

  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });
});
