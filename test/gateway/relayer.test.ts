import { expect } from "chai";

import { encodeCall, encodeFunction } from "../../gateway/core/calls.ts";
import { decodeAnswer } from "../../gateway/core/views.ts";
import { ROLES, TAKERS } from "../../gateway/core/operations.ts";
import { idOf, NOTHING } from "../../gateway/core/recording.ts";
import { parseRefusal } from "../../gateway/core/refusals.ts";
import { newestCheckpoint } from "../../gateway/store/log.ts";
import { openStore, type Store } from "../../gateway/store/open.ts";
import { statementByDigest } from "../../gateway/store/statements.ts";
import { openTransactions, transactionsIn } from "../../gateway/store/transactions.ts";
import type { Hex } from "../../gateway/core/bytes.ts";
import { personOf, signedBy, signedCall, type Person } from "../contracts/person.ts";
import { openFolder } from "./chain/embedded-folder.ts";
import { FOR_EVER, harvestOf, LOG_ID, lotNamed, openWorld, type World } from "./chain/world.ts";
import {
  capture,
  captureHarvest,
  growLog,
  partsOf,
  relayUntil,
  settled,
  stateOf,
} from "./relayer-world.ts";

describe("the relayer", () => {
  let world: World;
  let folder: Awaited<ReturnType<typeof openFolder>>;
  let store: Store;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  beforeEach(async () => {
    folder = await openFolder();
    store = await openStore({ dataDir: folder.path });
  });
  afterEach(async () => {
    await store.close();
    await folder.close();
  });

  const sender = (): Hex => world.chain.relayer.address.toLowerCase() as Hex;
  const anchoredSize = async (): Promise<number> => {
    const data = encodeFunction("latest", { log: LOG_ID });
    const answer = await world.chain.request("eth_call", [
      { to: world.deployment.checkpoints, data },
      "latest",
    ]);
    return Number((decodeAnswer("latest", answer) as { size: bigint }).size);
  };

  it("carries statements to their contracts in the order in which they came", async () => {
    const { deployment, province, farm, plot } = world;
    const newcomer = personOf("newcomer", idOf("https://x.example/newcomer"));
    const enrolment = signedBy(deployment, province, "Enrolment", {
      subject: newcomer.party,
      subjectKey: newcomer.key,
      roles: ROLES.processor,
      from: 0,
      until: FOR_EVER,
      content: NOTHING,
    });
    const lot = lotNamed("in order");
    const portion = { lot, mass: 500 };
    const moved = { ...harvestOf(lot, NOTHING), outputs: [], inputs: [portion] };
    const digests: Hex[] = [];
    for (const signed of [
      enrolment,
      signedBy(deployment, farm, "Operation", harvestOf(lot, plot, 500)),
      signedBy(deployment, farm, "Operation", { ...moved, kind: 4, counterparty: newcomer.party }),
      signedBy(deployment, newcomer, "Operation", { ...moved, kind: 5, counterparty: farm.party }),
      signedBy(deployment, farm, "Delegation", { agent: province.party, until: 9 }),
    ])
      digests.push(await capture(world, store, signed));
    await relayUntil(partsOf(world, store), settled(store, digests));
    const stored = await Promise.all(digests.map((digest) => statementByDigest(store.db, digest)));
    expect(stored.map((one) => [one?.state, one?.reason])).to.deep.equal(
      digests.map(() => ["confirmed", null]),
    );
    const positions = stored.map((one) => one?.block?.position ?? 0);
    expect(positions).to.deep.equal(positions.toSorted((a, b) => a - b));
    expect(new Set(positions).size).to.equal(digests.length);
    for (const one of stored) {
      const { number = 0, time, position = 0 } = one?.block ?? {};
      expect(Math.floor(position / 1e6)).to.equal(number);
      const tag = `0x${number.toString(16)}`;
      const block = await world.chain.request("eth_getBlockByNumber", [tag, false]);
      expect(Number((block as { timestamp: Hex }).timestamp)).to.equal(time);
    }
  });

  it("puts many into few transactions, and lets one bad one sink alone, with its reason", async () => {
    const digests: Hex[] = [];
    for (let i = 0; i < 45; i++)
      digests.push(await captureHarvest(world, store, i === 30 ? 10_000_000 : 10));
    await relayUntil(partsOf(world, store), settled(store, digests));
    const states = await Promise.all(digests.map((digest) => stateOf(store, digest)));
    expect(states.flatMap((state, i) => (state === "confirmed" ? [] : [i]))).to.deep.equal([30]);
    const bad = await statementByDigest(store.db, digests[30] ?? "0x");
    const refusal = parseRefusal(bad?.reason ?? "");
    expect(refusal?.name).to.equal("CertificatesQuotaExceeded");
    expect(refusal?.args).to.include({ mass: "10000000" });
    const done = await transactionsIn(store.db, sender(), ["confirmed"]);
    expect(done.length).to.equal(3);
    expect(await openTransactions(store.db, sender())).to.deep.equal([]);
  });

  it("finds nothing to anchor in an empty log", async () => {
    expect(await growLog(store, 0)).to.equal(0);
    await relayUntil(partsOf(world, store), async (relayer) => {
      const { state, anchorLagSeconds } = await relayer.status();
      return state === "working" && anchorLagSeconds === 0;
    });
    expect(await anchoredSize()).to.equal(0);
  });

  it("anchors each new checkpoint with its proof", async () => {
    for (const packs of [1, 6, 300]) {
      const size = await growLog(store, packs);
      await relayUntil(partsOf(world, store), async (relayer) => {
        const { anchoredSize: seen, anchorLagSeconds } = await relayer.status();
        return seen === size && anchorLagSeconds === 0;
      });
      expect(await anchoredSize()).to.equal(size);
    }
    expect((await newestCheckpoint(store.db))?.size).to.equal(307);
  });

  it("does not speak for a log that the chain knows further than the store, and still relays", async () => {
    await growLog(store, 5); // a younger store than the one of the test before
    const digest = await captureHarvest(world, store);
    await relayUntil(partsOf(world, store), async (relayer) => {
      const { state, trouble } = await relayer.status();
      if (state !== "behind" || (await stateOf(store, digest)) !== "confirmed") return false;
      expect(trouble).to.match(/307/);
      return true;
    });
    expect(await anchoredSize()).to.equal(307);
  });

  it("takes a statement that somebody else carried for taken, where that one left it", async () => {
    const { deployment, farm, province, plot } = world;
    const subject = personOf("carried", idOf("https://x.example/carried"));
    const certificate = idOf("https://x.example/certificates/carried");
    const both = [
      signedBy(deployment, farm, "Operation", harvestOf(lotNamed("carried"), plot)),
      signedBy(deployment, province, "Enrolment", {
        subject: subject.party,
        subjectKey: subject.key,
        roles: ROLES.farmer,
        from: 0,
        until: FOR_EVER,
        content: idOf("a document"),
      }),
      signedBy(deployment, province, "Grant", {
        certificate,
        scheme: 1,
        holder: farm.party,
        area: "0x000000000000",
        quota: 5,
        from: 0,
        until: FOR_EVER,
        content: idOf("another document"),
      }),
      signedBy(deployment, province, "Revocation", { certificate, content: idOf("why") }),
      signedBy(deployment, farm, "Delegation", { agent: province.party, until: 123 }),
      signedBy(deployment, province, "KeyRevocation", {
        subjectKey: subject.key,
        until: 5,
        content: idOf("lost"),
      }),
    ];
    for (const signed of both) await world.relay(TAKERS[signed.name], encodeCall(signed as never));
    const digests: Hex[] = [];
    for (const signed of both) digests.push(await capture(world, store, signed as never));
    await relayUntil(partsOf(world, store), settled(store, digests));
    for (const digest of digests) expect(await stateOf(store, digest)).to.equal("confirmed");
    const blocks = await Promise.all(
      digests.map(
        async (digest) => (await statementByDigest(store.db, digest))?.block?.number ?? 0,
      ),
    );
    expect(blocks).to.deep.equal(blocks.map((_, i) => (blocks[0] ?? 0) + i));
  });

  it("takes nobody's copy of another party's record for taken, which would spoil that one's trails", async () => {
    const { deployment, farm, province } = world;
    const term = { from: 0, until: FOR_EVER, content: idOf("what everybody can read") };
    const [rival, subject, sensor, newcomer] = ["rival", "copied", "sensor", "late"].map((name) =>
      personOf(name, idOf(`https://x.example/${name}`)),
    ) as [Person, Person, Person, Person];
    const enrolment = (of: Person, roles: number, party = of.party) =>
      ({ ...term, subject: party, subjectKey: of.key, roles }) as const;
    const copied = [
      ["Enrolment", enrolment(subject, ROLES.farmer)],
      ["Watch", { ...term, place: idOf("a yard"), device: sensor.key, interval: 60 }],
      ["KeyRevocation", { ...term, subjectKey: subject.key, until: 5 }],
    ] as const;
    const say = (who: Person, [name, said]: (typeof copied)[number]) =>
      signedBy(deployment, who, name, said as never);
    for (const enrolled of [
      enrolment(rival, ROLES.cooperative),
      enrolment(sensor, ROLES.device, farm.party),
    ])
      await world.relay("parties", signedCall(deployment, province, "Enrolment", enrolled));
    for (const each of copied) {
      const owner = each[0] === "Watch" ? farm : province;
      await world.relay("parties", encodeCall(say(owner, each) as never));
    }
    const copies = copied.map((each) => say(rival, each));
    // He hands the copies in, and is faster at the chain himself, with a higher number.
    const faster = enrolment(newcomer, ROLES.farmer);
    await world.relay("parties", signedCall(deployment, rival, "Enrolment", faster));
    const digests: Hex[] = [];
    for (const copy of copies) digests.push(await capture(world, store, copy as never));
    await relayUntil(partsOf(world, store), settled(store, digests));
    for (const digest of digests) expect(await stateOf(store, digest)).to.equal("refused");
  });

  it("refuses a number that stands for something else on chain", async () => {
    const { deployment, farm, plot } = world;
    const first = signedBy(deployment, farm, "Operation", harvestOf(lotNamed("twin 1"), plot));
    farm.number -= 1;
    const second = signedBy(deployment, farm, "Operation", harvestOf(lotNamed("twin 2"), plot));
    await world.relay("lots", encodeCall(first));
    const digest = await capture(world, store, second);
    await relayUntil(partsOf(world, store), settled(store, [digest]));
    const stored = await statementByDigest(store.db, digest);
    expect(parseRefusal(stored?.reason ?? "")?.name).to.equal("PartiesNumberUsed");
  });
});
