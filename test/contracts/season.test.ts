import { expect } from "chai";
import { network } from "hardhat";

import { KINDS, ROLES, SCHEMES, type Operation } from "../../gateway/core/operations.ts";
import { areaBytes, idOf, NO_AREA, NOTHING } from "../../gateway/core/recording.ts";
import { deployPlotline } from "../../scripts/ignition/deployment.ts";
import { personOf, signedCall } from "./person.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const FOR_EVER = 4_000_000_000;
const AREA = areaBytes("VN-58");
const [LOT, KERNELS, PLOT, CLAIM] = [1, 2, 3, 4].map((n) => idOf(`https://x.example/${n}`)) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
];

const say = (kind: keyof typeof KINDS, rest: Partial<Operation>) => ({
  kind: KINDS[kind],
  time: 0,
  inputs: [],
  outputs: [],
  certificate: NOTHING,
  counterparty: NOTHING,
  area: NO_AREA,
  segregated: false,
  content: idOf(kind),
  ...rest,
});

describe("A season on the contracts", function () {
  this.timeout(300_000);

  async function deployed() {
    return deployPlotline(connection);
  }

  it("goes from enrolment to sale with one signature for each step", async () => {
    const { contracts, deployment } = await networkHelpers.loadFixture(deployed);
    const [province, coop, farm, factory] = ["province", "coop", "farm", "factory"].map((name) =>
      personOf(name, idOf(`https://x.example/${name}`)),
    ) as [
      ReturnType<typeof personOf>,
      ReturnType<typeof personOf>,
      ReturnType<typeof personOf>,
      ReturnType<typeof personOf>,
    ];
    const sensor = personOf("sensor", factory.party);
    const { parties, certificates, lots } = contracts;
    await parties.getFunction("found")(
      province.party,
      province.key,
      ROLES.authority,
      0,
      FOR_EVER,
      NOTHING,
    );

    const enrol = (by: typeof coop, subject: typeof coop, roles: number) =>
      signedCall(deployment, by, "Enrolment", {
        subject: subject.party,
        subjectKey: subject.key,
        roles,
        from: 0,
        until: FOR_EVER,
        content: NOTHING,
      });
    const relay = async (contract: typeof lots, ...calls: readonly string[]) =>
      expect(contract.getFunction("relay")(calls)).not.to.emit(contract, "Refused");
    await relay(
      parties,
      enrol(province, coop, ROLES.cooperative),
      enrol(coop, farm, ROLES.farmer),
      enrol(coop, factory, ROLES.processor),
      enrol(coop, sensor, ROLES.device),
      signedCall(deployment, factory, "Watch", {
        device: sensor.key,
        place: idOf("store"),
        from: 0,
        until: FOR_EVER,
        interval: 60,
        content: NOTHING,
      }),
      signedCall(deployment, farm, "Delegation", { agent: coop.party, until: FOR_EVER }),
    );

    const grant = (certificate: `0x${string}`, scheme: number, holder: `0x${string}`) =>
      signedCall(deployment, province, "Grant", {
        certificate,
        scheme,
        holder,
        area: AREA,
        quota: 1000,
        from: 0,
        until: FOR_EVER,
        content: NOTHING,
      });
    await relay(
      certificates,
      grant(PLOT, SCHEMES.growingArea, farm.party),
      grant(CLAIM, SCHEMES.gi, factory.party),
    );

    const operate = (by: typeof coop, operation: ReturnType<typeof say>, party = by.party) =>
      signedCall(deployment, by, "Operation", { ...operation, party });
    const harvested = { lot: LOT, mass: 900 };
    const kernels = { lot: KERNELS, mass: 700 };
    await relay(
      lots,
      operate(coop, say("harvest", { outputs: [harvested], certificate: PLOT }), farm.party),
      operate(farm, say("handOver", { inputs: [harvested], counterparty: factory.party })),
      operate(factory, say("takeOver", { inputs: [harvested], counterparty: farm.party })),
      operate(factory, say("process", { inputs: [harvested], outputs: [kernels] })),
      operate(factory, say("certify", { inputs: [kernels], certificate: CLAIM })),
      operate(province, say("recall", { inputs: [{ lot: KERNELS, mass: 0 }] })),
      operate(province, say("lift", { inputs: [{ lot: KERNELS, mass: 0 }] })),
      operate(factory, say("note", { inputs: [{ lot: KERNELS, mass: 0 }] })),
      operate(factory, say("retire", { inputs: [kernels] })),
    );
    const [raw, made] = await lots.getFunction("lotsOf")([LOT, KERNELS]);
    expect([raw.mass, raw.count, raw.holder]).to.deep.equal([0n, 4n, factory.party]);
    expect([made.mass, made.count, made.flags, made.area]).to.deep.equal([0n, 6n, 9n, AREA]);
    await relay(
      certificates,
      signedCall(deployment, province, "Revocation", { certificate: CLAIM, content: NOTHING }),
    );
    await relay(
      parties,
      signedCall(deployment, coop, "KeyRevocation", {
        subjectKey: sensor.key,
        until: 1,
        content: NOTHING,
      }),
    );
    const [sensorKey] = await parties.getFunction("keysOf")([sensor.key]);
    expect(sensorKey.until).to.equal(1n);
  });

  it("shows a verifier hundreds of lots in one call", async () => {
    const { contracts, deployment } = await networkHelpers.loadFixture(deployed);
    const factory = personOf("factory", idOf("https://x.example/factory"));
    const terms = [ROLES.processor, 0, FOR_EVER, NOTHING];
    await contracts.parties.getFunction("found")(factory.party, factory.key, ...terms);
    const ids = Array.from({ length: 300 }, (_, i) => idOf(`https://x.example/lot/${i}`));
    for (let from = 0; from < ids.length; from += 100) {
      const calls = ids.slice(from, from + 100).map((lot, i) =>
        signedCall(deployment, factory, "Operation", {
          ...say("intake", { outputs: [{ lot, mass: from + i + 1 }], area: AREA }),
        }),
      );
      await contracts.lots.getFunction("relay")(calls);
    }
    const lotsOf = contracts.lots.getFunction("lotsOf");
    const lots = await lotsOf(ids);
    expect(lots.map(({ mass }: { mass: bigint }) => Number(mass))).to.deep.equal(
      ids.map((_, i) => i + 1),
    );
    expect(lots.every(({ holder }: { holder: string }) => holder === factory.party)).to.equal(true);
    // Nodes allow a call 50 million gas; this one leaves room for more than a thousand lots.
    expect(Number(await lotsOf.estimateGas(ids))).to.be.lessThan(15_000_000);
  });
});
