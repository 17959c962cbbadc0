import { expect } from "chai";
import * as fc from "fast-check";
import { network } from "hardhat";

import type { Hex } from "../../gateway/core/bytes.ts";
import { applyOperation, EMPTY, type Ledger, type Terms } from "../../gateway/core/lineage.ts";
import { KINDS, ROLES, SCHEMES, type Operation } from "../../gateway/core/operations.ts";
import { areaBytes, idOf, NO_AREA, NOTHING } from "../../gateway/core/recording.ts";
import { TraceError } from "../../gateway/core/trace-error.ts";
import { deployPlotline } from "../../scripts/ignition/deployment.ts";
import { personOf, signedCall, type Person } from "./person.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const [FOR_EVER, QUOTA] = [4_000_000_000, 1_500];
const id = (name: string): Hex => idOf(`https://model.example/${name}`);
const AREAS = [NO_AREA, areaBytes("VN-58"), areaBytes("KH")] as const;
const [VN, LOTS] = [AREAS[1], Array.from({ length: 7 }, (_, i) => id(`lot/${i}`))] as const;
const ROLE_OF = {
  farm: ROLES.farmer,
  factory: ROLES.processor,
  coop: ROLES.cooperative,
  certifier: ROLES.certifier,
  province: ROLES.authority,
} as const;
type Name = keyof typeof ROLE_OF;
const NAMES = Object.keys(ROLE_OF) as Name[];

/** The certificates by name: what is granted, and what the model is told of them. */
const RIGHTS = [
  { name: "plot", scheme: SCHEMES.growingArea, kind: 1, holder: "farm", area: VN },
  { name: "claim", scheme: SCHEMES.gi, kind: 2, holder: "factory", area: VN },
  { name: "organic", scheme: SCHEMES.organic, kind: 2, holder: "factory", area: NO_AREA },
] as const;

/** One attempt, with numbers that are read modulo what there is. Half of the attempts are plausible ones. */
type Attempt = {
  readonly kind: keyof typeof KINDS;
  readonly who: Name;
  readonly agent: boolean;
  readonly lots: readonly number[];
  readonly masses: readonly number[];
  readonly right: number;
  readonly other: Name;
  readonly area: number;
  readonly flag: boolean;
  readonly plausible: boolean;
};
const attempts = fc.array(
  fc.record<Attempt>({
    kind: fc.constantFrom(...(Object.keys(KINDS) as (keyof typeof KINDS)[])),
    who: fc.constantFrom(...NAMES),
    agent: fc.boolean(),
    lots: fc.array(fc.nat(LOTS.length - 1), { minLength: 4, maxLength: 4 }),
    masses: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 4, maxLength: 4 }),
    right: fc.nat(RIGHTS.length),
    other: fc.constantFrom(...NAMES),
    area: fc.nat(2),
    flag: fc.boolean(),
    plausible: fc.boolean(),
  }),
  { minLength: 20, maxLength: 40 },
);

