import type { Contract, ContractTransactionReceipt } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import { toHex, type Hex } from "../../gateway/core/bytes.ts";
import {
  KINDS,
  ROLES,
  SCHEMES,
  type Kind,
  type Operation,
  type Portion,
} from "../../gateway/core/operations.ts";
import { areaBytes, idOf, NO_AREA, NOTHING } from "../../gateway/core/recording.ts";
import { deployPlotline } from "../ignition/deployment.ts";
import { personOf, signedCall, type Person } from "../../test/contracts/person.ts";
import { newSlots, writtenSlots } from "./gas-slots.ts";
import { uniformConsistency, uniformRoot } from "./uniform-log.ts";

/** Gas by what was done: of an anchor's whole transaction, or of one operation as its share of a relayed batch. */
export type Gas = Readonly<Record<string, number>>;

/** What was measured, with the storage slots that one operation or anchor fills for the first time. */
export type Measured = { readonly gas: Gas; readonly slots: Gas };

const BATCH = Array.from({ length: 20 }, (_, i) => i);
const [FROM, FOR_EVER, TIME] = [1_700_000_000, 4_000_000_000, 1_760_000_000];
const AREA = areaBytes("VN-58");
const MASS = 512_345;

const id = (name: string): Hex => idOf(`https://gas.example/${name}`);
const lot = (name: string, i: number): Portion => ({ lot: id(`${name}/${i}`), mass: MASS });
const named = ({ lot }: Portion): Portion => ({ lot, mass: 0 });

/**
 * Measures on a fresh chain. `one signer`: a person's batch, so that key, party and certificate are read and written
 * once; `each its own`: twenty people, parties and certificates. Numbers were used before, so no key's slot is new.
 */
export async function measureGas(connection: NetworkConnection): Promise<Measured> {
  const { contracts, deployment } = await deployPlotline(connection);
  const { parties, certificates, lots } = contracts;
  const gas: Record<string, number> = {};
  const slots: Record<string, number> = {};

  const province = personOf("province", id("province"));
  const coop = personOf("coop", id("coop"));
  const [farms, factories] = ["farm", "factory"].map((kind) =>
    BATCH.map((i) => personOf(`${kind}/${i}`, id(`${kind}/${i}`))),
  ) as [Person[], Person[]];
  const at = <T>(items: readonly T[], i: number): T => items[i] as T;

  const enrol = (by: Person, { party, key }: Person, roles: number): Hex =>
    signedCall(deployment, by, "Enrolment", {
      subject: party,
      subjectKey: key,
      roles,
      from: FROM,
      until: FOR_EVER,
      content: id(`document/${party}`),
    });
  const grant = (certificate: Hex, scheme: number, holder: Hex): Hex =>
    signedCall(deployment, province, "Grant", {
      certificate,
      scheme,
      holder,
      area: AREA,
      quota: 1_000_000_000,
      from: FROM,
      until: FOR_EVER,
      content: id(`document/${certificate}`),
    });
  const operate = (by: Person, kind: Kind, rest: Partial<Operation>): Hex =>
    signedCall(deployment, by, "Operation", {
      kind: KINDS[kind],
      time: TIME,
      inputs: [],
      outputs: [],
      certificate: NOTHING,
      counterparty: NOTHING,
      area: NO_AREA,
      segregated: false,
      content: id(`event/${by.key}/${by.number}`),
      ...rest,
    });
  const run = async (name: string, call: (i: number) => Hex): Promise<void> => {
    gas[name] = await operationGas(lots, BATCH.map(call));
  };

  const founding = [province.party, province.key, ROLES.authority, FROM, FOR_EVER, NOTHING];
  await receiptOf(parties, "found", ...founding);
  await operationGas(parties, [enrol(province, coop, ROLES.cooperative)]);
  gas["enrol a farmer"] = await operationGas(
    parties,
    farms.map((farm) => enrol(coop, farm, ROLES.farmer)),
  );
  await operationGas(
    parties,
    factories.map((factory) => enrol(coop, factory, ROLES.processor)),
  );
  await operationGas(
    parties,
    farms.map((farm) =>
      signedCall(deployment, farm, "Delegation", { agent: coop.party, until: FOR_EVER }),
    ),
  );
  gas["grant a certificate"] = await operationGas(
    certificates,
    farms.map(({ party }, i) => grant(id(`plot/${i}`), SCHEMES.growingArea, party)),
  );
  await operationGas(
    certificates,
    factories.map(({ party }, i) => grant(id(`gi/${i}`), SCHEMES.gi, party)),
  );
  await operationGas(
    lots,
    BATCH.map((i) => operate(at(factories, i), "intake", { outputs: [lot("warm", i)] })),
  );

  const all = (who: readonly Person[]) => (i: number) => at(who, i);
  const one = (who: readonly Person[]) => () => at(who, 0);
  for (const [share, who] of [
    ["one signer", one],
    ["each its own", all],
  ] as const) {
    const [farm, factory] = [who(farms), who(factories)];
    const right = (name: string, i: number): Hex => id(`${name}/${who === one ? 0 : i}`);
    const [raw, made] = [
      (i: number) => lot(`${share}/raw`, i),
      (i: number) => lot(`${share}/made`, i),
    ];
    const step = async (name: string, call: (i: number) => Hex): Promise<void> => {
      await run(`${name}, ${share}`, call);
      if (who !== one) return;
      const receipt = await relayed(lots, [call(BATCH.length)]);
      slots[`${name}, ${share}`] = newSlots(await writtenSlots(connection, writtenBy(receipt)));
    };
    await step("harvest", (i) =>
      operate(farm(i), "harvest", { outputs: [raw(i)], certificate: right("plot", i) }),
    );
    await step("harvest by an agent", (i) =>
      operate(coop, "harvest", {
        party: farm(i).party,
        outputs: [lot(`${share}/agent`, i)],
        certificate: right("plot", i),
      }),
    );
    await step("intake", (i) =>
      operate(factory(i), "intake", { outputs: [lot(`${share}/in`, i)], area: AREA }),
    );
    await step("hand over", (i) =>
      operate(farm(i), "handOver", { inputs: [raw(i)], counterparty: factory(i).party }),
    );
    await step("take over", (i) =>
      operate(factory(i), "takeOver", { inputs: [raw(i)], counterparty: farm(i).party }),
    );
    await step("process one lot into one", (i) =>
      operate(factory(i), "process", { inputs: [raw(i)], outputs: [made(i)] }),
    );
    await step("certify", (i) =>
      operate(factory(i), "certify", { inputs: [made(i)], certificate: right("gi", i) }),
    );
    await step("note", (i) => operate(factory(i), "note", { inputs: [named(made(i))] }));
    await step("recall", (i) => operate(factory(i), "recall", { inputs: [named(made(i))] }));
    await step("lift", (i) => operate(province, "lift", { inputs: [named(made(i))] }));
    await step("retire", (i) => operate(factory(i), "retire", { inputs: [made(i)] }));
  }
  const anchors = await anchorGas(connection, contracts.checkpoints);
  return { gas: { ...gas, ...anchors.gas }, slots: { ...slots, ...anchors.slots } };
}

