import { Contract, Wallet } from "ethers";

import { LOTS_ABI, PARTIES_ABI } from "../../../gateway/chain/contracts.ts";
import { deployPlotline, type Deployed } from "../../../gateway/chain/deploy.ts";
import { providerOver } from "../../../gateway/chain/providers.ts";
import { EMBEDDED_CHAIN_ID, startSimulation } from "../../../gateway/chain/simulated.ts";
import type { Hex } from "../../../gateway/core/bytes.ts";
import type { Request } from "../../../gateway/core/chain-state.ts";
import { ROLES, SCHEMES } from "../../../gateway/core/operations.ts";
import { areaBytes, idOf, NO_AREA, NOTHING } from "../../../gateway/core/recording.ts";
import { personOf, signedCall, type Person } from "../../contracts/person.ts";
import { SIGNER } from "../samples.ts";
import { chainOf, openFolder } from "./embedded-folder.ts";

export const FOR_EVER = 4_000_000_000;
export const AREA = areaBytes("VN-58");
export const LOG_ID = idOf(SIGNER.origin);

/** A chain with the contracts on it, an authority founded, and a farm and its plot made by it. */
export type World = {
  readonly chain: {
    readonly request: Request;
    readonly governance: Wallet;
    readonly relayer: Wallet;
    readonly url?: string;
  };
  readonly deployment: Deployed;
  readonly province: Person;
  readonly farm: Person;
  readonly plot: Hex;
  /** Sends calls to a contract's `relay`, from governance. */
  readonly relay: (contract: "parties" | "lots" | "certificates", ...calls: Hex[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

export const lotNamed = (name: string): Hex =>
  idOf(`https://id.gs1.org/01/09520123456788/10/${name}`);

/** A harvest of a plot, as a person says it. */
export const harvestOf = (lot: Hex, plot: Hex, mass = 1_000) => ({
  kind: 1,
  time: 1_760_000_000,
  inputs: [],
  outputs: [{ lot, mass }],
  certificate: plot,
  counterparty: NOTHING,
  area: NO_AREA,
  segregated: false,
  content: idOf("an event"),
});

/** The embedded chain of a fresh folder. */
export async function openWorld(): Promise<World> {
  const folder = await openFolder();
  const chain = await chainOf(folder.path);
  const close = async (): Promise<void> => {
    await chain.close();
    await folder.close();
  };
  return { ...(await populate(chain)), close };
}

/** The same on a bare simulation, whose tester's methods (`evm_…`) are open: for reorganisations and fees. */
export async function openBareWorld(): Promise<World> {
  const [governance, relayer] = [
    new Wallet(`0x${"11".repeat(32)}`),
    new Wallet(`0x${"22".repeat(32)}`),
  ];
  const simulation = await startSimulation([governance.privateKey, relayer.privateKey]);
  await simulation.request("evm_setNextBlockTimestamp", [1_760_000_100]);
  const provider = providerOver(simulation.request, EMBEDDED_CHAIN_ID);
  const close = async (): Promise<void> => {
    provider.destroy();
    await simulation.close();
  };
  const accounts = { governance: governance.connect(provider), relayer: relayer.connect(provider) };
  return { ...(await populate({ request: simulation.request, ...accounts })), close };
}

async function populate(chain: World["chain"]): Promise<Omit<World, "close">> {
  const { governance, relayer } = chain;
  const deployment = await deployPlotline({
    signer: governance,
    governance: governance.address,
    operator: relayer.address,
    logId: LOG_ID,
  });
  const [province, farm] = [
    personOf("province", idOf("https://x.example/province")),
    personOf("farm", idOf("https://x.example/farm")),
  ];
  const plot = idOf("https://x.example/certificates/plot");
  const parties = new Contract(deployment.parties, PARTIES_ABI, governance);
  await (
    await parties.getFunction("found")(
      province.party,
      province.key,
      ROLES.authority,
      0,
      FOR_EVER,
      NOTHING,
    )
  ).wait();
  const relay: World["relay"] = async (contract, ...calls) => {
    const target = new Contract(deployment[contract], LOTS_ABI, governance);
    await (await target.getFunction("relay")(calls)).wait();
  };
  await relay(
    "parties",
    signedCall(deployment, province, "Enrolment", {
      subject: farm.party,
      subjectKey: farm.key,
      roles: ROLES.farmer,
      from: 0,
      until: FOR_EVER,
      content: NOTHING,
    }),
  );
  await relay(
    "certificates",
    signedCall(deployment, province, "Grant", {
      certificate: plot,
      scheme: SCHEMES.growingArea,
      holder: farm.party,
      area: AREA,
      quota: 1_000_000,
      from: 0,
      until: FOR_EVER,
      content: NOTHING,
    }),
  );
  return { chain, deployment, province, farm, plot, relay };
}