describe("Lots and the model of their rules", function () {
  this.timeout(600_000);

  async function world() {
    const { contracts, deployment } = await deployPlotline(connection);
    const people = Object.fromEntries(
      NAMES.map((name) => [name, personOf(name, id(name))]),
    ) as Record<Name, Person>;
    for (const name of NAMES)
      await contracts.parties
        .getFunction("found")
        .send(people[name].party, people[name].key, ROLE_OF[name], 0, FOR_EVER, NOTHING);
    const grants = RIGHTS.map(({ name, scheme, holder, area }) =>
      signedCall(deployment, people.certifier, "Grant", {
        certificate: id(name),
        scheme,
        holder: people[holder].party,
        area,
        quota: QUOTA,
        from: 0,
        until: FOR_EVER,
        content: NOTHING,
      }),
    );
    await contracts.certificates.getFunction("relay").send(grants);
    await contracts.parties.getFunction("relay").send([
      signedCall(deployment, people.farm, "Delegation", {
        agent: people.coop.party,
        until: FOR_EVER,
      }),
    ]);
    return { contracts, deployment, people };
  }

  /** What is tried: by chance, or by whoever holds the first lot with what the kind needs. */
  function operationOf(attempt: Attempt, ledger: Ledger, party: (name: Name) => Hex) {
    const { kind, lots, masses, right, other, area, flag, plausible } = attempt;
    // Only the factory holds claims, so a plausible certify is of a lot of its own.
    const ours = LOTS.find((each) => {
      const { holder, mass = 0 } = ledger.lots.get(each) ?? {};
      return holder === party("factory") && mass > 0;
    });
    const lot = (i: number): Hex =>
      (plausible && kind === "certify" && i === 0 ? ours : undefined) ??
      LOTS[lots[i] ?? 0] ??
      NOTHING;
    const balance = ledger.lots.get(lot(0));
    const holder = NAMES.find((name) => party(name) === balance?.holder);
    const speaks = kind === "note" || kind === "recall" || kind === "lift";
    const whole = kind === "handOver" || kind === "takeOver" || kind === "retire";
    const makes = kind === "harvest" || kind === "intake";
    const mass = (i: number): number =>
      plausible && speaks
        ? 0
        : plausible && (whole || kind === "certify")
          ? (balance?.mass ?? 0)
          : (masses[i] ?? 0);
    const portions = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ lot: lot(from + i), mass: mass(from + i) }));
    const usual = {
      harvest: "farm",
      intake: "factory",
      process: holder,
      lift: "province",
    } as const;
    const taker = NAMES.find((name) => party(name) === balance?.pending);
    const doer = kind === "takeOver" ? taker : (usual[kind as "process"] ?? holder);
    const who = plausible ? (doer ?? attempt.who) : attempt.who;
    const needsRight = kind === "harvest" || kind === "certify";
    const claims = RIGHTS.filter(({ kind, holder }) => kind === 2 && holder === who);
    const own = claims[right % Math.max(claims.length, 1)];
    const certificate = plausible
      ? id(kind === "harvest" ? "plot" : (own?.name ?? ""))
      : id(RIGHTS[right]?.name ?? "");
    const giver = holder ?? other;
    const operation: Omit<Operation, "key" | "number"> = {
      kind: KINDS[kind],
      party: party(who),
      time: 0,
      inputs: makes ? [] : portions(0, kind === "process" ? (flag ? 2 : 1) : 1),
      outputs: makes || kind === "process" ? portions(2, kind === "process" && flag ? 2 : 1) : [],
      certificate: needsRight ? certificate : NOTHING,
      counterparty:
        kind === "takeOver"
          ? party(plausible ? giver : other)
          : kind === "handOver"
            ? party(other)
            : NOTHING,
      area: kind === "intake" ? (AREAS[area] ?? NO_AREA) : NO_AREA,
      segregated: kind === "harvest" && flag,
      content: id(JSON.stringify(attempt)),
    };
    return { operation, who };
  }

  it("agree on every operation of any sequence", async () => {
    const [taken, refused, byAgents] = [new Set<string>(), new Set<string>(), new Set<string>()];
    let attemptsMade = 0;
    await fc.assert(
      fc.asyncProperty(attempts, async (sequence) => {
        const { contracts, deployment, people } = await networkHelpers.loadFixture(world);
        const numbers = Object.fromEntries(NAMES.map((name) => [name, 10])) as Record<Name, number>;
        const party = (name: Name): Hex => people[name].party;
        const terms = (certificate: Hex): Terms | undefined => {
          const right = RIGHTS.find(({ name }) => id(name) === certificate);
          if (right === undefined) return undefined;
          const { kind, area, holder } = right;
          return {
            kind,
            area,
            holder: party(holder),
            quota: QUOTA,
            from: 0,
            until: FOR_EVER,
            revoked: 0,
          };
        };
        const delegatedUntil = (of: Hex, to: Hex): number =>
          of === party("farm") && to === party("coop") ? FOR_EVER : 0;
        let ledger = EMPTY;
        for (const attempt of sequence) {
          const { operation, who } = operationOf(attempt, ledger, party);
          const signer = attempt.agent ? "coop" : who;
          const { key } = people[signer];
          const told: Operation = { ...operation, key, number: ++numbers[signer] };
          const act = {
            operation: told,
            time: (await networkHelpers.time.latest()) + 1,
            signer: party(signer),
            roles: ROLE_OF[signer],
          };
          let expected: Ledger | undefined;
          try {
            expected = applyOperation(ledger, act, { terms, delegatedUntil, follows: () => true });
          } catch (refusal) {
            if (!(refusal instanceof TraceError)) throw refusal;
          }
          const call = signedCall(deployment, people[signer], "Operation", told);
          const receipt = await (await contracts.lots.getFunction("relay").send([call])).wait();
          const operated = contracts.lots.interface.getEvent("Operated")?.topicHash;
          const done = receipt?.logs.some(
            ({ topics }: { topics: readonly string[] }) => topics[0] === operated,
          );
          expect(done, JSON.stringify(attempt)).to.equal(expected !== undefined);
          attemptsMade++;
          (expected === undefined ? refused : taken).add(attempt.kind);
          if (expected !== undefined && told.party !== act.signer) byAgents.add(attempt.kind);
          ledger = expected ?? ledger;
        }
        const shown = await contracts.lots.getFunction("lotsOf").staticCall(LOTS);
        LOTS.forEach((lot, i) => {
          const { mass, holder, pending, count, area, flags } = shown[i];
          const seen = {
            mass: Number(mass),
            holder,
            pending,
            count: Number(count),
            area,
            flags: Number(flags),
          };
          const none = {
            mass: 0,
            holder: NOTHING,
            pending: NOTHING,
            count: 0,
            area: NO_AREA,
            flags: 0,
          };
          expect(seen).to.deep.equal(ledger.lots.get(lot) ?? none);
        });
        const rights = await contracts.certificates
          .getFunction("certificatesOf")
          .staticCall(RIGHTS.map(({ name }) => id(name)));
        RIGHTS.forEach(({ name }, i) =>
          expect(Number(rights[i].spent)).to.equal(ledger.spent.get(id(name)) ?? 0),
        );
      }),
      { numRuns: 100, seed: 20_260_101, endOnFailure: true },
    );
    expect(attemptsMade).to.be.greaterThan(2_000);
    expect([...taken]).to.have.members(Object.keys(KINDS));
    expect([...refused]).to.have.members(Object.keys(KINDS));
    expect([...byAgents]).to.have.members(["harvest", "handOver", "note"]);
  });
});