/** Growths of a log, most about a million leaves; the last is the dearest there is, with 21 hashes and 41 to compute. */
const GROWTHS = [
  [1, 2],
  [1_000_000, 1_000_001],
  [1_000_000, 1_010_000],
  [1_008_635, 1_017_386],
  [1_048_574, 1_048_577],
] as const;

/** What anchors cost: a log's first, its next, and those about a million leaves. */
async function anchorGas(connection: NetworkConnection, checkpoints: Contract): Promise<Measured> {
  const [operator] = await connection.ethers.getSigners();
  if (operator === undefined) throw new Error("the chain has no accounts");
  const gas: Record<string, number> = {};
  const slots: Record<string, number> = {};
  const anchor = async (name: string, ...args: readonly unknown[]): Promise<void> => {
    const receipt = await receiptOf(checkpoints, "anchor", ...args);
    gas[name] ??= Number(receipt.gasUsed);
    const filled = newSlots(await writtenSlots(connection, writtenBy(receipt)));
    slots[name] = Math.max(slots[name] ?? 0, filled);
  };
  for (const [older, newer] of GROWTHS) {
    const log = id(`log/${older}/${newer}`);
    await receiptOf(checkpoints, "open", log, operator.address);
    await anchor("anchor, a log's first", log, older, uniformRoot(older), []);
    const proof = uniformConsistency(older, newer).map(toHex);
    await anchor(`anchor, ${older} to ${newer}`, log, newer, uniformRoot(newer), proof);
  }
  return { gas, slots };
}

/** One operation's share of a relayed batch, rounded up. Throws if any was refused. */
async function operationGas(contract: Contract, calls: readonly Hex[]): Promise<number> {
  return Math.ceil(Number((await relayed(contract, calls)).gasUsed) / calls.length);
}

async function relayed(
  contract: Contract,
  calls: readonly Hex[],
): Promise<ContractTransactionReceipt> {
  const receipt = await receiptOf(contract, "relay", calls);
  const refused = contract.interface.getEvent("Refused")?.topicHash;
  if (receipt.logs.some(({ topics }) => topics[0] === refused))
    throw new Error("the contract refused what was to be measured");
  return receipt;
}

const writtenBy = ({ hash, to, blockNumber }: ContractTransactionReceipt) => ({
  hash,
  to: String(to),
  blockNumber,
});

async function receiptOf(
  contract: Contract,
  name: string,
  ...args: readonly unknown[]
): Promise<ContractTransactionReceipt> {
  const sent = await contract.getFunction(name).send(...args);
  const receipt = await sent.wait();
  if (receipt === null) throw new Error(`${name} was not mined`);
  return receipt as ContractTransactionReceipt;
}
